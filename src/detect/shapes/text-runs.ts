import { jointBetween, joints, type NumberGroups } from "../scan/number-groups.ts";
import { asciiWordBits, kindAt } from "../text/character-kind.ts";

/** A plus sign between two runs, which no number of digits has: `131052+308T`. */
export const plusJoint = 8;

/**
 * Fills `runs` with the runs of ASCII letters and digits of `text` between two offsets, in the columns
 * that `collectGroups` uses for digits alone.
 */
export function collectRuns(
  text: string,
  range: readonly [number, number],
  runs: NumberGroups,
): void {
  const [from, to] = range;
  let count = 0;
  let at = from;
  let previousEnd = -1;
  while (at < to) {
    if ((kindAt(text, at) & asciiWordBits) === 0) {
      at += 1;
      continue;
    }
    const start = at;
    while (at < to && (kindAt(text, at) & asciiWordBits) !== 0) at += 1;
    runs.start[count] = start;
    runs.end[count] = at;
    runs.joint[count] = previousEnd < 0 ? joints.none : jointOfRuns(text, previousEnd, start);
    previousEnd = at;
    count += 1;
  }
  runs.count = count;
}

function jointOfRuns(text: string, end: number, start: number): number {
  const isPlus = start - end === 1 && text.charCodeAt(end) === 0x2b;
  return isPlus ? plusJoint : jointBetween(text, end, start);
}
