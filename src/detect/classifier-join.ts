import type { Finding } from "../domain/index.ts";

/**
 * What several detectors found in one text, sorted by start. Findings of different classes may
 * overlap: each of them is true. Of one class they do not: a value that several detectors see counts
 * once, or as often as the one that tells most apart says, and all that any of them covers is covered.
 */
export function joinFindings(lists: readonly (readonly Finding[])[]): readonly Finding[] {
  const given = lists.filter((list) => list.length > 0);
  if (given.length < 2) return given[0] ?? [];
  const byClass = Map.groupBy(given.flat(), ({ dataClass }) => dataClass);
  return [...byClass.values()].flatMap((found) => clustersOf(found).flatMap(told)).sort(byStart);
}

function byStart(a: Finding, b: Finding): number {
  return a.start - b.start || b.end - a.end;
}

/** Findings that overlap each other, directly or by others between them. */
function clustersOf(found: Finding[]): readonly (readonly Finding[])[] {
  const clusters: Finding[][] = [];
  let last: Finding[] = [];
  let end = -1;
  for (const finding of found.sort(byStart)) {
    if (finding.start >= end) {
      last = [];
      clusters.push(last);
    }
    last.push(finding);
    end = Math.max(end, finding.end);
  }
  return clusters;
}

/** The findings of whoever tells most apart, stretched over all that the cluster covers. */
function told(cluster: readonly Finding[]): readonly Finding[] {
  const [only] = cluster;
  if (only === undefined || cluster.length === 1) return cluster;
  const byDetector = [...Map.groupBy(cluster, ({ detector }) => detector).values()];
  const most = byDetector.reduce((a, b) => (b.length > a.length ? b : a));
  const end = cluster.reduce((furthest, finding) => Math.max(furthest, finding.end), 0);
  const confidencePct = Math.max(...cluster.map((finding) => finding.confidencePct));
  return most.map((finding, index) => ({
    ...finding,
    confidencePct,
    start: index === 0 ? only.start : finding.start,
    end: most[index + 1]?.start ?? end,
  }));
}
