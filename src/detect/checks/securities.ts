import { isCountry } from "./countries.ts";
import { digitAt } from "./digits.ts";

/** Prefixes of security numbers that are no countries: international, European, and the like. */
const agencies: ReadonlySet<string> = new Set(["XS", "EU", "XA", "XB", "XC", "XD", "XF"]);

/**
 * Whether two capitals, nine letters or digits and a digit are a security number: country, and Luhn
 * over letters written out as 10 to 35 (ISO 6166).
 */
export function isIsin(code: string): boolean {
  const prefix = code.slice(0, 2);
  if (!isCountry(prefix) && !agencies.has(prefix)) return false;
  let sum = 0;
  let isDoubled = true;
  for (let at = 10; at >= 0; at -= 1) {
    const value = valueAt(code, at);
    sum += luhnValue(value % 10, isDoubled);
    isDoubled = !isDoubled;
    if (value < 10) continue;
    sum += luhnValue(Math.floor(value / 10), isDoubled);
    isDoubled = !isDoubled;
  }
  return digitAt(code, 11) === (10 - (sum % 10)) % 10;
}

/**
 * Whether eight letters or digits and a digit are a North American security number: every second value
 * doubled, digits added up, modulo 10 (ANSI X9.6).
 */
export function isCusip(code: string): boolean {
  let sum = 0;
  for (let at = 0; at < 8; at += 1) {
    const value = valueAt(code, at) * (at % 2 === 0 ? 1 : 2);
    sum += Math.floor(value / 10) + (value % 10);
  }
  return digitAt(code, 8) === (10 - (sum % 10)) % 10;
}

function luhnValue(digit: number, isDoubled: boolean): number {
  if (!isDoubled) return digit;
  return digit > 4 ? digit * 2 - 9 : digit * 2;
}

function valueAt(code: string, at: number): number {
  const unit = code.charCodeAt(at);
  return unit <= 0x39 ? unit - 0x30 : unit - 55;
}
