/** The digit at an index of a text that has one there. */
export function digitAt(text: string, index: number): number {
  return text.charCodeAt(index) - 0x30;
}

/** The number that two digits from an index on make. */
export function twoDigitsAt(text: string, index: number): number {
  return digitAt(text, index) * 10 + digitAt(text, index + 1);
}

/**
 * The sum of characters times the weights at their places, as many as there are weights. A character
 * counts its code minus 48: digits their value, capital letters from 17 on.
 */
export function weightedSum(text: string, weights: readonly number[]): number {
  let sum = 0;
  for (let at = 0; at < weights.length; at += 1) sum += digitAt(text, at) * (weights[at] ?? 0);
  return sum;
}

/** Whether all characters of a text are the same. */
export function isRepeated(text: string): boolean {
  for (let at = 1; at < text.length; at += 1) {
    if (text.charCodeAt(at) !== text.charCodeAt(0)) return false;
  }
  return true;
}

/** Whether each digit is the one before it plus one, with 0 after 9: figures typed to fill a field. */
export function isAscending(digits: string): boolean {
  for (let at = 1; at < digits.length; at += 1) {
    if (digitAt(digits, at) !== (digitAt(digits, at - 1) + 1) % 10) return false;
  }
  return true;
}
