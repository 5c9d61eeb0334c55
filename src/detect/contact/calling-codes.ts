import { lengthsOfCallingCode } from "./numbering-plans.ts";

/** Numbers shorter than this are local services and no person's. */
const significantMin = 6;

/**
 * Whether so many digits, given as the number they make, form an international number: a calling code of
 * ITU-T E.164 and as many digits as its plan allows, 15 in all at most. A trunk 0 people leave in after
 * the code is allowed for.
 */
export function isInternationalNumber(number: number, digits: number): boolean {
  if (digits < 8 || digits > 15 || beginsWithZero(number, digits)) return false;
  for (let rest = digits - 1; rest >= digits - 3; rest -= 1) {
    const code = Math.floor(number / powerOfTen(rest));
    const lengths = lengthsOfCallingCode(code);
    if (lengths !== undefined) return isNumberOf(code, lengths, number % powerOfTen(rest), rest);
  }
  return false;
}

/**
 * Whether so many digits fit the North American numbering plan: they are ten, area and exchange begin
 * with 2 to 9, and neither is a service code such as 911.
 */
export function isNorthAmericanNumber(number: number, digits: number): boolean {
  if (digits !== 10) return false;
  return (
    isAreaOrExchange(Math.floor(number / 1e7)) && isAreaOrExchange(Math.floor(number / 1e4) % 1000)
  );
}

/** 10 to the power of a count of digits, of which a number has at most eighteen. */
export function powerOfTen(digits: number): number {
  return powersOfTen[digits] ?? 0;
}

const powersOfTen = Float64Array.from({ length: 19 }, (_, digits) => 10 ** digits);

function isAreaOrExchange(code: number): boolean {
  return code >= 200 && code % 100 !== 11;
}

// A 0 in front is part of the number in some countries, and left in by mistake in others.
function isNumberOf(code: number, lengths: number, national: number, digits: number): boolean {
  if (code === 1) return isNorthAmericanNumber(national, digits);
  if (isPossible(lengths, digits)) return true;
  return beginsWithZero(national, digits) && isPossible(lengths, digits - 1);
}

function isPossible(lengths: number, digits: number): boolean {
  return digits >= significantMin && (lengths & (1 << digits)) !== 0;
}

function beginsWithZero(number: number, digits: number): boolean {
  return number < powerOfTen(digits - 1);
}
