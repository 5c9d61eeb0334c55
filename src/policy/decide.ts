import type { Decision, DecisionInput, Obligations, RuleMatch } from "../domain/index.ts";
import { isUnknown, toUnknown } from "./match-code.ts";
import { type HoldingRule, holdingRules } from "./match-rule.ts";
import type { Model } from "./model-catalog.ts";
import { joinRedactions, type Leftovers, permitsLeftovers, type Redactions } from "./redactions.ts";
import { defaultMinConfidence, type Effect } from "./rule.ts";
import { rankOf } from "./rules-in-play.ts";
import type { AppScope } from "./snapshot.ts";

/** The outcome for one candidate model, before routing has its say. */
export type Run = Pick<
  Decision,
  | "outcome"
  | "verdict"
  | "reason"
  | "decidedBy"
  | "rules"
  | "obligations"
  | "warnings"
  | "matched"
  | "message"
  | "retainDays"
  | "controls"
>;

/** Lists and objects that mean nothing are shared, so that most decisions make none. */
export const noNames: readonly string[] = Object.freeze([]);
export const noObligations: Obligations = Object.freeze({});
const noMatches: readonly RuleMatch[] = Object.freeze([]);

/**
 * Steps 4 to 11 of policy-model 5.1 for one candidate, or for none where the action has no model.
 * Pure: reads the scope and the input, nothing else.
 */
export function decide(scope: AppScope, input: DecisionInput, model: Model | undefined): Run {
  const matched = holdingRules(scope.rulesFor(input.action, model), input);
  const redacting = ofEffect(matched, "redact").sort(byAuthorityThenRank);
  const leftovers: Leftovers = {
    findings: input.data.findings,
    redactions: joinRedactions(redacting, input.data.findings),
    taxonomy: scope.taxonomy,
    floor: scope.residualFloor,
  };
  const search: PermitSearch = { input, model, leftovers };
  const holding = withPermitted(matched, search);
  const evidence = evidenceOf(holding);

  const denying = ofEffect(holding, "deny").sort(byAuthorityThenRank);
  if (denying.length > 0) return denyBy(denying, evidence);
  if (redacting.length > 0 && input.data.status !== "ok") return denyBy(redacting, evidence);

  const decidedBy = findPermit(scope, holding, search);
  if (decidedBy === undefined) return denyWithoutRule("no_permit", evidence);
  return permit(decidedBy, { holding, redactions: leftovers.redactions, evidence });
}

/** A deny that no rule stands behind. */
export function denyWithoutRule(reason: string, evidence: Evidence = noEvidence): Run {
  return {
    outcome: "deny",
    verdict: "deny",
    reason,
    decidedBy: null,
    rules: noNames,
    obligations: noObligations,
    warnings: noNames,
    ...evidence,
  };
}

/** What a run says about the rules that were not F, whatever it ends in. */
export type Evidence = Pick<Run, "matched" | "retainDays" | "controls">;

const noEvidence: Evidence = { matched: noMatches, controls: noNames };

function ofEffect(rules: readonly HoldingRule[], effect: Effect): HoldingRule[] {
  return rules.filter(({ inPlay }) => inPlay.rule.effect === effect);
}

/** The order of policy-model 5.3. */
function byAuthorityThenRank(a: HoldingRule, b: HoldingRule): number {
  return (
    b.inPlay.rule.authority - a.inPlay.rule.authority ||
    rankOf(b.inPlay, b.code) - rankOf(a.inPlay, a.code) ||
    compare(a.inPlay.rule.name, b.inPlay.rule.name)
  );
}

/** Rule names are ASCII, so this is their byte order. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

interface PermitSearch {
  readonly input: DecisionInput;
  readonly model: Model | undefined;
  readonly leftovers: Leftovers;
}

/** `permitted` is part of an allow rule's match, but can only be told once redactions are joined. */
function withPermitted(
  matched: readonly HoldingRule[],
  { input, leftovers }: PermitSearch,
): readonly HoldingRule[] {
  const isComplete = input.data.status === "ok";
  // Of most requests nothing is left, so every list fits.
  if (isComplete && input.data.findings.length === 0) return matched;
  const holding: HoldingRule[] = [];
  for (const one of matched) {
    const { permitted } = one.inPlay.rule;
    if (permitted === undefined) holding.push(one);
    else if (permitsLeftovers(permitted, leftovers)) {
      holding.push(isComplete ? one : { inPlay: one.inPlay, code: toUnknown(one.code) });
    }
  }
  return holding;
}

function evidenceOf(holding: readonly HoldingRule[]): Evidence {
  if (holding.length === 0) return noEvidence;
  let retainDays: number | undefined;
  let controls: Set<string> | undefined;
  for (const { inPlay } of holding) {
    const { retainDays: days, controls: ids } = inPlay.rule;
    if (days !== undefined && !(retainDays !== undefined && retainDays >= days)) retainDays = days;
    if (ids.length > 0) controls = new Set([...(controls ?? []), ...ids]);
  }
  return {
    matched: holding.map(({ inPlay, code }) => (isUnknown(code) ? inPlay.unknown : inPlay.matched)),
    controls: controls === undefined ? noNames : [...controls].sort(),
    ...(retainDays === undefined ? {} : { retainDays }),
  };
}

/** `denying` is in the order of policy-model 5.3. */
function denyBy(denying: readonly HoldingRule[], evidence: Evidence): Run {
  const primary = denying[0];
  if (primary === undefined) return denyWithoutRule("no_permit", evidence);
  const { rule } = primary.inPlay;
  const others = denying.slice(1).map(({ inPlay }) => inPlay.rule.name);
  // A redact rule denies only where the classification is incomplete. A deny rule in E has no
  // other cause either, as long as findings are the only thing that can be unknown.
  const isUnclassified = rule.effect === "redact" || isUnknown(primary.code);
  return {
    outcome: "deny",
    verdict: "deny",
    reason: isUnclassified ? "unclassified" : "rule",
    decidedBy: rule.name,
    rules: [rule.name, ...others.sort()],
    obligations: noObligations,
    warnings: noNames,
    ...evidence,
    // Its words are about what it found, and here nobody knows whether that is there.
    ...(isUnclassified || rule.message === undefined ? {} : { message: rule.message }),
  };
}

/** Step 8: the most specific allow rule, else the fallback; undefined where nothing permits. */
function findPermit(
  scope: AppScope,
  holding: readonly HoldingRule[],
  { input, model, leftovers }: PermitSearch,
): string | undefined {
  if (model?.permitted !== undefined) {
    const catalog = { classes: model.permitted, minConfidence: defaultMinConfidence };
    if (input.data.status !== "ok" || !permitsLeftovers(catalog, leftovers)) return undefined;
  }
  let winner: string | undefined;
  let winnerRank = -1;
  for (const { inPlay, code } of holding) {
    if (inPlay.rule.effect !== "allow" || isUnknown(code)) continue;
    const rank = rankOf(inPlay, code);
    // Rules come sorted by name, so of equals the first one stays.
    if (rank <= winnerRank) continue;
    winner = inPlay.rule.name;
    winnerRank = rank;
  }
  return winner ?? (scope.fallbackAllows ? "fallback" : undefined);
}

interface Permit {
  readonly holding: readonly HoldingRule[];
  readonly redactions: Redactions;
  readonly evidence: Evidence;
}

function permit(decidedBy: string, { holding, redactions, evidence }: Permit): Run {
  const obligations =
    redactions.size === 0 ? noObligations : { redact: Object.fromEntries([...redactions].sort()) };
  const warnings = warningsOf(holding);
  return {
    outcome: "permit",
    verdict: redactions.size > 0 ? "redact" : warnings.length > 0 ? "warn" : "allow",
    reason: null,
    decidedBy,
    rules: noNames,
    obligations,
    warnings,
    ...evidence,
  };
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
