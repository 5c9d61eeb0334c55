/** Valid numbers that states, health services and banks give out, by checks of others than ours. */
import { stdnum } from "stdnum";
import type { Draw } from "./draw.ts";
import {
  base62,
  capitals,
  digits,
  drawDay,
  drawValid,
  grouped,
  hex,
  type Maker,
  masked,
  maskedNumber,
  type PlantedValue,
  twoDigits,
  weightedSum,
  withLuhnDigit,
} from "./planted-value.ts";
import { bitcoinAddress } from "./wallet-address.ts";

/** Makers of numbers of governments, health services and banks, one for each type. */
export const numberMakers: readonly Maker[] = [
  (draw) => masked("US_ITIN", `9${draw.text(digits, 2)}-7${draw.text(digits, 1)}-${serial(draw)}`),
  (draw) => masked("US_EIN", `12-${draw.text(digits, 7)}`, "employer identification number "),
  (draw) => masked("PASSPORT", `A${draw.text(digits, 8)}`, "passport number "),
  (draw) => masked("DRIVER_LICENSE", `D${draw.text(digits, 7)}`, "driver's license "),
  (draw) =>
    masked(
      "UK_NINO",
      `${draw.pick(["AB", "JK", "SX"])}${draw.text(digits, 6)}${draw.pick(["A", "C"])}`,
    ),
  ofState("UK_UTR", ["GB", "utr"], 10, "UTR "),
  (draw) => {
    const plain = withLuhnDigit(`1${draw.text(digits, 7)}`);
    return masked("CA_SIN", grouped(plain, [3, 3, 3], draw.pick([" ", "-"])));
  },
  ofState("AU_TFN", ["AU", "tfn"], 9, "tax file number "),
  (draw) => {
    const plain = drawNumber(draw, ["AU", "abn"], 11);
    return masked("AU_ABN", grouped(plain, [2, 3, 3, 3]), "ABN ");
  },
  (draw) => {
    const plain = drawValid(
      () => `${draw.pick(["2", "7", "9"])}${draw.text(digits, 11)}`,
      is("IN", "aadhaar"),
    );
    return masked("IN_AADHAAR", grouped(plain, [4, 4, 4], draw.pick([" ", "-"])));
  },
  (draw) => masked("IN_PAN", indianAccount(draw)),
  (draw) =>
    masked(
      "IN_GSTIN",
      drawValid(
        () => `27${indianAccount(draw)}1Z${draw.text(digits + capitals, 1)}`,
        is("IN", "gstin"),
      ),
    ),
  (draw) => {
    const plain = drawNumber(draw, ["BR", "cpf"], 11);
    return masked("BR_CPF", `${grouped(plain, [3, 3, 3], ".")}-${plain.slice(9)}`);
  },
  (draw) => {
    const plain = drawValid(
      () => `${draw.text(digits, 8)}0001${draw.text(digits, 2)}`,
      is("BR", "cnpj"),
    );
    return masked(
      "BR_CNPJ",
      `${grouped(plain, [2, 3, 3], ".")}/${plain.slice(8, 12)}-${plain.slice(12)}`,
    );
  },
  (draw) =>
    masked(
      "MX_CURP",
      drawValid(() => `ROEJ${shortDay(draw)}MDFXXN0${draw.text(digits, 1)}`, is("MX", "curp")),
    ),
  (draw) =>
    masked(
      "ES_NIF",
      drawValid(() => `${draw.text(digits, 8)}${draw.text(capitals, 1)}`, is("ES", "dni")),
    ),
  (draw) =>
    masked(
      "IT_FISCAL_CODE",
      drawValid(
        () =>
          `RSSMRA${draw.text("5678", 1)}${draw.text(digits, 1)}T10A${draw.text(digits, 3)}${draw.text(capitals, 1)}`,
        is("IT", "codicefiscale"),
      ),
    ),
  dated("PL_PESEL", ["PL", "pesel"], 5, "PESEL "),
  ofState("NL_BSN", ["NL", "bsn"], 9, "BSN "),
  (draw) => {
    // One digit comes twice among the first ten, and no other does.
    const start = 1 + draw.below(9);
    const step = draw.pick([1, 3, 7, 9]);
    const nine = Array.from({ length: 9 }, (_, at) => (start + at * step) % 10).join("");
    const body = `${nine}${nine.charAt(draw.below(9))}`;
    const make = () => `${body}${draw.text(digits, 1)}`;
    return masked("DE_TAX_ID", drawValid(make, is("DE", "idnr")), "Steuer-ID ");
  },
  (draw) => {
    const { year, month } = drawDay(draw);
    const body = `2${year.slice(2)}${month}75${twoDigits(1 + draw.below(20))}${draw.text(digits, 4)}`;
    const make = () => `${body}${draw.text(digits, 2)}`;
    return masked("FR_NIR", grouped(drawValid(make, is("FR", "nir")), [1, 2, 2, 2, 3, 3, 2]));
  },
  (draw) => {
    const { year, month, day } = drawDay(draw);
    const plain = withLuhnDigit(`${year.slice(2)}${month}${day}${100 + draw.below(900)}`);
    return masked("SE_PERSONNUMMER", grouped(plain, [6, 4], "-"));
  },
  (draw) => {
    const { year, month, day } = drawDay(draw);
    // Of digits alone it could be a Swedish number as well.
    const make = () =>
      `${day}${month}${year.slice(2)}-${100 + draw.below(700)}${draw.text("ABCDEFHJKLMNPRSTUVWXY", 1)}`;
    return masked("FI_HETU", drawValid(make, is("FI", "hetu")));
  },
  (draw) => {
    const { year, month, day } = drawDay(draw);
    const body = `110105${year}${month}${day}${draw.text(digits, 3)}`;
    const plain = drawValid(() => `${body.slice(0, -1)}${draw.text(digits, 2)}`, is("CN", "ric"));
    return maskedNumber("CN_RESIDENT_ID", plain, plain);
  },
  (draw) => {
    const make = () => `${shortDay(draw)}${draw.pick(["1", "2"])}0${draw.text(digits, 5)}`;
    return masked("KR_RRN", grouped(drawValid(make, is("KR", "rrn")), [6, 7], "-"));
  },
  (draw) => masked("JP_MY_NUMBER", japaneseNumber(draw), "my number "),
  (draw) => {
    const body = draw.text(digits, 7);
    const check = "JZIHGFEDCBA".charAt(weightedSum(body, [2, 7, 6, 5, 4, 3, 2]) % 11);
    return masked("SG_NRIC", `S${body}${check}`);
  },
  (draw) => {
    const plain = withLuhnDigit(`${shortDay(draw)}5${draw.text(digits, 3)}08`);
    return masked("ZA_ID", grouped(plain, [6, 4, 3]));
  },
  ofState("TR_NATIONAL_ID", ["TR", "tckimlik"], 11, "TCKN "),
  (draw) => masked("UK_NHS", grouped(healthServiceNumber(draw), [3, 3, 4]), "NHS number "),
  // The prefix of all cards of health, of which only the check digit is left (45 CFR 162.406).
  (draw) => masked("US_NPI", withLuhnDigit(`808401${draw.text(digits, 8)}`).slice(5), "NPI "),
  (draw) => {
    const body = draw.text(digits, 6);
    return masked("US_DEA", `BR${body}${weightedSum(body, [1, 2, 1, 2, 1, 2]) % 10}`);
  },
  (draw) => {
    const kinds = "AAA".replaceAll("A", () => draw.text("CDEFGHJKMN", 1));
    const middle = `${draw.text(digits, 1)}-${kinds.charAt(1)}${kinds.charAt(2)}${draw.text(digits, 1)}`;
    return masked(
      "US_MBI",
      `1${kinds.charAt(0)}${draw.text("EGT", 1)}${middle}-MK${draw.text(digits, 2)}`,
    );
  },
  (draw) => {
    const body = `${draw.text("23456", 1)}${draw.text(digits, 7)}`;
    const check = weightedSum(body, [1, 3, 7, 9, 1, 3, 7, 9]) % 10;
    return masked("AU_MEDICARE", grouped(`${body}${check}11`, [4, 5, 1]), "Medicare card ");
  },
  (draw) => masked("MEDICAL_RECORD", draw.text(digits, 8), "MRN "),
  (draw) => masked("HEALTH_PLAN_ID", `XYZ${draw.text(digits, 9)}`, "member ID: "),
  (draw) => {
    const bank = draw.pick(["DEUT", "COBA", "GENO"]);
    return masked(
      "SWIFT_BIC",
      `${bank}DE${draw.pick(["FF", "BB"])}${draw.text(digits, 3)}`,
      "SWIFT code ",
    );
  },
  (draw) => {
    const make = () => `02${draw.text(digits, 7)}`;
    const passes = (plain: string) => weightedSum(plain, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0;
    return masked("US_ROUTING", drawValid(make, passes), "routing number ");
  },
  (draw) => masked("BANK_ACCOUNT", `00${draw.text(digits, 9)}`, "account number "),
  (draw) => masked("UK_SORT_CODE", grouped(draw.text("12345678", 6), [2, 2, 2], "-"), "sort code "),
  (draw) => masked("BTC_ADDRESS", bitcoinAddress(draw)),
  (draw) => masked("ETH_ADDRESS", `0x${draw.text(hex, 38)}a7`),
  (draw) => masked("ISIN", isin(draw), "ISIN "),
  (draw) => masked("CUSIP", cusip(draw), "CUSIP "),
];

type Oracle = readonly [country: string, type: string];

/** Whether the oracle takes a number. */
function is(...[country, type]: Oracle): (value: string) => boolean {
  const validator = stdnum[country]?.[type];
  if (validator === undefined) throw new Error(`the oracle has no ${country} ${type}`);
  return (value) => validator.validate(value).isValid;
}

function drawNumber(draw: Draw, oracle: Oracle, units: number): string {
  return drawValid(() => `${1 + draw.below(9)}${draw.text(digits, units - 1)}`, is(...oracle));
}

/** A number of so many digits, which only its label tells. */
function ofState(type: string, oracle: Oracle, units: number, lead: string): Maker {
  return (draw) => masked(type, drawNumber(draw, oracle, units), lead);
}

/** A number that begins with a day of birth. */
function dated(type: string, oracle: Oracle, units: number, lead: string): Maker {
  return (draw): PlantedValue => {
    const make = () => `${shortDay(draw)}${draw.text(digits, units)}`;
    return masked(type, drawValid(make, is(...oracle)), lead);
  };
}

function shortDay(draw: Draw): string {
  const { year, month, day } = drawDay(draw);
  return `${year.slice(2)}${month}${day}`;
}

function serial(draw: Draw): string {
  return String(1000 + draw.below(8999));
}

function indianAccount(draw: Draw): string {
  const make = () =>
    `${draw.text(capitals, 3)}P${draw.text(capitals, 1)}${draw.text("12345678", 4)}`;
  return drawValid(() => `${make()}${draw.text(capitals, 1)}`, is("IN", "pan"));
}

/** Weights by the ordinance on individual numbers: 2 to 7 from the right, twice. */
function japaneseNumber(draw: Draw): string {
  const body = `${1 + draw.below(9)}${draw.text(digits, 10)}`;
  const rest = weightedSum(body, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return `${body}${rest <= 1 ? 0 : 11 - rest}`;
}

/** Weights 10 to 2 (NHS data dictionary, "NHS number"). */
function healthServiceNumber(draw: Draw): string {
  const passes = (plain: string) => weightedSum(plain, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
  return drawValid(() => `${draw.pick(["4", "6", "7"])}${draw.text(digits, 9)}`, passes);
}

/** Letters count from 10 (ISO 6166). */
function isin(draw: Draw): string {
  const body = `US${draw.text(digits, 6)}${draw.text(base62.slice(10, 36), 1)}${draw.text(digits, 2)}`;
  const plain = [...body].map((unit) => Number.parseInt(unit, 36)).join("");
  return `${body}${withLuhnDigit(plain).slice(-1)}`;
}

/** Every second digit is doubled, from the left (ANSI X9.6). */
function cusip(draw: Draw): string {
  const body = `${1 + draw.below(9)}${draw.text(digits, 7)}`;
  const sum = [...body].reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 1 : 2);
    return total + Math.floor(value / 10) + (value % 10);
  }, 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}
