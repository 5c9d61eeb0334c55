import { digitAt, isRepeated } from "./digits.ts";
import { passesLuhn } from "./luhn.ts";

/** Whether 15 digits are the number of a mobile device: Luhn (3GPP TS 23.003, annex B). */
export function isImei(digits: string): boolean {
  return passesLuhn(digits) && !isRepeated(digits);
}

const weights: readonly number[] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
/** What the letters A to Z count; 0 marks those no vehicle has. */
const letterValues = "12345678012345070923456789";

/**
 * Whether 17 capitals and digits are a vehicle number with its check digit (ISO 3779; 49 CFR 565.15).
 * North American ones have it, most European ones do not.
 */
export function isVin(code: string): boolean {
  let sum = 0;
  for (let at = 0; at < 17; at += 1) {
    const value = vehicleValue(code.charCodeAt(at));
    if (value < 0) return false;
    sum += value * (weights[at] ?? 0);
  }
  const check = sum % 11;
  return code.charAt(8) === (check === 10 ? "X" : String(check)) && !isRepeated(code);
}

function vehicleValue(unit: number): number {
  if (unit <= 0x39) return unit - 0x30;
  const value = digitAt(letterValues, unit - 0x41);
  return value === 0 ? -1 : value;
}
