/** Digits after the calling code, where a country's plan is narrower than 6 to 12. */
const nationalDigits: ReadonlyMap<string, readonly [min: number, max: number]> = new Map([
  ["1", [10, 10]],
  ["7", [10, 10]],
  ["31", [9, 9]],
  ["32", [8, 9]],
  ["33", [9, 9]],
  ["34", [9, 9]],
  ["41", [9, 9]],
  ["44", [9, 10]],
  ["45", [8, 8]],
  ["47", [8, 8]],
  ["48", [9, 9]],
  ["52", [10, 10]],
  ["55", [10, 11]],
  ["61", [9, 9]],
  ["86", [10, 11]],
  ["91", [10, 10]],
]);

const twoDigitCodes =
  " 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 " +
  "65 66 81 82 84 86 90 91 92 93 94 95 98 ";
/** The first two digits of the codes with three. */
const threeDigitStarts = " 21 22 23 24 25 26 29 35 37 38 42 50 59 67 68 69 80 85 87 88 96 97 99 ";

/**
 * Whether digits form an international number: a calling code of ITU-T E.164 and as many digits as
 * its plan allows, 15 in all at most. A trunk 0 people leave in after the code is allowed for.
 */
export function isInternationalNumber(digits: string): boolean {
  if (digits.length < 8 || digits.length > 15) return false;
  const code = callingCode(digits);
  if (code === "") return false;
  const national = digits.slice(code.length);
  const significant = national.startsWith("0") && code !== "39" ? national.slice(1) : national;
  const [min, max] = nationalDigits.get(code) ?? [6, 12];
  if (significant.length < min || significant.length > max) return false;
  return code !== "1" || isNorthAmericanNumber(significant);
}

/**
 * Whether ten digits fit the North American numbering plan: area and exchange begin with 2 to 9, and
 * neither is a service code such as 911.
 */
export function isNorthAmericanNumber(digits: string): boolean {
  return /^[2-9](?!11)\d\d[2-9](?!11)\d{6}$/.test(digits);
}

function callingCode(digits: string): string {
  const first = digits.slice(0, 1);
  if (first === "1" || first === "7") return first;
  const two = digits.slice(0, 2);
  if (twoDigitCodes.includes(` ${two} `)) return two;
  return threeDigitStarts.includes(` ${two} `) ? digits.slice(0, 3) : "";
}
