import type { FindingGroup, RuleMatch } from "../domain/index.ts";
import type { RecordedFinding } from "./parts.ts";

/**
 * Findings as a record lists them (audit-and-operations 2.3): confidence in percent, sorted by
 * class, detector, place and confidence.
 */
export function toRecordedFindings(groups: readonly FindingGroup[]): readonly RecordedFinding[] {
  return groups
    .map((group) => ({
      class: group.class,
      detector: group.detector,
      in: group.in,
      count: group.count,
      confidencePct: Math.round(group.confidence * 100),
    }))
    .sort(
      (a, b) =>
        compare(a.class, b.class) ||
        compare(a.detector ?? "", b.detector ?? "") ||
        compare(a.in, b.in) ||
        a.confidencePct - b.confidencePct,
    );
}

/**
 * Matched rules as a record lists them: first those that denied, in the order of the decision's
 * `rules`, then the others as they come, which `matched` already has sorted by id.
 */
export function toRecordedRules(
  matched: readonly RuleMatch[],
  denied: readonly string[],
): readonly RuleMatch[] {
  if (denied.length === 0) return matched;
  const rankOf = new Map(denied.map((id, rank) => [id, rank]));
  return matched.toSorted(
    (a, b) => (rankOf.get(a.id) ?? denied.length) - (rankOf.get(b.id) ?? denied.length),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
