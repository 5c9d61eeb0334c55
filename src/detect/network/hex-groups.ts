import { asciiWordBits } from "../text/character-kind.ts";
import { hexDigit } from "../text/percent.ts";
import { unitAt, unitKindAt } from "../text/units.ts";

/** The longest address of groups with colons: IPv6 with an IPv4 address at its end. */
export const hexGroupsUnitsMax = 45;

/** Fewer digits in an address with `::` are as often something else: `a::b`. */
const hexDigitsMin = 5;

/** The shortest address with all its groups, one of them longer than two digits. */
const fullUnitsMin = 17;

const groupUnitsMax = 4;

const colonCode = 0x3a;
const dotCode = 0x2e;

/** Groups of letters and digits with colons between them, around one of the colons, in a range. */
export function readHexGroups(
  colon: number,
  range: readonly [from: number, to: number],
): { readonly start: number; readonly end: number } {
  const [from, to] = range;
  let start = colon;
  while (start > from && isGroupUnit(start - 1)) start -= 1;
  let end = colon;
  while (end < to && isGroupUnit(end)) end += 1;
  while (end > colon && isTrailing(end)) end -= 1;
  return { start, end };
}

function isGroupUnit(at: number): boolean {
  const code = unitAt(at);
  return (unitKindAt(at) & asciiWordBits) !== 0 || code === colonCode || code === dotCode;
}

// The dot of a sentence or a colon behind it.
function isTrailing(end: number): boolean {
  const code = unitAt(end - 1);
  if (code === dotCode) return true;
  return code === colonCode && unitAt(end - 2) !== colonCode;
}

/** Whether a text is an IPv6 address of a machine: up to eight groups, one `::` (RFC 4291, section 2.2). */
export function isIpV6(written: string): boolean {
  const gap = written.indexOf("::");
  if (gap < 0) {
    if (written.length < fullUnitsMin) return false;
    return countGroups(written, 0, written.length) === 8 && longGroup.test(written);
  }
  const head = countGroups(written, 0, gap);
  const tail = head < 0 ? -1 : countGroups(written, gap + 2, written.length);
  return tail >= 0 && head + tail <= 7 && hasEnoughDigits(written);
}

/** Pairs of digits are octets of something else. */
const longGroup = /[0-9A-Fa-f]{3}|\./;
const dotted = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;

// How many groups of 16 bits stand between two places; -1 if there are other things. IPv4 may end
// the text.
function countGroups(written: string, from: number, to: number): number {
  let count = 0;
  let at = from;
  while (at < to) {
    const end = hexEnd(written, at);
    if (written.charCodeAt(end) === dotCode) {
      return to === written.length && dotted.test(written.slice(at)) ? count + 2 : -1;
    }
    const isGroup = end > at && end - at <= groupUnitsMax;
    const isLast = end === to;
    if (!isGroup || !(isLast || written.charCodeAt(end) === colonCode)) return -1;
    count += 1;
    if (end + 1 === to) return -1;
    at = end + 1;
  }
  return count;
}

function hexEnd(written: string, from: number): number {
  let end = from;
  while (hexDigit(written.charCodeAt(end)) >= 0) end += 1;
  return end;
}

function hasEnoughDigits(written: string): boolean {
  const digits = written.replace(/[:.]/g, "");
  return digits.length >= hexDigitsMin && /\d/.test(digits);
}
