import { digitAt } from "../checks/digits.ts";
import { lengthsOfCallingCode } from "./numbering-plans.ts";

/** Numbers shorter than this are local services and no person's. */
const significantMin = 6;

/**
 * Whether digits form an international number: a calling code of ITU-T E.164 and as many digits as
 * its plan allows, 15 in all at most. A trunk 0 people leave in after the code is allowed for.
 */
export function isInternationalNumber(digits: string): boolean {
  if (digits.length < 8 || digits.length > 15 || digits.startsWith("0")) return false;
  let code = 0;
  for (let units = 1; units <= 3; units += 1) {
    code = code * 10 + digitAt(digits, units - 1);
    const lengths = lengthsOfCallingCode(code);
    if (lengths !== undefined) return isNumberOf(code, lengths, digits.slice(units));
  }
  return false;
}

/**
 * Whether ten digits fit the North American numbering plan: area and exchange begin with 2 to 9, and
 * neither is a service code such as 911.
 */
export function isNorthAmericanNumber(digits: string): boolean {
  return /^[2-9](?!11)\d\d[2-9](?!11)\d{6}$/.test(digits);
}

// A 0 in front is part of the number in some countries, and left in by mistake in others.
function isNumberOf(code: number, lengths: number, national: string): boolean {
  if (code === 1) return isNorthAmericanNumber(national);
  if (isPossible(lengths, national)) return true;
  return national.startsWith("0") && isPossible(lengths, national.slice(1));
}

function isPossible(lengths: number, national: string): boolean {
  return national.length >= significantMin && (lengths & (1 << national.length)) !== 0;
}
