import type { Finding, RedactionMethod } from "../domain/index.ts";
import { isStronger } from "../domain/index.ts";

/** A finding that is edited, and how; undefined: it stays. */
type MethodOf = (finding: Finding) => RedactionMethod | undefined;

/**
 * Findings of which no two overlap, for edits that cannot: where several are to be edited, the
 * strongest method has its way and the rest of the others stays beside it, so that all that any of
 * them covers is covered. `findings` are sorted by start; the very same list where none overlap.
 */
export function findingsApart(
  findings: readonly Finding[],
  methodOf: MethodOf,
): readonly Finding[] {
  if (!haveOverlaps(findings)) return findings;
  const edited = findings.flatMap((finding) => {
    const method = methodOf(finding);
    return method === undefined ? [] : [{ finding, method }];
  });
  const bounds = edited.flatMap(({ finding: { end, start } }) => [start, end]);
  const parts: Part[] = [];
  let active: Edited[] = [];
  let next = 0;
  for (const at of [...new Set(bounds)].sort((a, b) => a - b)) {
    active = active.filter(({ finding }) => finding.end > at);
    close(parts, at);
    for (; edited[next]?.finding.start === at; next += 1) active.push(edited[next] as Edited);
    const [first, ...others] = active;
    if (first !== undefined) parts.push({ of: others.reduce(stronger, first), start: at, end: at });
  }
  return parts.reduce<Finding[]>(withPart, []);
}

interface Edited {
  readonly finding: Finding;
  readonly method: RedactionMethod;
}

/** What one finding has for itself; open while it ends where it begins. */
interface Part {
  readonly of: Edited;
  readonly start: number;
  end: number;
}

function haveOverlaps(findings: readonly Finding[]): boolean {
  let end = 0;
  for (const finding of findings) {
    if (finding.start < end) return true;
    end = finding.end;
  }
  return false;
}

function close(parts: readonly Part[], at: number): void {
  const last = parts.at(-1);
  if (last !== undefined && last.end === last.start) last.end = at;
}

/** Of two equals the one that begins first. */
function stronger(one: Edited, other: Edited): Edited {
  return isStronger(other.method, one.method) ? other : one;
}

/** Parts of one finding that touch are one. */
function withPart(joined: Finding[], { end, of, start }: Part): Finding[] {
  const last = joined.at(-1);
  const { finding } = of;
  const goesOn = last?.end === start && isPartOf(last, finding);
  if (goesOn) joined[joined.length - 1] = { ...last, end };
  else joined.push({ ...finding, start, end });
  return joined;
}

function isPartOf(part: Finding, { dataClass, detector, end, start }: Finding): boolean {
  const isSame = part.dataClass === dataClass && part.detector === detector;
  return isSame && part.start >= start && part.end <= end;
}
