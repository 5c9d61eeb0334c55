import {
  type FindingGroup,
  isStronger,
  type Redaction,
  type RedactionMethod,
} from "../../domain/index.ts";
import { defaultMinConfidence, type PermittedClasses, type Rule } from "../compile/rule.ts";
import { coversClass, type Taxonomy } from "../compile/taxonomy.ts";
import { isIn } from "../match/match-classes.ts";
import type { HoldingRule } from "./match-rule.ts";

/** Redactions by the class found. */
export type Redactions = ReadonlyMap<string, Redaction>;

const noRedactions: Redactions = new Map();

/**
 * Joins the redact rules that matched, given in the order of policy-model 5.3: for each found class
 * the strongest method, the first rule that asks for it as owner, directions and places united.
 */
export function joinRedactions(
  rules: readonly HoldingRule[],
  findings: readonly FindingGroup[],
): Redactions {
  if (rules.length === 0 || findings.length === 0) return noRedactions;
  const joined = new Map<string, Redaction>();
  for (const { class: found } of findings) {
    if (joined.has(found)) continue;
    const redaction = joinFor(found, rules);
    if (redaction !== undefined) joined.set(found, redaction);
  }
  return joined;
}

function joinFor(found: string, rules: readonly HoldingRule[]): Redaction | undefined {
  let joined: Redaction | undefined;
  for (const { inPlay } of rules) {
    const { redaction, redactedClasses } = inPlay.rule;
    if (redaction === undefined || !coversClass(redactedClasses, found)) continue;
    joined = joined === undefined ? redaction : unite(joined, redaction);
  }
  return joined;
}

function unite(a: Redaction, b: Redaction): Redaction {
  const owner = isStronger(b.method, a.method) ? b : a;
  const united = {
    method: owner.method,
    by: owner.by,
    directions: sortedUnion(a.directions, b.directions),
  };
  // No list of places means all of them, so only two lists make a list.
  return a.in && b.in ? { ...united, in: sortedUnion(a.in, b.in) } : united;
}

function sortedUnion<Item extends string>(a: readonly Item[], b: readonly Item[]): Item[] {
  return [...new Set([...a, ...b])].sort();
}

/** What decides which classes are left for the model. */
export interface Leftovers {
  readonly findings: readonly FindingGroup[];
  readonly redactions: Redactions;
  readonly taxonomy: Taxonomy;
  /** Weaker redactions leave the class as it was (`Platform.spec.redaction.residualFloor`). */
  readonly floor: RedactionMethod;
  /** Everything was looked at to the end. */
  readonly isComplete: boolean;
}

/** Whether every residual class is listed, or a parent of it (policy-model 3 on `permitted`). */
export function permitsLeftovers(permitted: PermittedClasses, leftovers: Leftovers): boolean {
  for (const finding of leftovers.findings) {
    if (finding.confidence < permitted.minConfidence) continue;
    if (coversClass(permitted.classes, finding.class)) continue;
    if (isResidual(finding, leftovers)) return false;
  }
  return true;
}

/** The findings that are left for the model (policy-model 3), as far as they count for a rule. */
export function residualOf(
  leftovers: Leftovers,
  { permitted, classes }: Pick<Rule, "permitted" | "classes">,
): readonly FindingGroup[] {
  const minConfidence = permitted?.minConfidence ?? classes?.minConfidence ?? defaultMinConfidence;
  return leftovers.findings.filter(
    (finding) => finding.confidence >= minConfidence && isResidual(finding, leftovers),
  );
}

function isResidual(finding: FindingGroup, leftovers: Leftovers): boolean {
  if (finding.in === "response" || isRedacted(finding, leftovers)) return false;
  return leftovers.taxonomy.sensitivityOf(finding.class) > 0;
}

function isRedacted(finding: FindingGroup, { redactions, floor }: Leftovers): boolean {
  const redaction = redactions.get(finding.class);
  if (redaction === undefined || !redaction.directions.includes("request")) return false;
  return isIn(redaction.in, finding.in) && !isStronger(floor, redaction.method);
}
