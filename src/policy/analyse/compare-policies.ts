import type { Decision, DecisionInput } from "../../domain/index.ts";
import { evaluate } from "../decide/evaluate.ts";
import { isTransition, isWidening } from "../decide/transitions.ts";
import type { PolicyDocument } from "../documents/document.ts";
import type { Truth } from "../expression/index.ts";
import { type AnalysedPolicies, compileForAnalysis } from "./analysed-policies.ts";
import { ChosenOutcomes } from "./chosen-outcomes.ts";
import { cornerPoints } from "./corner-points.ts";

/** One kind of request that two versions of policies decide differently, by its first example. */
export interface Transition {
  readonly input: DecisionInput;
  readonly before: Decision;
  readonly after: Decision;
  /** A deny became a permit, or a redaction was lost or became weaker (policy-model 11, W15). */
  readonly isWider: boolean;
  /** Conditions it hinges on, by their text, with how they end; empty: it needs none of them. */
  readonly conditions: Readonly<Record<string, Truth>>;
}

/** What the search found. */
export interface Comparison {
  /** In the order met; one of each kind for each app and action. */
  readonly transitions: readonly Transition[];
  /** Requests decided, those with several outcomes of conditions once. */
  readonly tried: number;
  /** False: there were more corner points than are tried; those tried are spread over all. */
  readonly isExhaustive: boolean;
}

/** Decisions of each version at most, and rules tested in all of them together. */
const decisionsMax = 60_000;
const rulesTestedMax = 20_000_000;

/**
 * Compares two versions of policies without errors by search over their corner points (policy-model
 * 11, W15): both decide each of them, with all conditions true, false and in error, and with one of
 * them, in turn, unlike the others. Counterfactuals are left out, since they change nothing for anybody.
 */
export function comparePolicies(
  before: readonly PolicyDocument[],
  after: readonly PolicyDocument[],
): Comparison {
  const outcomes = new ChosenOutcomes();
  const old = compileForAnalysis(before, outcomes);
  const next = compileForAnalysis(after, outcomes);
  const search: Search = { old, next, outcomes, conditions: conditionsOf([old, next]) };
  const rules = Math.max(old.form.rules.length, next.form.rules.length, 1);
  const decisions = Math.min(decisionsMax, rulesTestedMax / rules);
  const points = cornerPoints([old, next], Math.ceil(decisions / choicesMax));
  const found = new Map<string, Transition>();
  let tried = 0;
  for (const input of points.inputs) {
    tried += 1;
    for (const choice of choicesOf(search.conditions, tried)) {
      const pair = decideBoth(search, input, choice);
      if (!isTransition(pair.before, pair.after)) continue;
      const isWider = isWidening(pair.before, pair.after);
      const key = kindOf(input, pair, isWider);
      if (found.has(key)) continue;
      const conditions = hingesOf(search, { input, choice, isWider });
      found.set(key, { input, ...pair, isWider, conditions });
    }
  }
  return { transitions: [...found.values()], tried, isExhaustive: points.isExhaustive };
}

interface Search {
  readonly old: AnalysedPolicies;
  readonly next: AnalysedPolicies;
  readonly outcomes: ChosenOutcomes;
  /** Texts, each once. */
  readonly conditions: readonly string[];
}

/** How all conditions end. */
interface Choice {
  readonly chosen: ReadonlyMap<string, Truth>;
  readonly others: Truth;
}

const noneChosen: ReadonlyMap<string, Truth> = new Map();
const allAlike = (["T", "F", "E"] as const).map((others) => ({ chosen: noneChosen, others }));
const choicesMax = allAlike.length + 2;

/** All alike, and one that differs from the others, each in its turn. */
function choicesOf(conditions: readonly string[], turn: number): readonly Choice[] {
  const single = conditions[turn % conditions.length];
  if (single === undefined) return allAlike.slice(0, 1);
  if (conditions.length === 1) return allAlike;
  return [
    ...allAlike,
    { chosen: new Map([[single, "F"]]), others: "T" },
    { chosen: new Map([[single, "T"]]), others: "F" },
  ];
}

function conditionsOf(versions: readonly AnalysedPolicies[]): readonly string[] {
  const rules = versions.flatMap(({ form }) => form.rules);
  const texts = rules.flatMap(({ conditions }) => conditions.map(({ expression }) => expression));
  return [...new Set(texts)].sort();
}

interface Pair {
  readonly before: Decision;
  readonly after: Decision;
}

function decideBoth({ old, next, outcomes }: Search, input: DecisionInput, choice: Choice): Pair {
  outcomes.choose(choice.chosen, choice.others);
  const options = { shadow: false };
  return {
    before: evaluate(old.snapshot, input, options),
    after: evaluate(next.snapshot, input, options),
  };
}

/** Of transitions that are alike one is told. */
function kindOf(input: DecisionInput, { before, after }: Pair, isWider: boolean): string {
  const { tenant, app, action, point } = input;
  const decisions = [before, after].map(({ verdict, reason, decidedBy, model, obligations }) => [
    [verdict, reason, decidedBy, model.used],
    Object.values(obligations.redact ?? {}).map(({ method, by }) => [method, by]),
  ]);
  return JSON.stringify([tenant, app, action, point, isWider, decisions]);
}

interface Found {
  readonly input: DecisionInput;
  readonly choice: Choice;
  readonly isWider: boolean;
}

/** The conditions without whose outcome the same request would not change in the same way. */
function hingesOf(search: Search, { input, choice, isWider }: Found): Transition["conditions"] {
  const hinges: Record<string, Truth> = {};
  for (const condition of search.conditions) {
    const truth = choice.chosen.get(condition) ?? choice.others;
    const others = (["T", "F", "E"] as const).filter((one) => one !== truth);
    const isFree = others.every((other) => {
      const chosen = new Map([...choice.chosen, [condition, other] as const]);
      const pair = decideBoth(search, input, { chosen, others: choice.others });
      return (
        isTransition(pair.before, pair.after) && isWidening(pair.before, pair.after) === isWider
      );
    });
    if (!isFree) hinges[condition] = truth;
  }
  return hinges;
}
