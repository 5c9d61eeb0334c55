/** Whether decimal digits end in the check digit of Luhn's formula (ISO/IEC 7812-1, annex B). */
export function passesLuhn(digits: string): boolean {
  return luhnSum(digits, 0) % 10 === 0;
}

/** The sum that formula makes of the digits from an index on, the last of them not doubled. */
export function luhnSum(digits: string, from: number): number {
  let sum = 0;
  let doubled = false;
  for (let at = digits.length - 1; at >= from; at -= 1) {
    const digit = digits.charCodeAt(at) - 0x30;
    const value = doubled ? digit * 2 : digit;
    sum += value > 9 ? value - 9 : value;
    doubled = !doubled;
  }
  return sum;
}
