import { digitAt, isRepeated, weightedSum } from "./digits.ts";

const neverAssigned: ReadonlySet<string> = new Set(["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"]);
const firstLetters = "ABCEGHJKLMNOPRSTWXYZ";
const secondLetters = "ABCEGHJKLMNPRSTWXYZ";

/** Whether two capitals, six digits and a capital are a national insurance number (HMRC NIM39110). */
export function isUkNino(code: string): boolean {
  if (!firstLetters.includes(code.charAt(0)) || !secondLetters.includes(code.charAt(1)))
    return false;
  const suffix = code.charCodeAt(8);
  return suffix >= 0x41 && suffix <= 0x44 && !neverAssigned.has(code.slice(0, 2));
}

const taxpayerWeights: readonly number[] = [0, 6, 7, 8, 9, 10, 5, 4, 3, 2];

/** Whether the first of ten digits checks the others of a taxpayer reference (HMRC, modulus 11). */
export function isUkUtr(digits: string): boolean {
  const rest = weightedSum(digits, taxpayerWeights) % 11;
  return digitAt(digits, 0) === digitAt("21987654321", rest) && !isRepeated(digits);
}

const patientWeights: readonly number[] = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1];

/**
 * Whether ten digits are an NHS number: weights 10 to 2 and the check digit make a multiple of 11
 * (NHS Data Dictionary). A check digit of 10 does not occur, since it is no digit.
 */
export function isUkNhs(digits: string): boolean {
  return weightedSum(digits, patientWeights) % 11 === 0 && !isRepeated(digits);
}
