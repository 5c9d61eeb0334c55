import type {
  Decision,
  DecisionInput,
  Obligations,
  RuleMatch,
  RuleTrace,
} from "../../domain/index.ts";
import { findBreach } from "../compile/boundaries.ts";
import type { Model } from "../compile/model-catalog.ts";
import { defaultMinConfidence, type RouteTerms, type Transform } from "../compile/rule.ts";
import { causeOf, isUnknown } from "../match/match-code.ts";
import { rankOf } from "../match/specificity.ts";
import type { Edition } from "../snapshot/edition.ts";
import type { AppScope } from "../snapshot/snapshot.ts";
import { type HoldingRule, type HoldingRules, holdingRules } from "./match-rule.ts";
import { sourcesOf } from "./obligation-sources.ts";
import { joinAudit, retainDaysOf, unite } from "./obligations.ts";
import { inOrder } from "./precedence.ts";
import { joinRedactions, type Leftovers, permitsLeftovers } from "./redactions.ts";
import { createRunFacts, type RunFacts, type RunMemo } from "./run-facts.ts";
import { settlePermits } from "./settle-permits.ts";
import { traceRules } from "./trace-rules.ts";
import { isContradictory, type JoinedTransforms, joinTransforms } from "./transforms.ts";

export { newMemo, type RunMemo } from "./run-facts.ts";

/** The outcome for one candidate model, before routing and quotas have their say. */
export interface Run
  extends Pick<
    Decision,
    | "outcome"
    | "verdict"
    | "reason"
    | "decidedBy"
    | "rules"
    | "obligations"
    | "warnings"
    | "lifted"
    | "matched"
    | "message"
    | "retainDays"
    | "controls"
    | "evaluated"
    | "sources"
  > {
  /** A rule that could not be told was dropped by `onError: FailOpen` (policy-model 5.4). */
  readonly isFailOpen: boolean;
  /** The permit that won: its terms, and how specific it is (the fallback: -1); undefined on a deny. */
  readonly winner: { readonly rank: number; readonly route: RouteTerms | undefined } | undefined;
  /** The only models it may go to, sorted; undefined: any. Empty: none is left. */
  readonly routeOnly: readonly string[] | undefined;
}

export interface DecideOptions {
  /** True: say of each rule on the path why it was what it was. */
  readonly trace?: boolean;
  /** So that a condition that does not read `model` is evaluated once for all candidates. */
  readonly memo?: RunMemo;
}

/** Lists and objects that mean nothing are shared, so that most decisions make none. */
export const noNames: readonly string[] = Object.freeze([]);
export const noObligations: Obligations = Object.freeze({});
const noMatches: readonly RuleMatch[] = Object.freeze([]);
const nothingLifted: Decision["lifted"] = Object.freeze([]);
const noTransforms: JoinedTransforms = Object.freeze({
  obligations: noObligations,
  routeOnly: undefined,
  requireApproval: undefined,
});

/**
 * Steps 3 to 9 of policy-model 5.1 for one candidate, or for none where the action has no model.
 * Pure: reads the scope, the input and the edition, and keeps nothing but the memo.
 */
export function decide(
  scope: AppScope,
  input: DecisionInput,
  model: Model | undefined,
  edition: Edition,
  options: DecideOptions = {},
): Run {
  const breach = findBreach(scope.boundaries, input, { model, taxonomy: scope.taxonomy });
  if (breach !== undefined) return denyWithoutRule(breach.reason, noEvidence, breach.by);

  const facts = createRunFacts(scope, input, { model, memo: options.memo });
  const found = holdingRules(scope.rulesFor(input.action, model, edition), facts);
  const redacting = inOrder(found.holding, "redact");
  const leftovers: Leftovers = {
    findings: input.data.findings,
    redactions: joinRedactions(redacting, input.data.findings),
    taxonomy: scope.taxonomy,
    floor: scope.residualFloor,
    isComplete: input.data.status === "ok",
  };
  const holding = settlePermits(found.holding, facts, leftovers);
  const evaluated = options.trace ? traceRules({ facts, edition, leftovers }) : undefined;
  const evidence = evidenceOf(holding, found, evaluated);
  return conclude({ facts, holding, redacting, leftovers, evidence, found });
}

/** All that the steps from 6 on go by. */
interface Findings {
  readonly facts: RunFacts;
  /** Not F, not lifted, `permitted` included. */
  readonly holding: readonly HoldingRule[];
  /** Those that redact, in the order of policy-model 5.3. */
  readonly redacting: readonly HoldingRule[];
  readonly leftovers: Leftovers;
  readonly evidence: Evidence;
  readonly found: HoldingRules;
}

/** Steps 6 to 9: the first that denies gives the reason. */
function conclude(findings: Findings): Run {
  const { holding, redacting, leftovers, evidence } = findings;
  const denying = inOrder(holding, "deny");
  if (denying.length > 0) return denyBy(denying, reasonOf(denying[0]), evidence);
  if (redacting.length > 0 && !leftovers.isComplete) {
    return denyBy(redacting, "unclassified", evidence);
  }
  const winner = findPermit(findings);
  if (winner === undefined) return denyWithoutRule("no_permit", evidence);
  const transforming = inOrder(holding, "transform");
  if (transforming.length === 0) return permit(winner, noTransforms, findings);
  const failing = transforming.filter(({ code }) => isUnknown(code));
  if (failing.length > 0) return denyBy(failing, "transform_error", evidence);
  const joined = joinTransforms(transforming.flatMap(transformOf));
  const bounds = Object.values(joined.obligations.params ?? {});
  if (bounds.some(isContradictory)) return denyWithoutRule("obligation_conflict", evidence);
  if (joined.requireApproval !== undefined && lacksApproval(findings)) {
    const asking = transforming.filter((one) => transformOf(one).some(asksForApproval));
    return denyBy(asking, "approval_required", evidence);
  }
  const run = permit(winner, joined, findings);
  const sources = sourcesOf(transforming);
  return sources === undefined ? run : { ...run, sources };
}

/** A deny that no rule stands behind. */
export function denyWithoutRule(
  reason: string,
  evidence: Evidence = noEvidence,
  decidedBy: string | null = null,
): Run {
  return {
    ...evidence,
    outcome: "deny",
    verdict: "deny",
    reason,
    decidedBy,
    rules: noNames,
    obligations: noObligations,
    warnings: noNames,
    winner: undefined,
    routeOnly: undefined,
  };
}

/** What a run says about the rules that were not F, whatever it ends in. */
export type Evidence = Pick<
  Run,
  "matched" | "lifted" | "retainDays" | "controls" | "isFailOpen" | "evaluated"
>;

const noEvidence: Evidence = {
  matched: noMatches,
  lifted: nothingLifted,
  controls: noNames,
  isFailOpen: false,
};

function evidenceOf(
  holding: readonly HoldingRule[],
  { lifted, dropped }: HoldingRules,
  evaluated: readonly RuleTrace[] | undefined,
): Evidence {
  if (holding.length === 0 && lifted.length === 0 && dropped.length === 0) {
    return evaluated === undefined ? noEvidence : { ...noEvidence, evaluated };
  }
  const matched = holding.map(toMatch);
  const evidence = {
    matched: dropped.length === 0 ? matched : [...matched, ...dropped.map(toMatch)].sort(byId),
    lifted,
    controls: unite(holding, controlsOf, noNames),
    isFailOpen: dropped.length > 0,
  };
  const retainDays = retainDaysOf(holding);
  if (retainDays === undefined && evaluated === undefined) return evidence;
  return {
    ...evidence,
    ...(retainDays === undefined ? undefined : { retainDays }),
    ...(evaluated === undefined ? undefined : { evaluated }),
  };
}

function controlsOf({ inPlay }: HoldingRule): readonly string[] {
  return inPlay.rule.controls;
}

function toMatch({ inPlay, code }: HoldingRule): RuleMatch {
  return isUnknown(code) ? inPlay.unknown : inPlay.matched;
}

function byId(a: RuleMatch, b: RuleMatch): number {
  return a.id < b.id ? -1 : Number(a.id > b.id);
}

type RuleReason =
  | "rule"
  | "unclassified"
  | "condition_error"
  | "transform_error"
  | "approval_required";

function reasonOf(primary: HoldingRule | undefined): RuleReason {
  return primary !== undefined && isUnknown(primary.code) ? causeOf(primary.code) : "rule";
}

/** `denying` is in the order of policy-model 5.3, and not empty. */
function denyBy(denying: readonly HoldingRule[], reason: RuleReason, evidence: Evidence): Run {
  const names = denying.map(({ inPlay }) => inPlay.rule.name);
  const [primary = null, ...others] = names;
  const message = denying[0]?.inPlay.rule.message;
  // Its words are about what it found, and where that could not be told nobody knows whether it is there.
  const isTold = reason === "rule" || reason === "approval_required";
  return {
    ...denyWithoutRule(reason, evidence, primary),
    rules: primary === null ? noNames : [primary, ...others.sort()],
    ...(isTold && message !== undefined ? { message } : undefined),
  };
}

interface Winner {
  readonly decidedBy: string;
  readonly rank: number;
  readonly route: RouteTerms | undefined;
}

const fallback: Winner = Object.freeze({ decidedBy: "fallback", rank: -1, route: undefined });

/** Step 8: the most specific allow rule, else the fallback; undefined where nothing permits. */
function findPermit({ facts, holding, leftovers }: Findings): Winner | undefined {
  const { model, scope } = facts;
  if (model?.permitted !== undefined) {
    const catalog = { classes: model.permitted, minConfidence: defaultMinConfidence };
    if (!leftovers.isComplete || !permitsLeftovers(catalog, leftovers)) return undefined;
  }
  let best: HoldingRule | undefined;
  let bestRank = -1;
  for (const one of holding) {
    if (one.inPlay.rule.effect !== "allow" || isUnknown(one.code)) continue;
    const rank = rankOf(one.inPlay, one.code);
    // Rules come sorted by name, so of equals the first one stays.
    if (rank <= bestRank) continue;
    best = one;
    bestRank = rank;
  }
  if (best === undefined) return scope.fallbackAllows ? fallback : undefined;
  const { name, route } = best.inPlay.rule;
  return { decidedBy: name, rank: bestRank, route };
}

function transformOf({ inPlay }: HoldingRule): readonly Transform[] {
  return inPlay.rule.transform === undefined ? [] : [inPlay.rule.transform];
}

function asksForApproval({ requireApproval }: Transform): boolean {
  return requireApproval !== undefined;
}

/** Only calls are approved; that a tool is listed or answers needs nobody's consent. */
function lacksApproval({ facts: { input } }: Findings): boolean {
  return input.action === "tool.call" && input.tool?.approved !== true;
}

function permit(
  { decidedBy, rank, route }: Winner,
  transforms: JoinedTransforms,
  { holding, leftovers: { redactions }, evidence }: Findings,
): Run {
  const warnings = warningsOf(holding);
  const audit = joinAudit(holding);
  const quotas = unite(holding, quotasOf, noNames);
  const isPlain = redactions.size === 0 && audit === undefined && quotas.length === 0;
  const obligations = isPlain
    ? transforms.obligations
    : {
        ...(redactions.size === 0
          ? undefined
          : { redact: Object.fromEntries([...redactions].sort()) }),
        ...transforms.obligations,
        ...(audit === undefined ? undefined : { audit }),
        ...(quotas.length === 0 ? undefined : { quotas }),
      };
  return {
    ...evidence,
    outcome: "permit",
    verdict: verdictOf({ evidence, redactions, transforms, warnings }),
    reason: null,
    decidedBy,
    rules: noNames,
    obligations,
    warnings,
    winner: { rank, route },
    routeOnly: transforms.routeOnly,
  };
}

function quotasOf({ inPlay, code }: HoldingRule): readonly string[] {
  return isUnknown(code) ? noNames : inPlay.rule.quotas;
}

/** The first label that applies (policy-model 12.1). */
function verdictOf(outcome: {
  readonly evidence: Evidence;
  readonly redactions: Leftovers["redactions"];
  readonly transforms: JoinedTransforms;
  readonly warnings: readonly string[];
}): Run["verdict"] {
  if (outcome.evidence.isFailOpen) return "fail_open";
  if (outcome.redactions.size > 0) return "redact";
  if (outcome.transforms !== noTransforms) return "transform";
  return outcome.warnings.length > 0 ? "warn" : "allow";
}

function warningsOf(holding: readonly HoldingRule[]): readonly string[] {
  let found: Set<string> | undefined;
  for (const { inPlay, code } of holding) {
    if (inPlay.rule.effect !== "warn" || isUnknown(code)) continue;
    found ??= new Set();
    found.add(inPlay.rule.warning);
  }
  return found === undefined ? noNames : [...found].sort();
}
