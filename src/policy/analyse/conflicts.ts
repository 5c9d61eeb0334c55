import type { Problem } from "../../base/index.ts";
import type { DecisionInput } from "../../domain/index.ts";
import { KillSwitches } from "../compile/kill-switches.ts";
import type { Rule } from "../compile/rule.ts";
import { evaluate } from "../decide/evaluate.ts";
import { isContradictory } from "../decide/transforms.ts";
import type { Analysis } from "./analysis.ts";
import { contests } from "./contest.ts";
import { requestsFor } from "./example-request.ts";
import type { RuleReach } from "./path-table.ts";
import { spreadOver } from "./spread.ts";
import { refusesAll } from "./unreachable.ts";

/** Pairs of rules that are tried out; beyond it they are thinned out evenly, and that is said. */
export const pairsMax = 2000;
/** What the hint of a finding ends with where there may be more of its kind. */
export const notAllTried = " The search did not try everything.";
/** Pairs that are looked at as to whether they are worth trying. */
const candidatesMax = 50_000;
/** Requests tried for one pair. */
const triesMax = 64;
/** Paths of one pair that are looked at. */
const pathsOfPairMax = 12;

/**
 * Finds rules of different layers that contradict each other where both match, W13 (policy-model 11):
 * a permit and a deny that speak of the same things, and transforms that ask for different values.
 * Each comes with a request for which the engine says that both match.
 */
export function findConflicts(analysis: Analysis): readonly Problem[] {
  const pairs = [
    ...firstOf(contestedPairs(analysis), candidatesMax),
    ...firstOf(differingPairs(analysis), candidatesMax),
  ];
  const { indexes, isExhaustive } = spreadOver(pairs.length, pairsMax);
  const found = [...indexes].flatMap((index) => withExample(pairs[index], analysis));
  const bound = isExhaustive && analysis.table.isExhaustive ? "" : notAllTried;
  // A rule that contradicts many is told once, by the first of them.
  const byRule = Map.groupBy(found, ({ at, kind }) => `${at.rule.name} ${kind}`);
  return [...byRule.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const { at, other, kind, example } = first;
    const more = others.length === 0 ? "" : ` and ${others.length} more`;
    const what = `${kind} \`${other.rule.name}\`${more} where both match`;
    return analysis.sites.warn(at.rule, {
      code: "W13",
      message: `${what}${hinge([at.rule, other.rule])}; for instance ${JSON.stringify(example)}`,
      hint: `Make one of them narrower, so that it is plain which of them holds.${bound}`,
    });
  });
}

function firstOf(pairs: Iterable<Pair>, most: number): readonly Pair[] {
  const first: Pair[] = [];
  for (const pair of pairs) {
    if (first.length === most) break;
    first.push(pair);
  }
  return first;
}

interface Pair {
  /** Where it is told. */
  readonly at: RuleReach;
  readonly other: RuleReach;
  /** What it does to the other. */
  readonly kind: string;
}

function withExample(pair: Pair | undefined, analysis: Analysis) {
  if (pair === undefined) return [];
  const example = exampleFor([pair.at, pair.other], analysis);
  return example === undefined ? [] : [{ ...pair, example }];
}

function* contestedPairs(analysis: Analysis): Generator<Pair> {
  const { reaches } = analysis.table;
  const allows = reaches.filter(({ rule }) => rule.effect === "allow");
  const denies = reaches.filter(({ rule }) => rule.effect === "deny");
  for (const allow of allows) {
    for (const deny of denies) {
      if (!isContest(allow, deny, analysis)) continue;
      yield allow.rule.authority <= deny.rule.authority
        ? { at: allow, other: deny, kind: "is beaten by" }
        : { at: deny, other: allow, kind: "beats" };
    }
  }
}

function isContest(allow: RuleReach, deny: RuleReach, analysis: Analysis): boolean {
  const isApart =
    allow.rule.layer !== deny.rule.layer || allow.rule.authority !== deny.rule.authority;
  return (
    isApart &&
    allow.reached.meets(deny.reached) &&
    contests(allow, deny, analysis) &&
    !refusesAll(deny, allow, analysis)
  );
}

function* differingPairs({ table: { reaches } }: Analysis): Generator<Pair> {
  const transforms = reaches.filter(({ rule }) => rule.effect === "transform");
  for (const [index, a] of transforms.entries()) {
    for (const b of transforms.slice(index + 1)) {
      const part = differsIn(a.rule, b.rule);
      if (part === undefined || !a.reached.meets(b.reached)) continue;
      const [at, other] = a.rule.authority < b.rule.authority ? [a, b] : [b, a];
      yield { at, other, kind: `asks for another ${part} than` };
    }
  }
}

function differsIn({ transform: a }: Rule, { transform: b }: Rule): string | undefined {
  if (a === undefined || b === undefined) return undefined;
  const params = Object.keys(a.params).find((name) => {
    const [one, two] = [a.params[name], b.params[name]];
    if (one === undefined || two === undefined) return false;
    const areDifferent =
      one.value !== undefined && two.value !== undefined && one.value !== two.value;
    // Floors and caps join; only where no value is left between them is it a conflict.
    return (
      areDifferent || isContradictory({ ...two, ...one }) || isContradictory({ ...one, ...two })
    );
  });
  if (params !== undefined) return `\`params.${params}\``;
  const header = Object.keys(a.headers).find(
    (name) => b.headers[name] !== undefined && b.headers[name] !== a.headers[name],
  );
  return header === undefined ? undefined : `header \`${header}\``;
}

const noSwitches = new KillSwitches([]);

/** A request for which both rules match, whatever else there is; conditions hold. */
export function exampleFor(
  [a, b]: readonly [RuleReach, RuleReach],
  { table, policies }: Analysis,
): DecisionInput | undefined {
  const paths = table.paths
    .filter((_path, index) => a.reached.has(index) && b.reached.has(index))
    .slice(0, pathsOfPairMax);
  policies.outcomes.choose(new Map(conditionsOf([a.rule, b.rule]).map((one) => [one, "T"])), "F");
  return paths
    .flatMap((path) => requestsFor(path, [a.rule, b.rule]))
    .slice(0, triesMax)
    .find((input) => {
      const options = { trace: true, shadow: false, killSwitches: noSwitches };
      const { evaluated = [] } = evaluate(policies.snapshot, input, options);
      return [a, b].every(({ rule }) =>
        evaluated.some(({ rule: name, match }) => name === rule.name && match === "T"),
      );
    });
}

function conditionsOf(rules: readonly Rule[]): readonly string[] {
  return rules.flatMap(({ conditions }) => conditions.map(({ expression }) => expression));
}

/** What a finding says where it holds only as conditions turn out. */
export function hinge(rules: readonly Rule[]): string {
  const names = new Set(rules.flatMap(({ conditions }) => conditions.map(({ name }) => name)));
  if (names.size === 0) return "";
  const list = [...names].map((name) => `\`${name}\``).join(" and ");
  return `, if ${list} can hold together with the rest`;
}
