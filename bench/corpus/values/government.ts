import {
  chineseCheck,
  cnpjDigits,
  cpfDigits,
  curpDigit,
  divides,
  fiscalLetter,
  gstinCheck,
  koreanDigit,
  luhnDigit,
  mod1110Digit,
  mrzDigit,
  myNumberDigit,
  nricLetter,
  peselDigit,
  remainder,
  turkishDigits,
  utrDigit,
  verhoeffDigit,
} from "../check-digits.ts";
import type { Value } from "../document.ts";
import { makePerson, plainLetters } from "../people.ts";
import { capitals, type Random } from "../random.ts";
import { type Maker, made } from "./made.ts";

/** Makers of numbers that authorities give out: rows 15 to 44 of the catalogue. */
export const governmentMakers: Readonly<Record<string, Maker>> = {
  US_SSN: made("US_SSN", (random) => {
    const area = random.pick([random.between(100, 665), random.between(667, 899)]);
    const serial = random.between(1, 9999);
    const group = two(random.between(1, 99));
    const joint = random.pick(["-", "-", "-", " ", ""]);
    return `${area}${joint}${group}${joint}${String(serial).padStart(4, "0")}`;
  }),
  US_ITIN: made("US_ITIN", (random) => {
    const group = random.pick([random.between(50, 65), random.between(70, 88), 94, 97]);
    return `9${random.digits(2)}-${group}-${random.digits(4)}`;
  }),
  US_EIN: made(
    "US_EIN",
    (random) => `${random.pick(["12", "20", "27", "45", "54", "83"])}-${random.digits(7)}`,
  ),
  PASSPORT: passport,
  DRIVER_LICENSE: made("DRIVER_LICENSE", (random) =>
    random.shape(
      random.pick(["A#######", "A###-####-####", "########", "AAAAA######AA9AA", "AA##########"]),
    ),
  ),
  UK_NINO: made("UK_NINO", (random) => {
    const prefix = random.pick(["AB", "CE", "JL", "PR", "SX", "WM", "HK"]);
    const suffix = random.character("ABCD");
    const [a, b, c] = [random.digits(2), random.digits(2), random.digits(2)];
    return random.chance(0.5) ? `${prefix} ${a} ${b} ${c} ${suffix}` : prefix + a + b + c + suffix;
  }),
  UK_UTR: made("UK_UTR", (random) => {
    const nine = random.digits(9);
    return random.pick(["", " "]) === ""
      ? utrDigit(nine) + nine
      : `${utrDigit(nine)}${nine.slice(0, 4)} ${nine.slice(4)}`;
  }),
  CA_SIN: made("CA_SIN", (random) => {
    const eight = `${random.pick(["1", "2", "4", "5", "6", "7", "9"])}${random.digits(7)}`;
    return grouped(eight + luhnDigit(eight), [3, 3, 3], random.pick([" ", "-", ""]));
  }),
  AU_TFN: made("AU_TFN", (random) => {
    const text = until(random, 9, (digits) => divides(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10], 11));
    return grouped(text, [3, 3, 3], random.pick([" ", ""]));
  }),
  AU_ABN: made("AU_ABN", (random) => {
    const fits = (digits: string) => {
      const lowered = String(Number(digits.charAt(0)) - 1) + digits.slice(1);
      return (
        !digits.startsWith("0") && divides(lowered, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19], 89)
      );
    };
    return grouped(until(random, 11, fits), [2, 3, 3, 3], random.pick([" ", " ", ""]));
  }),
  AU_ACN: made("AU_ACN", (random) => {
    const fits = (digits: string) => divides(digits, [8, 7, 6, 5, 4, 3, 2, 1, 1], 10);
    return grouped(until(random, 9, fits), [3, 3, 3], " ");
  }),
  IN_AADHAAR: made("IN_AADHAAR", (random) => {
    const eleven = `${random.between(2, 9)}${random.digits(10)}`;
    return grouped(eleven + verhoeffDigit(eleven), [4, 4, 4], random.pick([" ", " ", ""]));
  }),
  IN_PAN: made("IN_PAN", indianPan),
  IN_GSTIN: made("IN_GSTIN", (random) => {
    const body = `${two(random.between(1, 37))}${indianPan(random)}1Z`;
    return body + gstinCheck(body);
  }),
  BR_CPF: made("BR_CPF", (random) => {
    const nine = random.digits(9);
    const all = nine + cpfDigits(nine);
    if (random.chance(0.25)) return all;
    return `${all.slice(0, 3)}.${all.slice(3, 6)}.${all.slice(6, 9)}-${all.slice(9)}`;
  }),
  BR_CNPJ: made("BR_CNPJ", (random) => {
    const twelve = random.chance(0.3)
      ? `${random.shape("#AA###A#")}0001`
      : `${random.digits(8)}0001`;
    const all = twelve + cnpjDigits(twelve);
    return `${all.slice(0, 2)}.${all.slice(2, 5)}.${all.slice(5, 8)}/${all.slice(8, 12)}-${all.slice(12)}`;
  }),
  MX_CURP: made("MX_CURP", (random) => {
    const consonants = "BCDFGHJKLMNPQRSTVWXYZ";
    const body = `${random.character(consonants)}${random.character("AEIO")}${random.string(consonants, 2)}${shortDate(random)}${random.pick(["H", "M"])}${random.pick(["DF", "JC", "NL", "VZ", "PL"])}${random.string(consonants, 3)}0`;
    return body + curpDigit(body);
  }),
  ES_NIF: made("ES_NIF", (random) => {
    const number = random.digits(8);
    return number + spanishLetter(number);
  }),
  ES_NIE: made("ES_NIE", (random) => {
    const prefix = random.between(0, 2);
    const number = random.digits(7);
    return `${"XYZ".charAt(prefix)}${number}${spanishLetter(prefix + number)}`;
  }),
  IT_FISCAL_CODE: made("IT_FISCAL_CODE", (random) => {
    const consonants = "BCDFGLMNPRSTVZ";
    const day = random.between(1, 28) + random.pick([0, 40]);
    const body = `${random.string(consonants, 6)}${two(random.between(30, 99))}${random.character("ABCDEHLMPRST")}${two(day)}${random.pick(["H501", "F205", "L219", "A944"])}`;
    return body + fiscalLetter(body);
  }),
  PL_PESEL: made("PL_PESEL", (random) => {
    const ten = shortDate(random) + random.digits(4);
    return ten + peselDigit(ten);
  }),
  NL_BSN: made("NL_BSN", (random) =>
    until(random, 9, (digits) => divides(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1], 11)),
  ),
  DE_TAX_ID: made("DE_TAX_ID", (random) => {
    // Of the first ten digits one occurs twice and one not at all; none begins with zero.
    const [first = "1", ...rest] = random.shuffled([..."123456789"]);
    const others = random.shuffled(["0", ...rest]).slice(0, 8);
    others.splice(random.between(0, 8), 0, random.pick([first, ...others]));
    const body = first + others.join("");
    return grouped(body + mod1110Digit(body), [2, 3, 3, 3], random.pick([" ", ""]));
  }),
  FR_NIR: made("FR_NIR", (random) => {
    const department = random.pick(["75", "13", "69", "2A", "59", "33"]);
    const body = `${random.between(1, 2)}${two(random.between(40, 99))}${two(random.between(1, 12))}${department}${random.between(100, 599)}${random.between(100, 899)}`;
    const check = two(97 - remainder(body.replace("2A", "19"), 97));
    return grouped(body + check, [1, 2, 2, 2, 3, 3, 2], random.pick([" ", " ", ""]));
  }),
  SE_PERSONNUMMER: made("SE_PERSONNUMMER", (random) => {
    const nine = shortDate(random) + random.digits(3);
    const century = random.chance(0.4) ? "19" : "";
    return `${century}${nine.slice(0, 6)}-${nine.slice(6)}${luhnDigit(nine)}`;
  }),
  FI_HETU: made("FI_HETU", (random) => {
    const date = `${two(random.between(1, 28))}${two(random.between(1, 12))}${two(random.between(30, 99))}`;
    const serial = String(random.between(2, 899)).padStart(3, "0");
    return `${date}-${serial}${"0123456789ABCDEFHJKLMNPRSTUVWXY".charAt(Number(date + serial) % 31)}`;
  }),
  CN_RESIDENT_ID: made("CN_RESIDENT_ID", (random) => {
    const region = random.pick(["110101", "310104", "440305", "510107", "320106"]);
    const body = `${region}19${shortDate(random)}${random.digits(3)}`;
    return body + chineseCheck(body);
  }),
  KR_RRN: made("KR_RRN", (random) => {
    const place = random.pick(["00", "11", "26", "48", "90"]);
    const twelve = `${shortDate(random)}${random.between(1, 2)}${place}${random.digits(3)}`;
    return `${twelve.slice(0, 6)}-${twelve.slice(6)}${koreanDigit(twelve)}`;
  }),
  JP_MY_NUMBER: made("JP_MY_NUMBER", (random) => {
    const eleven = random.digits(11);
    return grouped(eleven + myNumberDigit(eleven), [4, 4, 4], random.pick(["", " ", "-"]));
  }),
  SG_NRIC: made("SG_NRIC", (random) => {
    const prefix = random.pick(["S", "T", "F", "G"]);
    const seven = random.digits(7);
    return prefix + seven + nricLetter(prefix, seven);
  }),
  ZA_ID: made("ZA_ID", (random) => {
    const twelve = `${shortDate(random)}${random.digits(4)}08`;
    return twelve + luhnDigit(twelve);
  }),
  TR_NATIONAL_ID: made("TR_NATIONAL_ID", (random) => {
    const nine = `${random.between(1, 9)}${random.digits(8)}`;
    return nine + turkishDigits(nine);
  }),
};

const two = (number: number): string => String(number).padStart(2, "0");

/** YYMMDD of a day in the twentieth century. */
const shortDate = (random: Random): string =>
  `${two(random.between(35, 99))}${two(random.between(1, 12))}${two(random.between(1, 28))}`;

function grouped(digits: string, sizes: readonly number[], joint: string): string {
  let from = 0;
  const groups: string[] = [];
  for (const size of sizes) {
    groups.push(digits.slice(from, from + size));
    from += size;
  }
  return groups.join(joint);
}

function until(random: Random, length: number, fits: (digits: string) => boolean): string {
  for (;;) {
    const digits = `${random.between(1, 9)}${random.digits(length - 1)}`;
    if (fits(digits)) return digits;
  }
}

const spanishLetter = (number: string): string =>
  "TRWAGMYFPDXBNJZSQVHLCKE".charAt(Number(number) % 23);

function indianPan(random: Random): string {
  return `${random.string(capitals, 3)}${random.character("PCHFT")}${random.character(capitals)}${random.between(1000, 9999)}${random.character(capitals)}`;
}

function passport(random: Random): Value {
  if (random.chance(0.15)) return { type: "PASSPORT", text: machineReadable(random) };
  const text = random.shape(random.pick(["#########", "A########", "AA#######", "C##A##A##"]));
  return { type: "PASSPORT", text };
}

/** The second line of a passport (ICAO 9303-4, 4.2.2). */
function machineReadable(random: Random): string {
  const number = `${random.character("ABCLP")}${random.digits(8)}`;
  const [born, until] = [
    shortDate(random),
    `3${random.between(0, 3)}0${random.between(1, 9)}1${random.between(0, 9)}`,
  ];
  const family = plainLetters(makePerson(random).family).toUpperCase().slice(0, 9);
  const personal = "".padEnd(14, "<");
  const head = number + mrzDigit(number);
  const middle = born + mrzDigit(born);
  const tail = until + mrzDigit(until) + personal + mrzDigit(personal);
  const sex = family.length % 2 === 0 ? "F" : "M";
  return `${head}UTO${middle}${sex}${tail}${mrzDigit(head + middle + tail)}`;
}
