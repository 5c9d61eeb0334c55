const weights: readonly number[] = [7, 3, 1];

/**
 * Whether the character after a field of a machine-readable zone is its check digit: weights 7, 3, 1
 * modulo 10, letters count 10 to 35 and fillers 0 (ICAO Doc 9303-3, 4.9).
 */
export function passesTravelCheck(text: string, start: number, end: number): boolean {
  let sum = 0;
  for (let at = start; at < end; at += 1) {
    sum += characterValue(text.charCodeAt(at)) * (weights[(at - start) % 3] ?? 0);
  }
  return characterValue(text.charCodeAt(end)) === sum % 10;
}

function characterValue(unit: number): number {
  if (unit === 0x3c) return 0;
  return unit <= 0x39 ? unit - 0x30 : unit - 55;
}
