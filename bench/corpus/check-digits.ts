/**
 * Check characters by rule, written for the makers of values alone: the detectors are judged with what
 * these make, so the two share nothing. The rules are those of the issuing bodies.
 */
const weighted = (digits: string, weights: readonly number[]): number =>
  weights.reduce((sum, weight, index) => sum + weight * Number(digits.charAt(index)), 0);

/** The digit that completes a Luhn number (ISO/IEC 7812-1 annex B). */
export function luhnDigit(payload: string): string {
  let sum = 0;
  for (const [index, digit] of [...payload].reverse().entries()) {
    const doubled = Number(digit) * (index % 2 === 0 ? 2 : 1);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return String((10 - (sum % 10)) % 10);
}

/** Letters as 10 to 35, digits as themselves (ISO 13616, ISO 6166). */
export const lettersAsNumbers = (text: string): string =>
  text.replaceAll(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));

/** What a long number leaves, digit by digit. */
export function remainder(digits: string, modulus: number): number {
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % modulus;
  return rest;
}

export function ibanOf(country: string, account: string): string {
  const rest = remainder(lettersAsNumbers(`${account}${country}00`), 97);
  return `${country}${String(98 - rest).padStart(2, "0")}${account}`;
}

export const abaDigit = (eight: string): string =>
  String((10 - (weighted(eight, [3, 7, 1, 3, 7, 1, 3, 7]) % 10)) % 10);

const dihedralFive = [
  "0123456789",
  "1234067895",
  "2340178956",
  "3401289567",
  "4012395678",
  "5987604321",
  "6598710432",
  "7659821043",
  "8765932104",
  "9876543210",
];
const verhoeffInverse = "0432156789";
const verhoeffTurns = [
  "0123456789",
  "1576283094",
  "5803796142",
  "8916043527",
  "9453126870",
  "4286573901",
  "2793806415",
  "7046913258",
];

export function verhoeffDigit(payload: string): string {
  let state = 0;
  for (const [index, digit] of [...payload].reverse().entries()) {
    const turned = verhoeffTurns[(index + 1) % 8]?.charAt(Number(digit)) ?? "0";
    state = Number(dihedralFive[state]?.charAt(Number(turned)));
  }
  return verhoeffInverse.charAt(state);
}

/** ISO 7064 MOD 11,10, as German tax numbers use it. */
export function mod1110Digit(payload: string): string {
  let product = 10;
  for (const digit of payload) {
    const sum = (Number(digit) + product) % 10 || 10;
    product = (2 * sum) % 11;
  }
  return String((11 - product) % 10);
}

/** ISO 7064 MOD 11-2 as a table, for Chinese resident numbers. */
export const chineseCheck = (seventeen: string): string =>
  "10X98765432".charAt(
    weighted(seventeen, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11,
  );

/** 11 minus the weighted rest; no text where that is 10. */
export function nhsDigit(nine: string): string | undefined {
  const check = 11 - (weighted(nine, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11);
  return check === 10 ? undefined : String(check % 11);
}

const brazilianDigit = (values: readonly number[], weights: readonly number[]): number => {
  const rest = weights.reduce((sum, weight, index) => sum + weight * (values[index] ?? 0), 0) % 11;
  return rest < 2 ? 0 : 11 - rest;
};

export function cpfDigits(nine: string): string {
  const values = [...nine].map(Number);
  values.push(brazilianDigit(values, [10, 9, 8, 7, 6, 5, 4, 3, 2]));
  values.push(brazilianDigit(values, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]));
  return values.slice(9).join("");
}

/** Letters count as their code minus 48 (alphanumeric CNPJ of 2026). */
export function cnpjDigits(twelve: string): string {
  const values = [...twelve].map((character) => character.charCodeAt(0) - 48);
  values.push(brazilianDigit(values, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]));
  values.push(brazilianDigit(values, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]));
  return values.slice(12).join("");
}

export const peselDigit = (ten: string): string =>
  String((10 - (weighted(ten, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10);

export function koreanDigit(twelve: string): string {
  return String((11 - (weighted(twelve, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10);
}

export function turkishDigits(nine: string): string {
  const digits = [...nine].map(Number);
  const odd = digits.reduce((sum, digit, index) => sum + (index % 2 === 0 ? digit : 0), 0);
  const even = digits.reduce((sum, digit, index) => sum + (index % 2 === 1 ? digit : 0), 0);
  const tenth = (((odd * 7 - even) % 10) + 10) % 10;
  return `${tenth}${(odd + even + tenth) % 10}`;
}

/** Japan's individual number: ordinance on the digit of 2014. */
export function myNumberDigit(eleven: string): string {
  const rest = weighted(eleven, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return String(rest <= 1 ? 0 : 11 - rest);
}

export function medicareDigit(eight: string): string {
  return String(weighted(eight, [1, 3, 7, 9, 1, 3, 7, 9]) % 10);
}

export const deaDigit = (six: string): string =>
  String((weighted(six, [1, 0, 1, 0, 1]) + 2 * weighted(six, [0, 1, 0, 1, 0, 1])) % 10);

/** Whether the weighted sum of the whole number is a multiple. */
export const divides = (digits: string, weights: readonly number[], modulus: number): boolean =>
  weighted(digits, weights) % modulus === 0;

const vinWeights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
const vinLetters = "ABCDEFGH..JKLMN.P.R..STUVWXYZ";

/** The character at position nine (49 CFR 565.15). */
export function vinCheck(seventeen: string): string {
  const sum = vinWeights.reduce((total, weight, index) => {
    const character = seventeen.charAt(index);
    const place = vinLetters.indexOf(character);
    let value = Number(character);
    if (place >= 20) value = (place - 19) % 10;
    else if (place >= 10) value = place - 9;
    else if (place >= 0) value = place + 1;
    return total + weight * value;
  }, 0);
  return "0123456789X".charAt(sum % 11);
}

const fiscalOdd = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
];

/** The last letter of an Italian fiscal code (D.M. 23 December 1976). */
export function fiscalLetter(fifteen: string): string {
  let sum = 0;
  for (const [index, character] of [...fifteen].entries()) {
    const code = character.charCodeAt(0);
    const value = code < 58 ? code - 48 : code - 65;
    sum += index % 2 === 0 ? (fiscalOdd[value] ?? 0) : value;
  }
  return String.fromCharCode(65 + (sum % 26));
}

const curpAlphabet = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ";

export function curpDigit(seventeen: string): string {
  const sum = [...seventeen].reduce(
    (total, character, index) => total + curpAlphabet.indexOf(character) * (18 - index),
    0,
  );
  return String((10 - (sum % 10)) % 10);
}

/** The check character of an Indian tax registration: base 36, factors 1 and 2 in turns. */
export function gstinCheck(fourteen: string): string {
  const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const sum = [...fourteen].reduce((total, character, index) => {
    const product = alphabet.indexOf(character) * (index % 2 === 0 ? 1 : 2);
    return total + Math.floor(product / 36) + (product % 36);
  }, 0);
  return alphabet.charAt((36 - (sum % 36)) % 36);
}

/** Check letter of a Singaporean number: S and T count from 0 and 4. */
export function nricLetter(prefix: string, seven: string): string {
  const offset = prefix === "T" || prefix === "G" ? 4 : 0;
  const rest = (weighted(seven, [2, 7, 6, 5, 4, 3, 2]) + offset) % 11;
  return (prefix === "S" || prefix === "T" ? "JZIHGFEDCBA" : "XWUTRQPNMLK").charAt(rest);
}

/** UK unique taxpayer reference: the first digit checks the nine behind it. */
export const utrDigit = (nine: string): string =>
  "21987654321".charAt(weighted(nine, [6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11);

/** The check digit of a CUSIP: Luhn from the left, letters as 10 to 35. */
export function cusipDigit(eight: string): string {
  const sum = [...eight].reduce((total, character, index) => {
    const value = Number(lettersAsNumbers(character)) * (index % 2 === 1 ? 2 : 1);
    return total + Math.floor(value / 10) + (value % 10);
  }, 0);
  return String((10 - (sum % 10)) % 10);
}

/** Check digit of a line in a machine-readable zone (ICAO 9303-3, 4.9). */
export function mrzDigit(field: string): string {
  const sum = [...field].reduce((total, character, index) => {
    const value = character === "<" ? 0 : Number(lettersAsNumbers(character));
    return total + value * ([7, 3, 1][index % 3] ?? 0);
  }, 0);
  return String(sum % 10);
}
