import type { Decision, DecisionInput } from "../../domain/index.ts";
import type { KillSwitches } from "../compile/kill-switches.ts";
import type { Edition } from "../snapshot/edition.ts";
import type { AppScope, Snapshot } from "../snapshot/snapshot.ts";
import { denyWithoutRule, newMemo, type RunMemo } from "./decide.ts";
import { type Editions, editionsFor } from "./editions.ts";
import { HiddenNotes, type HiddenParts } from "./hidden-parts.ts";
import { tryRamps } from "./ramp-trials.ts";
import { callerTestIn, noHops, type Question, type Ruling, ruleOn, stoppedBy } from "./routing.ts";
import { compareWithShadow, endsBeforeRules } from "./shadow.ts";
import { targetOf } from "./target-of.ts";

/** What a decision is made with besides policies and facts. */
export interface EvaluateOptions {
  /** All that count now; absent: those among the snapshot's documents. */
  readonly killSwitches?: KillSwitches;
  /** True: say of each rule on the path why it was what it was. */
  readonly trace?: boolean;
  /** False: leave the counterfactual out, which costs as much as the decision itself. */
  readonly shadow?: boolean;
  /** Full names of rollouts that are at 0 percent for now, whatever their step says. */
  readonly suspendedRollouts?: ReadonlySet<string> | undefined;
  /** Knows what the input does not hold; absent: the input is whole. */
  readonly hidden?: HiddenParts | undefined;
}

/**
 * Decides one input (policy-model 5.1, 7 and 8). Total, pure and deterministic: for any input it
 * returns a decision, and it reads nothing but the snapshot, the input and the options given.
 */
export function evaluate(
  snapshot: Snapshot,
  input: DecisionInput,
  options: EvaluateOptions = {},
): Decision {
  const { effective } = snapshot.versionsFor(input.tenant);
  const scope = resolve(snapshot, input);
  if (scope === undefined) return toDecision(unresolved, { effective, input });
  const killSwitches = options.killSwitches ?? snapshot.killSwitches;
  const { hidden, suspendedRollouts: suspended } = options;
  const memo = newMemo(hidden);
  const stop = killSwitches.isEmpty ? undefined : killSwitches.stops(input, callerTestIn(memo));
  if (stop !== undefined)
    return toDecision(stopped(stop), { effective, input, results: resultsIn(memo) });
  const editions = editionsFor(scope, input, { hidden, suspended });
  const ask = (edition: Edition, trace: boolean): Question => ({
    scope,
    input,
    edition,
    killSwitches,
    options: { trace, memo: edition === editions.enforced ? memo : newMemo(memo.hidden) },
  });
  const question = ask(editions.enforced, options.trace ?? false);
  const ruling = ruleOn(question);
  const shadow = options.shadow === false ? null : shadowOf(question, { ruling, editions, ask });
  const results = resultsIn(memo);
  const frame = { effective, input, shadow, isObserved: isObserved(question), editions, results };
  if (shadow === null) return toDecision(ruling, frame);
  const parts = { ruling, editions, counterfactual: shadow };
  const ramps = tryRamps({ ...parts, ask: (edition) => ask(edition, false) });
  return toDecision(ruling, { ...frame, ramps });
}

/** Step 1: tenant, app and principal must be there, the first two declared. */
function resolve(snapshot: Snapshot, input: DecisionInput): AppScope | undefined {
  const { tenant, app, principal } = input;
  if (tenant === undefined || app === undefined || principal === undefined) return undefined;
  return snapshot.scopeOf(tenant, app);
}

const unresolved = withoutModel({ run: denyWithoutRule("identity_unresolved") });

function stopped(name: string): Ruling {
  return withoutModel({ run: stoppedBy(name) });
}

function withoutModel({ run }: Pick<Ruling, "run">): Ruling {
  return { run, model: undefined, hops: noHops, isRouted: false };
}

interface ShadowParts {
  readonly ruling: Ruling;
  readonly editions: Editions;
  readonly ask: (edition: Edition, trace: boolean) => Question;
}

/** The whole decision over again, as it would be with what is tried out in force. */
function shadowOf(question: Question, { ruling, editions, ask }: ShadowParts): Decision["shadow"] {
  const { counterfactual: edition } = editions;
  if (edition === undefined || endsBeforeRules(ruling)) return null;
  const asked = ask(edition, false);
  const counterfactual = ruleOn(asked);
  const { memo } = question.options;
  // What is tried out may be the first to read what no record holds.
  if (memo !== undefined) memo.hidden ??= asked.options.memo?.hidden;
  return compareWithShadow(question, ruling, { edition, ruling: counterfactual });
}

/**
 * Whether the platform only watches. Not where a kill switch bears on the models asked for: it acts,
 * and it can act only by what was decided.
 */
function isObserved({ scope, input, killSwitches }: Question): boolean {
  const { observedUntilMs } = scope;
  if (observedUntilMs === undefined || !(Date.parse(input.time) < observedUntilMs)) return false;
  if (killSwitches.isEmpty) return true;
  const choice = scope.models.choose(input.model ?? "");
  const models =
    choice?.kind === "alias" ? choice.members : choice === undefined ? [] : [choice.model];
  return models.every((model) => killSwitches.stopsModel(model, input.tenant) === undefined);
}

interface Frame {
  readonly effective: string;
  readonly input: DecisionInput;
  readonly shadow?: Decision["shadow"];
  readonly isObserved?: boolean;
  readonly editions?: Editions;
  readonly ramps?: Decision["ramps"];
  readonly results?: Pick<Decision, "results"> | undefined;
}

function toDecision({ run, model, hops, isRouted }: Ruling, frame: Frame): Decision {
  const { message, retainDays, evaluated } = run;
  const { buckets, suspended } = frame.editions ?? {};
  const used = run.outcome === "permit" ? model : undefined;
  return {
    outcome: run.outcome,
    verdict: run.verdict,
    reason: run.reason,
    decidedBy: run.decidedBy,
    rules: run.rules,
    model: { requested: frame.input.model ?? null, used: used?.id ?? null },
    obligations: run.obligations,
    warnings: run.warnings,
    lifted: run.lifted,
    shadow: frame.shadow ?? null,
    hops,
    effective: frame.effective,
    matched: run.matched,
    controls: run.controls,
    ...(message === undefined ? undefined : { message }),
    ...(retainDays === undefined ? undefined : { retainDays }),
    ...(run.sources === undefined ? undefined : { sources: run.sources }),
    ...(evaluated === undefined ? undefined : { evaluated }),
    ...(frame.isObserved ? { isObserved: true as const } : undefined),
    ...(buckets === undefined ? undefined : { buckets }),
    ...(suspended === undefined ? undefined : { suspended }),
    ...(frame.ramps === undefined ? undefined : { ramps: frame.ramps }),
    ...frame.results,
    ...(isRouted && used !== undefined ? { target: targetOf(used) } : undefined),
  };
}

/** How what no record holds turned out; undefined where nothing of it was T or E. */
function resultsIn({ hidden: notes }: RunMemo): Pick<Decision, "results"> | undefined {
  if (!(notes instanceof HiddenNotes) || notes.results.size === 0) return undefined;
  const sorted = [...notes.results].sort(([a], [b]) => (a < b ? -1 : 1));
  return { results: Object.fromEntries(sorted) };
}
