import assert from "node:assert/strict";
import { describe, it } from "node:test";
import cardValidator from "card-validator";
import { electronicFormatIBAN, isValidIBAN } from "ibantools";
import { Draw } from "../../../test/support/draw.ts";
import { isJpMyNumber, isSgNric } from "./asia.ts";
import { isAuMedicare } from "./australia.ts";
import { isDate, isLongDate } from "./calendar.ts";
import { isImei, isVin } from "./devices.ts";
import { isAscending, isRepeated } from "./digits.ts";
import { passesIbanCheck } from "./iso-7064.ts";
import { passesLuhn } from "./luhn.ts";
import { isCusip, isIsin } from "./securities.ts";
import { passesTravelCheck } from "./travel-document.ts";
import { isUkNhs } from "./united-kingdom.ts";
import { isUsDea, isUsItin, isUsMbi, isUsNpi, isUsRouting } from "./united-states.ts";

const digits = "0123456789";
const capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const rounds = 4000;

const valuesOf = (text: string) => [...text].map((unit) => Number.parseInt(unit, 36));
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const times = (text: string, weights: readonly number[]) =>
  sum(valuesOf(text).map((value, index) => value * (weights[index] ?? 0)));

/** Luhn as the standard tells it in words: digits of the doubled values added up. */
const luhn = (text: string) => {
  const backwards = valuesOf(text).reverse();
  const parts = backwards.map((value, index) => String(index % 2 === 0 ? value : value * 2));
  return sum(valuesOf(parts.join(""))) % 10 === 0;
};

interface RuleCase {
  readonly check: (compact: string) => boolean;
  /** The rule once more, from the text of its standard. */
  readonly rule: (compact: string) => boolean;
  readonly draw: (draw: Draw) => string;
  readonly published: readonly string[];
  readonly wrong: readonly string[];
}

const tenDigits = (draw: Draw) => draw.text(digits, 10);

const rules: Readonly<Record<string, RuleCase>> = {
  US_ROUTING: {
    check: isUsRouting,
    rule: (number) => {
      const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = valuesOf(number);
      const first = a * 10 + b;
      const isBank = first < 13 || (first > 20 && first < 33) || (first > 60 && first < 73);
      const total = 3 * (a + d + g) + 7 * (b + e + h) + (c + f + i);
      return (isBank || first === 80) && Number.isInteger(total / 10);
    },
    draw: (draw) => draw.pick(["02", "11", "31", "44", "80", "65"]) + draw.text(digits, 7),
    published: ["021000021", "011401533", "091000019", "121000248"],
    wrong: ["021000022", "131000000", "000000000"],
  },
  US_NPI: {
    check: isUsNpi,
    rule: (number) => /^[12]/.test(number) && luhn(`80840${number}`),
    draw: (draw) => draw.text("123", 1) + draw.text(digits, 9),
    published: ["1234567893", "1245319599"],
    wrong: ["1234567890", "3234567893"],
  },
  US_ITIN: {
    check: isUsItin,
    rule: (number) => /^9\d\d(5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])/.test(number) && !isRepeated(number),
    draw: (draw) => draw.pick(["9", "9", "8"]) + draw.text(digits, 8),
    published: ["900700001"],
    wrong: ["900490001", "900660001", "900890001", "900930001", "800700001"],
  },
  US_DEA: {
    check: isUsDea,
    rule: (code) => {
      const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0] = valuesOf(code.slice(2));
      return !"INOQVWYZ".includes(code.charAt(0)) && (a + c + e + (b + d + f) * 2) % 10 === g;
    },
    draw: (draw) => draw.text(capitals, 2) + draw.text(digits, 7),
    published: ["AB1234563", "BB1388568"],
    wrong: ["AB1234564", "IB1234563"],
  },
  US_MBI: {
    check: isUsMbi,
    rule: (code) => /^[1-9][AC-HJKMNP-RT-Y][\dAC-HJKMNP-RT-Y]\d[AC-HJKMNP-RT-Y]/.test(code),
    draw: (draw) =>
      `${draw.text(digits, 1)}${draw.text(capitals, 1)}A4${draw.text(capitals, 1)}E5MK73`,
    published: ["1EG4TE5MK73"],
    wrong: ["0EG4TE5MK73", "1SG4TE5MK73", "1EG4TE5MB73"],
  },
  UK_NHS: {
    check: isUkNhs,
    rule: (number) => {
      const rest = 11 - (times(number.slice(0, 9), [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11);
      return (
        rest !== 10 && String(rest === 11 ? 0 : rest) === number.charAt(9) && !isRepeated(number)
      );
    },
    draw: tenDigits,
    published: ["9990010005", "9434765919", "4505577104"],
    wrong: ["9990010006", "9434765918", "0000000000"],
  },
  AU_MEDICARE: {
    check: isAuMedicare,
    rule: (number) =>
      /^[2-6]/.test(number) &&
      number.charAt(9) !== "0" &&
      times(number.slice(0, 8), [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === Number(number.charAt(8)),
    draw: tenDigits,
    published: ["2123456701"],
    wrong: ["2123456711", "1123456701", "2123456700"],
  },
  JP_MY_NUMBER: {
    check: isJpMyNumber,
    rule: (number) => {
      // From the right, the check digit left out: n + 1 for the first six, n - 5 for the others.
      const places = valuesOf(number.slice(0, 11)).reverse();
      const total = sum(places.map((value, at) => value * (at < 6 ? at + 2 : at - 4)));
      const check = total % 11 <= 1 ? 0 : 11 - (total % 11);
      return check === Number(number.charAt(11)) && !isRepeated(number);
    },
    draw: (draw) => draw.text(digits, 12),
    published: ["123456789018"],
    wrong: ["123456789012", "111111111111"],
  },
  SG_NRIC: {
    check: isSgNric,
    rule: (code) => {
      const letter = code.charAt(0);
      const total = times(code.slice(1, 8), [2, 7, 6, 5, 4, 3, 2]);
      const start = { S: 0, T: 4, F: 0, G: 4, M: 3 }[letter];
      if (start === undefined) return false;
      const place = 10 - ((total + start) % 11);
      const letters = { S: "ABCDEFGHIZJ", T: "ABCDEFGHIZJ", M: "KLJNPQRTUWX" }[letter];
      return (letters ?? "KLMNPQRTUWX").charAt(place) === code.charAt(8);
    },
    draw: (draw) => draw.text("STFGMA", 1) + draw.text(digits, 7) + draw.text(capitals, 1),
    published: ["S1234567D", "F1234567N", "T1234567J", "G1234567X"],
    wrong: ["S1234567E", "A1234567D"],
  },
  ISIN: {
    check: isIsin,
    rule: (code) => /^(US|DE|XS)/.test(code) && luhn(valuesOf(code).join("")),
    draw: (draw) =>
      draw.pick(["US", "DE", "XS", "QQ"]) + draw.text(digits + capitals, 9) + draw.text(digits, 1),
    published: ["US0378331005", "AU0000XVGZA3", "GB0002634946", "XS0104440986"],
    wrong: ["US0378331004", "QQ0378331005"],
  },
  CUSIP: {
    check: isCusip,
    rule: (code) => {
      const parts = valuesOf(code.slice(0, 8)).map((value, at) =>
        String(at % 2 === 0 ? value : value * 2),
      );
      return (sum(valuesOf(parts.join(""))) + Number(code.charAt(8))) % 10 === 0;
    },
    draw: (draw) => draw.text(digits + capitals, 8) + draw.text(digits, 1),
    published: ["037833100", "38259P508", "17275R102"],
    wrong: ["037833101", "38259P509"],
  },
  IMEI: {
    check: isImei,
    rule: luhn,
    draw: (draw) => draw.text(digits, 15),
    published: ["490154203237518"],
    wrong: ["490154203237519", "000000000000000"],
  },
  VIN: {
    check: isVin,
    rule: (code) => {
      const table = "A1B2C3D4E5F6G7H8J1K2L3M4N5P7R9S2T3U4V5W6X7Y8Z9";
      if (/[IOQ]/.test(code)) return false;
      const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
      const values = [...code].map((unit) =>
        Number(/\d/.test(unit) ? unit : table.charAt(table.indexOf(unit) + 1)),
      );
      const rest = sum(values.map((value, at) => value * (weights[at] ?? 0))) % 11;
      return code.charAt(8) === (rest === 10 ? "X" : String(rest));
    },
    draw: (draw) =>
      draw.text(`${digits}ABCDEFGHJKLMNPRSTUVWXYZ`, 8) +
      draw.text(`${digits}X`, 1) +
      draw.text(digits + capitals, 8),
    published: ["1M8GDM9AXKP042788"],
    wrong: ["1M8GDM9A0KP042788", "1M8GDM9AXKP04278O"],
  },
};

describe("checks without a library to compare with keep to their standard's text", () => {
  for (const [name, entry] of Object.entries(rules)) {
    it(name, () => {
      for (const value of entry.published) assert.ok(entry.check(value), value);
      for (const value of entry.wrong) assert.ok(!entry.check(value), value);
      const passed = randomValues(name, entry).filter((value) => verdictOn(entry, value)).length;
      assert.ok(passed > 10, `only ${passed} numbers were valid`);
    });
  }
});

function randomValues(name: string, entry: RuleCase): readonly string[] {
  const draw = new Draw(name.length);
  const values = Array.from({ length: rounds }, () => entry.draw(draw));
  return values.filter((value) => !isRepeated(value) && !isAscending(value));
}

function verdictOn({ check, rule }: RuleCase, value: string): boolean {
  assert.equal(check(value), rule(value), value);
  return check(value);
}

describe("account and card numbers", () => {
  const countries = [
    ["DE", 18],
    ["AT", 16],
    ["CH", 17],
    ["DK", 14],
  ] as const;

  it("MOD 97-10 agrees with an independent library", () => {
    const draw = new Draw(1);
    let passed = 0;
    for (let round = 0; round < 200; round += 1) {
      const [country, units] = draw.pick(countries);
      const account = draw.text(digits, units);
      for (let check = 2; check < 99; check += 1) {
        const number = `${country}${String(check).padStart(2, "0")}${account}`;
        assert.equal(passesIbanCheck(number), isValidIBAN(number), number);
        if (passesIbanCheck(number)) passed += 1;
      }
    }
    assert.ok(passed >= 200);
    for (const written of ["GB82 WEST 1234 5698 7654 32", "FR14 2004 1010 0505 0001 3M02 606"]) {
      const number = electronicFormatIBAN(written) ?? "";
      assert.ok(passesIbanCheck(number) && passesIbanCheck(number.toLowerCase()));
    }
  });

  it("Luhn agrees with an independent library on the numbers of a brand", () => {
    const draw = new Draw(2);
    for (let round = 0; round < rounds; round += 1) {
      const number = `${draw.pick(["4111", "5105", "4929"])}${draw.text(digits, 12)}`;
      assert.equal(passesLuhn(number), cardValidator.number(number).isValid, number);
    }
  });
});

describe("dates and travel documents", () => {
  it("the calendar is that of the platform", () => {
    const years = Array.from({ length: 36 }, (_, index) => 1850 + 7 * index);
    const days = Array.from({ length: 14 * 33 }, (_, index) => [
      Math.floor(index / 33),
      index % 33,
    ]);
    for (const year of years) {
      for (const [month = 0, day = 0] of days) {
        const date = new Date(Date.UTC(year, month - 1, day));
        const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
        assert.equal(isDate(year, month, day), isReal, `${year}-${month}-${day}`);
      }
    }
    assert.ok(isDate(2000, 2, 29) && !isDate(1900, 2, 29));
    assert.ok(
      isLongDate("x19991231", 1) && !isLongDate("18491231", 0) && !isLongDate("21000101", 0),
    );
  });

  it("the check digits of ICAO's specimen pass, and no other digit does", () => {
    const line = "L898902C36UTO7408122F1204159ZE184226B<<<<<10";
    for (const [start, end] of [
      [0, 9],
      [13, 19],
      [21, 27],
      [28, 42],
    ] as const) {
      for (const digit of digits) {
        const changed = line.slice(0, end) + digit + line.slice(end + 1);
        assert.equal(passesTravelCheck(changed, start, end), digit === line.charAt(end));
      }
    }
  });
});
