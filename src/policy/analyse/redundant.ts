import type { Problem } from "../../base/index.ts";
import { canonicalJson } from "../../signing/index.ts";
import type { Rule } from "../compile/rule.ts";
import { coversClass } from "../compile/taxonomy.ts";
import type { Analysis } from "./analysis.ts";
import { isContained } from "./containment.ts";
import { isOfException, type RuleReach } from "./path-table.ts";

/**
 * Finds rules that another of the same effect and terms makes unnecessary, W12 (policy-model 11). Rules
 * of exceptions are held against those in force for good, and so are rules in shadow.
 */
export function findRedundant(analysis: Analysis): readonly Problem[] {
  const { reaches, exceptions, trials } = analysis.table;
  const inShadow = trials.filter(({ rule }) => rule.isShadow);
  const enforced = trials.filter(({ rule }) => !rule.isShadow);
  return [
    ...findAmong(reaches, reaches, { analysis, all: reaches }),
    ...findAmong(exceptions, reaches, { analysis, all: [...reaches, ...exceptions] }),
    ...findAmong(inShadow, enforced, { analysis, all: trials }),
  ];
}

interface Standing {
  readonly analysis: Analysis;
  /** All rules that may be in force together. */
  readonly all: readonly RuleReach[];
}

function findAmong(
  inner: readonly RuleReach[],
  outer: readonly RuleReach[],
  { analysis, all }: Standing,
): readonly Problem[] {
  const alike = Map.groupBy(outer, ({ rule }) => termsOf(rule));
  return inner.flatMap((reach) => {
    const { rule } = reach;
    const other = alike.get(termsOf(rule))?.find((one) => makesRedundant(one, reach, analysis));
    if (other === undefined || isTermsWinner(reach, all)) return [];
    return analysis.sites.warn(rule, {
      code: "W12",
      message: `${rule.isShadow ? "enforced it would add" : "adds"} nothing, since \`${other.rule.name}\` does the same for every request it fits`,
      hint: "Remove one of the two.",
    });
  });
}

/** All that a rule does where it matches, who may take it away, and under which name it is told. */
function termsOf(rule: Rule): string {
  const { effect, exemptible, redactedClasses, transform, route, quotas, failsOpen, message } =
    rule;
  const { retainDays, auditLevel, contentDays, controls } = rule;
  const { method, directions, in: places } = rule.redaction ?? {};
  const warning = effect === "warn" ? rule.warning : undefined;
  const terms = {
    ...{ effect, exemptible, redactedClasses, transform, route, quotas, failsOpen, message },
    ...{ retainDays, auditLevel, contentDays, controls, method, directions, places, warning },
  };
  // What is absent is not part of the canonical form, so it is left out first.
  return canonicalJson(JSON.parse(JSON.stringify(terms)));
}

function makesRedundant(outer: RuleReach, inner: RuleReach, analysis: Analysis): boolean {
  if (outer === inner || !covers(outer, inner, analysis)) return false;
  // Of two that say the same, the one that is more easily done without is named.
  if (isTemporary(inner.rule) || !covers(inner, outer, analysis)) return true;
  const authority = outer.rule.authority - inner.rule.authority;
  return authority > 0 || (authority === 0 && outer.rule.name < inner.rule.name);
}

function isTemporary(rule: Rule): boolean {
  return rule.isShadow || isOfException(rule);
}

function covers(outer: RuleReach, inner: RuleReach, { world }: Analysis): boolean {
  return (
    outer.rule.authority >= inner.rule.authority &&
    !inner.reached.isEmpty &&
    inner.reached.isWithin(outer.always) &&
    isContained(inner.rule, outer.rule, world) &&
    leavesAsMuch(inner.rule, outer.rule) &&
    (inner.rule.effect !== "transform" || isToldAlike(inner.rule, outer.rule))
  );
}

/** A transform that cannot be told denies, so one that asks for more is there for that as well. */
function isToldAlike(inner: Rule, outer: Rule): boolean {
  const asked = ({ conditions, classes }: Rule) =>
    JSON.stringify([conditions.map(({ expression }) => expression).sort(), classes]);
  return asked(inner) === asked(outer);
}

/** Whether what the inner rule lets be left, the outer one does too. */
function leavesAsMuch({ permitted: inner }: Rule, { permitted: outer }: Rule): boolean {
  if (outer === undefined) return true;
  if (inner === undefined) return false;
  return (
    inner.minConfidence <= outer.minConfidence &&
    inner.classes.every((dataClass) => coversClass(outer.classes, dataClass))
  );
}

/** A permit may be there to win, with its terms, over another that has others. */
function isTermsWinner({ rule, reached }: RuleReach, reaches: readonly RuleReach[]): boolean {
  if (rule.effect !== "allow") return false;
  const route = JSON.stringify(rule.route);
  return reaches.some(
    (other) =>
      other.rule.effect === "allow" &&
      JSON.stringify(other.rule.route) !== route &&
      other.reached.meets(reached),
  );
}
