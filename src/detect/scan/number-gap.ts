import { missingAfter } from "../financial/iban.ts";
import { dashBit, digitBit, isSpace, upperBit } from "../text/character-kind.ts";
import { unitAt, unitKindAt } from "../text/units.ts";
import { lettersGoOn, mayGoOnInLetters } from "./lettered-gap.ts";
import { couldGoOn } from "./number-tail.ts";

/** Spaces between two groups of one number, at most. */
const gapUnitsMax = 2;
const openCode = 0x28;

/** A run that ends before a space, and what is known of its segment. */
export interface NumberGap {
  readonly segmentStart: number;
  readonly runStart: number;
  readonly runEnd: number;
  /** Characters an IBAN begun earlier in the segment still lacks; 0 if there is none. */
  readonly ibanMissing: number;
}

/** Where the next group begins, and what an IBAN lacks before it. */
export interface NextGroup {
  readonly at: number;
  readonly ibanMissing: number;
}

/**
 * Tells whether a number goes on behind the space at `runEnd`: the next group, `over`, or `waits`
 * while the text does not show. `isLast`: no more text comes.
 */
export function readNumberGap(gap: NumberGap, isLast: boolean): NextGroup | "over" | "waits" {
  const { segmentStart, runStart, runEnd } = gap;
  const at = behindSpaces(runEnd);
  const kind = unitKindAt(at);
  const isGroupUnit = (kind & (digitBit | dashBit | upperBit)) !== 0 || unitAt(at) === openCode;
  if (!isGroupUnit && unitAt(at) >= 0) return "over";
  const ibanMissing = missingAfter({ start: runStart, end: runEnd }, gap.ibanMissing);
  const isNumber = endsLikeGroup(runEnd) && couldGoOn(segmentStart, runEnd);
  const isOpen = isNumber || ibanMissing > 0 || mayGoOnInLetters(segmentStart, runEnd);
  if (!isOpen) return "over";
  if (unitAt(at) < 0) return isLast ? "over" : "waits";
  const isGroup = isNumber && ((kind & (digitBit | dashBit)) !== 0 || unitAt(at) === openCode);
  const isIbanGroup = ibanMissing > 0 && (kind & (digitBit | upperBit)) !== 0;
  const goesOn = isGroup || isIbanGroup || lettersGoOn(segmentStart, runEnd);
  return goesOn ? { at, ibanMissing } : "over";
}

function behindSpaces(end: number): number {
  let at = end + 1;
  while (at - end < gapUnitsMax && isSpace(unitAt(at))) at += 1;
  return at;
}

function endsLikeGroup(end: number): boolean {
  return (unitKindAt(end - 1) & (digitBit | dashBit)) !== 0 || unitAt(end - 1) === 0x29;
}
