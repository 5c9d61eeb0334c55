import type { Decision, Redaction, ShadowChange, ShadowDecision } from "../../domain/index.ts";
import type { Rule } from "../compile/rule.ts";
import type { Edition } from "../snapshot/edition.ts";
import type { Question, Ruling } from "./routing.ts";

/** Whether steps 1 to 3 of policy-model 5.1 ended a decision: then nothing in shadow can change it. */
export function endsBeforeRules({ run }: Ruling): boolean {
  if (run.reason === "outside_boundary") return true;
  // A boundary denies without any rule; whatever else is unclassified, a rule stands behind.
  return run.reason === "unclassified" && run.rules.length === 0;
}

/** What is recorded of the counterfactual beside the decision that is enforced (policy-model 7). */
export function compareWithShadow(
  question: Question,
  enforced: Ruling,
  { edition, ruling }: { readonly edition: Edition; readonly ruling: Ruling },
): ShadowDecision {
  const { verdict, reason } = ruling.run;
  const [now, then] = [partsOf(enforced), partsOf(ruling)];
  const changes = changesBetween(now, then);
  return {
    verdict,
    reason,
    changed: changes.length > 0 || !isSameOtherwise(now, then),
    ...(changes.length === 0 ? undefined : { changes }),
    rules: rulesNotInForce(question, { edition, ruling }),
  };
}

/** All of a decision that counts as a change, so that two of them can be compared part by part. */
interface Parts {
  readonly outcome: Decision["outcome"];
  readonly verdict: Decision["verdict"];
  readonly reason: string | null;
  readonly used: string | null;
  readonly redact: string;
  readonly params: string;
}

function partsOf({ run, model }: Ruling): Parts {
  const { outcome, verdict, reason, obligations } = run;
  return {
    outcome,
    verdict,
    reason,
    used: (outcome === "permit" ? model?.id : undefined) ?? null,
    redact: JSON.stringify(sortedEntries(obligations.redact, withoutOwner)),
    params: JSON.stringify(
      sortedEntries(obligations.params, ({ max, min, value }) => [max, min, value]),
    ),
  };
}

/** A deny has neither redactions nor a model, so where one is involved it says it all. */
function changesBetween(now: Parts, then: Parts): readonly ShadowChange[] {
  if (now.outcome !== then.outcome) {
    return [then.outcome === "deny" ? "permit_to_deny" : "deny_to_permit"];
  }
  const changes: ShadowChange[] = [];
  if (now.redact !== then.redact) changes.push("redaction");
  if (now.used !== then.used) changes.push("route");
  return changes;
}

function isSameOtherwise(now: Parts, then: Parts): boolean {
  return now.verdict === then.verdict && now.reason === then.reason && now.params === then.params;
}

function sortedEntries<Value>(
  record: Readonly<Record<string, Value>> | undefined,
  toText: (value: Value) => unknown,
): readonly (readonly [string, unknown])[] {
  return Object.entries(record ?? {})
    .map(([name, value]) => [name, toText(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Whose redaction it is does not change what is edited. */
function withoutOwner({ method, directions, in: places }: Redaction): unknown {
  return [method, directions, places];
}

/** Names of rules that matched in the counterfactual and are not in force as they stand there. */
function rulesNotInForce(
  { scope, input, edition: inForce }: Question,
  { edition, ruling }: { readonly edition: Edition; readonly ruling: Ruling },
): readonly string[] {
  const { model } = ruling;
  const matched: ReadonlySet<Decision["matched"][number]> = new Set(ruling.run.matched);
  if (matched.size === 0) return [];
  const enforced = new Map(
    scope.rulesFor(input.action, model, inForce).map(({ rule }) => [rule.name, rule]),
  );
  return scope
    .rulesFor(input.action, model, edition)
    .filter((one) => matched.has(one.matched) || matched.has(one.unknown))
    .map(({ rule }) => rule)
    .filter((rule) => !isSame(rule, enforced.get(rule.name)))
    .map(({ name }) => name)
    .toSorted();
}

/** Most rules of two versions of a policy are the same, and then the rule is in force. */
function isSame(rule: Rule, other: Rule | undefined): boolean {
  return rule === other || (other !== undefined && termsOf(rule) === termsOf(other));
}

const knownTerms = new WeakMap<Rule, string>();

/** A rule without the version it belongs to. Compiled rules have their fields in one order. */
function termsOf(rule: Rule): string {
  const known = knownTerms.get(rule);
  if (known !== undefined) return known;
  const terms = JSON.stringify({ ...rule, ramp: undefined });
  knownTerms.set(rule, terms);
  return terms;
}
