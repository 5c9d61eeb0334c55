import { digitAt, isRepeated, twoDigitsAt, weightedSum } from "./digits.ts";

const taxFileWeights: readonly number[] = [1, 4, 3, 7, 5, 8, 6, 9, 10];
const taxFileWeightsShort: readonly number[] = taxFileWeights.slice(0, 8);

/** Whether eight or nine digits are an Australian tax file number: weighted sum modulo 11 (ATO). */
export function isAuTfn(digits: string): boolean {
  const weights = digits.length === 8 ? taxFileWeightsShort : taxFileWeights;
  return weightedSum(digits, weights) % 11 === 0 && !isRepeated(digits);
}

const businessWeights: readonly number[] = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19];

/** Whether eleven digits are an Australian business number: modulo 89, 1 off the first digit (ABR). */
export function isAuAbn(digits: string): boolean {
  const sum = weightedSum(digits, businessWeights) - 10;
  return twoDigitsAt(digits, 0) > 10 && sum % 89 === 0;
}

const companyWeights: readonly number[] = [8, 7, 6, 5, 4, 3, 2, 1, 1];

/** Whether nine digits are an Australian company number: modulo 10 (Corporations Regulations 1.2A). */
export function isAuAcn(digits: string): boolean {
  return weightedSum(digits, companyWeights) % 10 === 0 && !isRepeated(digits);
}

const medicareWeights: readonly number[] = [1, 3, 7, 9, 1, 3, 7, 9];

/**
 * Whether ten digits, or eleven with the place on the card, are an Australian Medicare number: 2 to 6
 * first, the ninth checks the eight before it (Services Australia).
 */
export function isAuMedicare(digits: string): boolean {
  const first = digitAt(digits, 0);
  if (first < 2 || first > 6 || digitAt(digits, 9) === 0) return false;
  return digitAt(digits, 8) === weightedSum(digits, medicareWeights) % 10;
}
