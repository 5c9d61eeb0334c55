import { isDate } from "./calendar.ts";
import { digitAt, isRepeated, twoDigitsAt, weightedSum } from "./digits.ts";
import { passesLuhn } from "./luhn.ts";

/**
 * Whether nine digits are a Canadian social insurance number: Luhn, and not 8 first. Nobody's begins
 * with 0; those are printed as examples and pass.
 */
export function isCaSin(digits: string): boolean {
  return digitAt(digits, 0) !== 8 && passesLuhn(digits) && !isRepeated(digits);
}

const personWeights: readonly number[] = [10, 9, 8, 7, 6, 5, 4, 3, 2];
const personWeightsSecond: readonly number[] = [11, ...personWeights];

/** Whether eleven digits are a Brazilian person's tax number: two digits modulo 11 (Receita Federal). */
export function isBrCpf(digits: string): boolean {
  return (
    !isRepeated(digits) &&
    digitAt(digits, 9) === ((weightedSum(digits, personWeights) * 10) % 11) % 10 &&
    digitAt(digits, 10) === ((weightedSum(digits, personWeightsSecond) * 10) % 11) % 10
  );
}

const companyWeights: readonly number[] = [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2];
const companyWeightsSecond: readonly number[] = [6, ...companyWeights];

/**
 * Whether twelve digits or capitals and two digits are a Brazilian company's number (Receita Federal,
 * Instrução Normativa RFB 2.229: letters since July 2026).
 */
export function isBrCnpj(code: string): boolean {
  return (
    !isRepeated(code) &&
    digitAt(code, 12) === complementOf11(weightedSum(code, companyWeights)) &&
    digitAt(code, 13) === complementOf11(weightedSum(code, companyWeightsSecond))
  );
}

function complementOf11(sum: number): number {
  const rest = sum % 11;
  return rest < 2 ? 0 : 11 - rest;
}

const states: ReadonlySet<string> = new Set(
  (
    "AS BC BS CC CL CM CS CH DF DG GT GR HG JC MC MN MS NT NL OC PL QT QR SP SL SR TC TS TL VZ YN " +
    "ZS NE"
  ).split(" "),
);

/**
 * Whether 18 characters of the right kinds are a Mexican population registry code: day of birth, sex,
 * state and check digit (RENAPO, Instructivo normativo para la asignación de la CURP).
 */
export function isMxCurp(code: string): boolean {
  const century = code.charCodeAt(16) <= 0x39 ? 1900 : 2000;
  if (!isDate(century + twoDigitsAt(code, 4), twoDigitsAt(code, 6), twoDigitsAt(code, 8))) {
    return false;
  }
  if (!"HMX".includes(code.charAt(10)) || !states.has(code.slice(11, 13))) return false;
  let sum = 0;
  for (let at = 0; at < 17; at += 1) sum += registryValue(code.charCodeAt(at)) * (18 - at);
  return digitAt(code, 17) === (10 - (sum % 10)) % 10;
}

// An Ñ stands between N and O, so that O counts 25.
function registryValue(code: number): number {
  if (code <= 0x39) return code - 0x30;
  if (code === 0xd1) return 24;
  return code - (code <= 0x4e ? 55 : 54);
}
