import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { stdnum } from "stdnum";
import { Draw } from "../../../test/support/draw.ts";
import { isBrCnpj, isBrCpf, isCaSin, isMxCurp } from "./americas.ts";
import { isCnResidentId, isInAadhaar, isInGstin, isInPan, isKrRrn } from "./asia.ts";
import { isAuAbn, isAuAcn, isAuTfn } from "./australia.ts";
import { isRepeated } from "./digits.ts";
import { isDeTaxId, isFiHetu, isNlBsn, isPlPesel, isSePersonnummer } from "./northern-europe.ts";
import { isZaId } from "./south-africa.ts";
import { isEsNif, isFrNir, isItFiscalCode, isTrNationalId } from "./southern-europe.ts";
import { isUkNino, isUkUtr } from "./united-kingdom.ts";
import { isUsEin, isUsSsn } from "./united-states.ts";

const digits = "0123456789";
const capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

interface OracleCase {
  readonly name: string;
  readonly check: (compact: string) => boolean;
  /** Country and type in the oracle. */
  readonly oracle: readonly [country: string, type: string];
  /** Everything but the check characters; random, and plausible where chance would never be. */
  readonly body: (draw: Draw) => string;
  /** What the check characters are drawn from; all combinations are tried. */
  readonly ends: readonly string[];
  /** How the oracle wants it written. */
  readonly written?: (compact: string) => string;
  /** Where the oracle is known to say otherwise, and why that is right or harmless. */
  readonly differs?: (compact: string) => boolean;
}

const anyDigit = [...digits];
const anyPair = Array.from({ length: 100 }, (_, pair) => String(pair).padStart(2, "0"));
const digitsOf = (units: number) => (draw: Draw) => draw.text(digits, units);
const two = (number: number) => String(number).padStart(2, "0");

/** Month 0 to 13 and day 0 to 32, so that some dates do not exist. */
const monthAndDay = (draw: Draw) => `${two(draw.below(14))}${two(draw.below(33))}`;
const shortDate = (draw: Draw) => `${draw.text(digits, 2)}${monthAndDay(draw)}`;

const cases: readonly OracleCase[] = [
  { name: "US_SSN", check: isUsSsn, oracle: ["US", "ssn"], body: digitsOf(8), ends: anyDigit },
  { name: "US_EIN", check: isUsEin, oracle: ["US", "ein"], body: digitsOf(8), ends: anyDigit },
  {
    name: "CA_SIN",
    check: isCaSin,
    oracle: ["CA", "sin"],
    body: digitsOf(8),
    ends: anyDigit,
    // The oracle has only Luhn; 8 is no province.
    differs: (number) => number.startsWith("8"),
  },
  { name: "BR_CPF", check: isBrCpf, oracle: ["BR", "cpf"], body: digitsOf(9), ends: anyPair },
  {
    name: "BR_CNPJ of digits",
    check: isBrCnpj,
    oracle: ["BR", "cnpj"],
    body: digitsOf(12),
    ends: anyPair,
  },
  {
    name: "BR_CNPJ with letters",
    check: isBrCnpj,
    oracle: ["BR", "cnpj"],
    body: (draw) => draw.text(digits + capitals, 12),
    ends: anyPair,
  },
  {
    name: "MX_CURP",
    check: isMxCurp,
    oracle: ["MX", "curp"],
    body: (draw) => {
      const name = `Z${draw.pick(["A", "E", "O"])}${draw.text("BCDXZ", 2)}`;
      const place = `${draw.pick(["H", "M"])}${draw.pick(["AS", "DF", "VZ", "ZZ", "NE"])}`;
      return `${name}${shortDate(draw)}${place}${draw.text("BCDFGÑ", 3)}${draw.pick(["0", "A"])}`;
    },
    ends: anyDigit,
    // The oracle's alphabet has no Ñ, and it keeps Ñ out.
    differs: (code) => code.includes("Ñ"),
  },
  {
    name: "UK_NINO",
    check: isUkNino,
    oracle: ["GB", "nino"],
    body: (draw) => `${draw.text(capitals, 2)}${draw.text(digits, 6)}`,
    ends: [...capitals],
  },
  { name: "UK_UTR", check: isUkUtr, oracle: ["GB", "utr"], body: digitsOf(9), ends: anyDigit },
  {
    name: "ES_NIF",
    check: isEsNif,
    oracle: ["ES", "dni"],
    body: digitsOf(8),
    ends: [...capitals],
  },
  {
    name: "ES_NIF of foreigners",
    check: isEsNif,
    oracle: ["ES", "nie"],
    body: (draw) => `${draw.pick(["X", "Y", "Z"])}${draw.text(digits, 7)}`,
    ends: [...capitals],
  },
  {
    name: "IT_FISCAL_CODE",
    check: isItFiscalCode,
    oracle: ["IT", "codicefiscale"],
    body: (draw) => {
      const year = draw.pick([draw.text(digits, 2), draw.text("LMNPQRSTUV", 2)]);
      const day = two(draw.below(75));
      return `RSSMRA${year}${draw.text("ABCDEHLMPRST", 1)}${day}${draw.text(capitals, 1)}${draw.text("01M9", 3)}`;
    },
    ends: [...capitals],
    // The oracle does not ask whether there is such a day.
    differs: (code) => Number(code.slice(9, 11)) % 40 > 28 || Number(code.slice(9, 11)) % 40 === 0,
  },
  {
    name: "PL_PESEL",
    check: isPlPesel,
    oracle: ["PL", "pesel"],
    body: (draw) =>
      `${draw.text(digits, 2)}${two(draw.below(100))}${two(draw.below(33))}${draw.text(digits, 4)}`,
    ends: anyDigit,
    // The oracle knows today's date, and nobody born after it.
    differs: (number) => number.slice(2, 4) > "19" && number.slice(2, 4) < "80",
  },
  {
    name: "NL_BSN of nine",
    check: isNlBsn,
    oracle: ["NL", "bsn"],
    body: digitsOf(8),
    ends: anyDigit,
  },
  {
    name: "NL_BSN of eight",
    check: isNlBsn,
    oracle: ["NL", "bsn"],
    body: digitsOf(7),
    ends: anyDigit,
  },
  {
    name: "DE_TAX_ID",
    check: isDeTaxId,
    oracle: ["DE", "idnr"],
    body: (draw) => {
      const shuffled = [...digits].sort(() => draw.below(3) - 1).join("");
      return `${shuffled.slice(0, 9)}${draw.text(shuffled.slice(0, 9), 1)}`;
    },
    ends: anyDigit,
  },
  {
    name: "FR_NIR",
    check: isFrNir,
    oracle: ["FR", "nir"],
    body: (draw) => {
      const place = draw.pick([draw.text(digits, 2), "2A", "2B", "2C"]);
      const sex = draw.pick(["1", "2"]);
      return `${sex}${draw.text(digits, 2)}${two(1 + draw.below(12))}${place}${draw.text(digits, 6)}`;
    },
    ends: anyPair,
  },
  {
    name: "SE_PERSONNUMMER",
    check: isSePersonnummer,
    oracle: ["SE", "personnummer"],
    body: (draw) => `19${shortDate(draw)}${draw.text(digits, 3)}`,
    ends: anyDigit,
    written: (number) => `${number.slice(0, 8)}-${number.slice(8)}`,
    // Nobody's ends in 0000, and the oracle takes coordination numbers for errors.
    differs: (number) => number.endsWith("0000") || Number(number.slice(6, 8)) > 60,
  },
  {
    name: "FI_HETU",
    check: isFiHetu,
    oracle: ["FI", "hetu"],
    body: (draw) =>
      `${two(draw.below(33))}${two(draw.below(14))}${draw.text(digits, 2)}${draw.pick(["-", "A", "+"])}${draw.text(digits, 3)}`,
    ends: [..."0123456789ABCDEFHJKLMNPRSTUVWXYIOQZ"],
    // The oracle knows today's date, and nobody born after it.
    differs: (code) => code.charAt(6) === "A" && code.slice(4, 6) > "20",
  },
  {
    name: "TR_NATIONAL_ID",
    check: isTrNationalId,
    oracle: ["TR", "tckimlik"],
    body: digitsOf(9),
    ends: anyPair,
  },
  {
    name: "AU_TFN of nine",
    check: isAuTfn,
    oracle: ["AU", "tfn"],
    body: digitsOf(8),
    ends: anyDigit,
  },
  {
    name: "AU_TFN of eight",
    check: isAuTfn,
    oracle: ["AU", "tfn"],
    body: digitsOf(7),
    ends: anyDigit,
  },
  { name: "AU_ABN", check: isAuAbn, oracle: ["AU", "abn"], body: digitsOf(9), ends: anyPair },
  {
    name: "AU_ABN of companies",
    check: isAuAcn,
    oracle: ["AU", "acn"],
    body: digitsOf(8),
    ends: anyDigit,
  },
  {
    name: "IN_AADHAAR",
    check: isInAadhaar,
    oracle: ["IN", "aadhaar"],
    body: digitsOf(11),
    ends: anyDigit,
  },
  {
    name: "IN_PAN",
    check: isInPan,
    oracle: ["IN", "pan"],
    body: (draw) => `${draw.text(capitals, 5)}${draw.text("0012", 4)}`,
    ends: [...capitals],
    // The oracle has K for trusts of a kind that the tax office does not list.
    differs: (code) => code.charAt(3) === "K" || code.slice(5, 9) === "0000",
  },
  {
    name: "IN_GSTIN",
    check: isInGstin,
    oracle: ["IN", "gstin"],
    body: (draw) =>
      `${two(draw.below(40))}ABC${draw.text(capitals, 2)}${draw.text(digits, 4)}F1${draw.pick(["Z", "Z", "Y"])}`,
    ends: [...digits, ...capitals],
    // The oracle lacks Ladakh, has K among the holders, and any letter for Z.
    differs: (code) => code.startsWith("38") || code.charAt(5) === "K" || code.charAt(13) !== "Z",
  },
  {
    name: "CN_RESIDENT_ID",
    check: isCnResidentId,
    oracle: ["CN", "ric"],
    body: (draw) => `${draw.pick(["110105", "440301"])}19${shortDate(draw)}${draw.text(digits, 3)}`,
    ends: [...digits, "X"],
  },
  {
    name: "KR_RRN",
    check: isKrRrn,
    oracle: ["KR", "rrn"],
    body: (draw) =>
      `${shortDate(draw)}${draw.text("1234", 1)}${draw.text("01234", 2)}${draw.text(digits, 3)}`,
    ends: anyDigit,
    // Numbers given out since October 2020 carry no check digit; the oracle still asks for it.
    differs: (number) => "34".includes(number.charAt(6)) && number.slice(0, 4) >= "2010",
  },
  {
    name: "ZA_ID",
    check: isZaId,
    oracle: ["ZA", "idnr"],
    body: (draw) =>
      `${shortDate(draw)}${draw.text(digits, 4)}${draw.text("0123", 1)}${draw.text(digits, 1)}`,
    ends: anyDigit,
    // The oracle has no refugees, whose digit is 2.
    differs: (number) => number.charAt(10) === "2",
  },
];

const numbersPerType = 6000;

describe("checks agree with an independent library on random numbers", () => {
  for (const entry of cases) {
    it(entry.name, () => {
      const verdicts = [...numbersOf(entry)].map((compact) => verdictOn(entry, compact));
      const passed = verdicts.filter((isValid) => isValid).length;
      assert.ok(passed > 10, `only ${passed} numbers were valid`);
    });
  }
});

/** Random numbers with each of the check characters, without those that are known to differ. */
function* numbersOf({ name, body, ends, differs }: OracleCase): Generator<string> {
  const draw = new Draw(name.length);
  for (let count = 0; count < numbersPerType; count += ends.length) {
    const start = body(draw);
    for (const end of ends) {
      const compact = start + end;
      if (!isRepeated(compact) && differs?.(compact) !== true) yield compact;
    }
  }
}

function verdictOn({ check, oracle, written }: OracleCase, compact: string): boolean {
  const [country, type] = oracle;
  const validator = stdnum[country]?.[type];
  assert.ok(validator);
  const { isValid } = validator.validate(written?.(compact) ?? compact);
  assert.equal(check(compact), isValid, compact);
  return isValid;
}
