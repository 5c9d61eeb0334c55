import { digitAt } from "./digits.ts";

/** Whether digits end in the check digit of the hybrid system MOD 11,10 (ISO 7064, section 10). */
export function passesMod11And10(digits: string): boolean {
  let product = 10;
  for (let at = 0; at < digits.length - 1; at += 1) {
    const sum = (digitAt(digits, at) + product) % 10;
    product = ((sum === 0 ? 10 : sum) * 2) % 11;
  }
  return (product + digitAt(digits, digits.length - 1)) % 10 === 1;
}

/** Whether digits end in the check digit or `X` of the pure system MOD 11-2 (ISO 7064, section 7). */
export function passesMod11And2(text: string): boolean {
  let rest = 0;
  for (let at = 0; at < text.length; at += 1) {
    const isTen = text.charCodeAt(at) === 0x58;
    rest = (rest * 2 + (isTen ? 10 : digitAt(text, at))) % 11;
  }
  return rest === 1;
}

/** What remains of digits as one number after division by 97, of so many of them from the start. */
export function remainderOf97(digits: string, count: number): number {
  let rest = 0;
  for (let at = 0; at < count; at += 1) rest = (rest * 10 + digitAt(digits, at)) % 97;
  return rest;
}

/**
 * Whether an account number passes MOD 97-10 as ISO 13616 asks: the first four characters count as
 * if they came last, and letters of either case as 10 to 35.
 */
export function passesIbanCheck(characters: string): boolean {
  let rest = 0;
  for (let turn = 0; turn < characters.length; turn += 1) {
    const value = characterValue(characters.charCodeAt((turn + 4) % characters.length));
    rest = (value > 9 ? rest * 100 + value : rest * 10 + value) % 97;
  }
  return rest === 1;
}

function characterValue(code: number): number {
  return code <= 0x39 ? code - 0x30 : (code & 0x1f) + 9;
}
