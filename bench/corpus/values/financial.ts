import {
  abaDigit,
  cusipDigit,
  ibanOf,
  lettersAsNumbers,
  luhnDigit,
  remainder,
} from "../check-digits.ts";
import { capitals, type Random } from "../random.ts";
import { bitcoinAddress, ethereumAddress } from "../wallet-addresses.ts";
import type { Maker } from "./made.ts";

/** Makers of cards, accounts and wallets: rows 53 to 63 of the catalogue. */
export const financialMakers: Readonly<Record<string, Maker>> = {
  CREDIT_CARD: (random) => ({ type: "CREDIT_CARD", text: card(random) }),
  CVV: (random) => ({ type: "CVV", text: random.digits(random.pick([3, 3, 3, 4])) }),
  CARD_EXPIRY: (random) => ({
    type: "CARD_EXPIRY",
    text: `${String(random.between(1, 12)).padStart(2, "0")}/${random.pick(["", "20"])}${random.between(26, 33)}`,
  }),
  IBAN: (random) => ({ type: "IBAN", text: iban(random) }),
  SWIFT_BIC: (random) => ({
    type: "SWIFT_BIC",
    text: `${random.string(capitals, 4)}${random.pick(["DE", "FR", "GB", "NL", "US", "JP"])}${random.shape("A#")}${random.pick(["", "XXX", "500"])}`,
  }),
  US_ROUTING: (random) => {
    const eight = `${random.pick(["02", "06", "11", "12", "26", "31"])}${random.digits(6)}`;
    return { type: "US_ROUTING", text: eight + abaDigit(eight) };
  },
  BANK_ACCOUNT: (random) => ({
    type: "BANK_ACCOUNT",
    text: random.shape(random.pick(["########", "000########", "############", "####-######"])),
  }),
  UK_SORT_CODE: (random) => ({
    type: "UK_SORT_CODE",
    text: `${random.between(10, 90)}-${random.digits(2)}-${random.digits(2)}`,
  }),
  BTC_ADDRESS: (random) => ({ type: "BTC_ADDRESS", text: bitcoinAddress(random) }),
  ETH_ADDRESS: (random) => ({ type: "ETH_ADDRESS", text: ethereumAddress(random) }),
  ISIN: (random) => {
    const body = `${random.pick(["US", "DE000", "FR00", "GB00", "CH00"])}`.padEnd(11, "#");
    const eleven = random.shape(body);
    return { type: "ISIN", text: eleven + luhnDigit(lettersAsNumbers(eleven)) };
  },
  CUSIP: (random) => {
    const eight = random.shape(random.pick(["######10", "#####A10", "######AA"]));
    return { type: "CUSIP", text: eight + cusipDigit(eight) };
  },
};

function card(random: Random): string {
  const [start, length] = random.pick([
    ["4", 16],
    ["4", 16],
    ["51", 16],
    ["55", 16],
    ["2221", 16],
    ["37", 15],
    ["6011", 16],
    ["3530", 16],
    ["36", 14],
  ] as const);
  const body = start + random.digits(length - 1 - start.length);
  const whole = body + luhnDigit(body);
  const joint = random.pick([" ", " ", "-", ""]);
  const groups = length === 16 ? /(\d{4})(\d{4})(\d{4})(\d{4})/ : /(\d{4})(\d{6})(\d+)/;
  return whole.replace(groups, (_, ...parts) =>
    parts.filter((part) => typeof part === "string" && part !== whole).join(joint),
  );
}

function iban(random: Random): string {
  const [country, account] = random.pick<readonly [string, string]>([
    ["DE", random.digits(18)],
    ["GB", random.string(capitals, 4) + random.digits(14)],
    ["NL", random.pick(["ABNA", "INGB", "RABO"]) + random.digits(10)],
    ["FR", frenchAccount(random.digits(21))],
    ["AT", random.digits(16)],
    ["CH", random.digits(17)],
    ["SE", random.digits(20)],
    ["IE", random.string(capitals, 4) + random.digits(14)],
  ]);
  const whole = ibanOf(country, account);
  return random.chance(0.5) ? whole : whole.replaceAll(/(.{4})(?=.)/g, "$1 ");
}

/** Bank, branch and account with the national key that makes the whole a multiple of 97. */
function frenchAccount(digits: string): string {
  return digits + String(97 - remainder(`${digits}00`, 97)).padStart(2, "0");
}
