import { unitAt, unitKindAt } from "../scan/units.ts";
import { asciiWordBits } from "../text/character-kind.ts";

/** The longest address of groups with colons: IPv6 with an IPv4 address at its end. */
export const hexGroupsUnitsMax = 45;

/** Fewer digits in an address with `::` are as often something else: `a::b`. */
const hexDigitsMin = 5;

/** The shortest address with all its groups, one of them longer than two digits. */
const fullUnitsMin = 17;

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
  if (written.length < fullUnitsMin && !written.includes("::")) return false;
  const halves = written.split("::");
  if (halves.length > 2) return false;
  const [head = "", tail] = halves;
  const headUnits = groupUnits(head, tail === undefined);
  const tailUnits = tail === undefined ? 0 : groupUnits(tail, true);
  if (headUnits < 0 || tailUnits < 0) return false;
  if (tail === undefined) return headUnits === 8 && hasLongGroup(head);
  return headUnits + tailUnits <= 7 && hasEnoughDigits(written);
}

const group = /^[0-9A-Fa-f]{1,4}$/;
const dotted = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;

// How many groups of 16 bits it has; -1 if it has other things. IPv4 may end it.
function groupUnits(part: string, mayEndDotted: boolean): number {
  if (part === "") return 0;
  const groups = part.split(":");
  const last = groups.at(-1) ?? "";
  const isDotted = mayEndDotted && dotted.test(last);
  const others = isDotted ? groups.slice(0, -1) : groups;
  return others.every((each) => group.test(each)) ? others.length + (isDotted ? 2 : 0) : -1;
}

// Pairs of digits are octets of something else.
function hasLongGroup(part: string): boolean {
  return part.split(":").some((each) => each.length > 2);
}

function hasEnoughDigits(written: string): boolean {
  const digits = written.replace(/[:.]/g, "");
  return digits.length >= hexDigitsMin && /\d/.test(digits);
}
