import type { Decision, DecisionInput, Obligations, RuleMatch } from "../domain/index.ts";
import {
  type MatchCode,
  matchClasses,
  matchedAnything,
  noMatch,
  unknown,
} from "./match-classes.ts";
import type { Model } from "./model-catalog.ts";
import { joinRedactions, type Leftovers, permitsLeftovers, type Redactions } from "./redactions.ts";
import { defaultMinConfidence, type Rule } from "./rule.ts";
import { type RuleInPlay, rankOf } from "./rules-in-play.ts";
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
  const rules = scope.rulesFor(input.action, model);
  const codes = rules.map((inPlay) => matchRule(inPlay.rule, input));
  const redacting = holding(rules, codes, "redact");
  const redactions = joinRedactions(
    redacting.map(({ rule }) => rule),
    input.data.findings,
  );
  const leftovers = {
    findings: input.data.findings,
    redactions,
    floor: scope.residualFloor,
  };
  checkPermitted(rules, codes, { input, leftovers });
  const evidence = evidenceOf(rules, codes);

  const denying = holding(rules, codes, "deny");
  if (denying.length > 0) return denyBy(denying, evidence);
  if (redacting.length > 0 && input.data.status !== "ok") return denyBy(redacting, evidence);

  const decidedBy = findPermit(scope, { rules, codes, input, model, leftovers });
  if (decidedBy === undefined) return denyWithoutRule("no_permit", evidence);
  return permit(decidedBy, { rules, codes, redactions, evidence });
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

function matchRule({ classes }: Rule, input: DecisionInput): MatchCode {
  if (classes === undefined) return matchedAnything;
  // Left out of this run (policy-model 3.1): there is no answer to read yet.
  if (classes.readsResponseOnly && input.point !== "response") return noMatch;
  return matchClasses(classes, input.data);
}

/** A rule that matched or could not be told, with its specificity. */
interface Holding {
  readonly rule: Rule;
  readonly rank: number;
  readonly code: MatchCode;
}

/** The rules of one effect that are T or E, in the order of policy-model 5.3. */
function holding(
  rules: readonly RuleInPlay[],
  codes: readonly MatchCode[],
  effect: Rule["effect"],
): readonly Holding[] {
  const found: Holding[] = [];
  rules.forEach((inPlay, index) => {
    const code = codes[index] ?? noMatch;
    if (inPlay.rule.effect !== effect || code === noMatch) return;
    found.push({ rule: inPlay.rule, rank: rankOf(inPlay, classScoreOf(code)), code });
  });
  return found.length > 1 ? found.sort(byAuthorityThenRank) : found;
}

function classScoreOf(code: MatchCode): number {
  return Math.max(0, code - 1);
}

function byAuthorityThenRank(a: Holding, b: Holding): number {
  return (
    b.rule.authority - a.rule.authority || b.rank - a.rank || compare(a.rule.name, b.rule.name)
  );
}

/** Rule names are ASCII, so this is their byte order. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

interface PermittedCheck {
  readonly input: DecisionInput;
  readonly leftovers: Leftovers;
}

/** `permitted` is part of an allow rule's match, but can only be told once redactions are joined. */
function checkPermitted(
  rules: readonly RuleInPlay[],
  codes: MatchCode[],
  { input, leftovers }: PermittedCheck,
): void {
  rules.forEach(({ rule: { permitted } }, index) => {
    if (permitted === undefined || codes[index] === noMatch) return;
    if (!permitsLeftovers(permitted, leftovers)) codes[index] = noMatch;
    else if (input.data.status !== "ok") codes[index] = unknown;
  });
}

function evidenceOf(rules: readonly RuleInPlay[], codes: readonly MatchCode[]): Evidence {
  const matched: RuleMatch[] = [];
  let retainDays: number | undefined;
  let controls: Set<string> | undefined;
  rules.forEach((inPlay, index) => {
    const code = codes[index];
    if (code === noMatch) return;
    matched.push(code === unknown ? inPlay.unknown : inPlay.matched);
    const { retainDays: days, controls: ids } = inPlay.rule;
    if (days !== undefined && !(retainDays !== undefined && retainDays >= days)) retainDays = days;
    if (ids.length > 0) controls = new Set([...(controls ?? []), ...ids]);
  });
  return {
    matched,
    controls: controls === undefined ? noNames : [...controls].sort(),
    ...(retainDays === undefined ? {} : { retainDays }),
  };
}

function denyBy(denying: readonly Holding[], evidence: Evidence): Run {
  const primary = denying[0];
  if (primary === undefined) return denyWithoutRule("no_permit", evidence);
  const { rule, code } = primary;
  const others = denying.slice(1).map((other) => other.rule.name);
  // A redact rule denies only where the classification is incomplete. A deny rule in E has no
  // other cause either, as long as findings are the only thing that can be unknown.
  const isUnclassified = rule.effect === "redact" || code === unknown;
  return {
    outcome: "deny",
    verdict: "deny",
    reason: isUnclassified ? "unclassified" : "rule",
    decidedBy: rule.name,
    rules: [rule.name, ...others.sort()],
    obligations: noObligations,
    warnings: noNames,
    ...evidence,
    ...(rule.message === undefined ? {} : { message: rule.message }),
  };
}

interface PermitSearch {
  readonly rules: readonly RuleInPlay[];
  readonly codes: readonly MatchCode[];
  readonly input: DecisionInput;
  readonly model: Model | undefined;
  readonly leftovers: Leftovers;
}

/** Step 8: the most specific allow rule, else the fallback; undefined where nothing permits. */
function findPermit(scope: AppScope, search: PermitSearch): string | undefined {
  const { rules, codes, input, model, leftovers } = search;
  if (model?.permitted !== undefined) {
    const catalog = { classes: model.permitted, minConfidence: defaultMinConfidence };
    if (input.data.status !== "ok" || !permitsLeftovers(catalog, leftovers)) return undefined;
  }
  let winner: string | undefined;
  let winnerRank = -1;
  rules.forEach((inPlay, index) => {
    const code = codes[index] ?? noMatch;
    if (inPlay.rule.effect !== "allow" || code === noMatch || code === unknown) return;
    const rank = rankOf(inPlay, classScoreOf(code));
    // Rules come sorted by name, so of equals the first one stays.
    if (rank <= winnerRank) return;
    winner = inPlay.rule.name;
    winnerRank = rank;
  });
  return winner ?? (scope.fallbackAllows ? "fallback" : undefined);
}

interface Permit {
  readonly rules: readonly RuleInPlay[];
  readonly codes: readonly MatchCode[];
  readonly redactions: Redactions;
  readonly evidence: Evidence;
}

function permit(decidedBy: string, { rules, codes, redactions, evidence }: Permit): Run {
  const obligations =
    redactions.size === 0 ? noObligations : { redact: Object.fromEntries([...redactions].sort()) };
  const warnings = warningsOf(rules, codes);
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

function warningsOf(rules: readonly RuleInPlay[], codes: readonly MatchCode[]): readonly string[] {
  let found: Set<string> | undefined;
  rules.forEach(({ rule }, index) => {
    const code = codes[index] ?? noMatch;
    if (rule.effect !== "warn" || code === noMatch || code === unknown) return;
    found ??= new Set();
    found.add(rule.warning);
  });
  return found === undefined ? noNames : [...found].sort();
}
