import {
  groupStart,
  groupUnits,
  jointOf,
  joints,
  type NumberGroups,
} from "../scan/number-groups.ts";
import { unitAt } from "../text/units.ts";

/** Whether the four groups of digits from `first` on are an IPv4 address (RFC 1123, section 2.1). */
export function isDottedQuad(text: string, groups: NumberGroups, first: number): boolean {
  if (first + 3 >= groups.count) return false;
  for (let index = first; index < first + 4; index += 1) {
    if (index > first && jointOf(groups, index) !== joints.dot) return false;
    if (!isOctet(text, groupStart(groups, index), groupUnits(groups, index))) return false;
  }
  return true;
}

// 0 to 255 without a leading zero, which some read as octal (RFC 6943, section 3.1.1).
function isOctet(text: string, start: number, units: number): boolean {
  if (units === 0 || units > 3) return false;
  if (units > 1 && unitAt(start) === 0x30) return false;
  return units < 3 || Number(text.slice(start, start + 3)) <= 255;
}
