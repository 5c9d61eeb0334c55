import assert from "node:assert/strict";
import test from "node:test";
import { testAbsences, testDetections } from "../../../test/support/detection-cases.ts";
import { createRuleDetector } from "../index.ts";
import type { Candidate, LabelledFamily } from "../scan/family.ts";
import { layDown } from "../text/units.ts";
import { labelledBankCodes } from "./bank-codes.ts";
import { cardCodes, cardExpiries } from "./card-details.ts";

const detector = createRuleDetector();
const bitcoin = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
const ethereum = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";

testDetections("numbers of accounts, banks, securities and wallets", detector, {
  US_ROUTING: [
    "routing ‹021000021›",
    "export ROUTING_NUMBER=‹021000021›",
    "id,aba\nx,‹121000248›\ny,‹011401533›\n",
    "ABA: ‹121000248›",
    '"routing_number":"‹011401533›"',
  ],
  BANK_ACCOUNT: [
    "account ‹00012345678›",
    "acct_no=‹12345678›",
    "acct_‹12345678›",
    "Konto: ‹1234 5678›",
  ],
  UK_SORT_CODE: ["sort code ‹20-00-00›", "sort_code: ‹200000›", "Sort code: ‹20 00 00›"],
  SWIFT_BIC: [
    "BIC ‹DEUTDEFF500›",
    "swift: ‹CHASUS33›",
    "BIC: ‹DEUTDEFF›",
    "our swift code ‹DEUTDEFF›",
    "bic=‹DEUTDEFFXXX›",
  ],
  ISIN: ["ISIN ‹US0378331005›", "isin=‹XS0104440986›"],
  CUSIP: ["CUSIP ‹037833100›", "cusip: ‹38259P508›"],
  BTC_ADDRESS: [
    `‹${bitcoin}›`,
    `to=‹${bitcoin.toUpperCase()}›;`,
    "‹1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa›.",
    "send to ‹3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy›, please",
    `bitcoin:‹${bitcoin}›?amount=1`,
  ],
  ETH_ADDRESS: [`‹${ethereum}›`, `"to":"‹${ethereum.toLowerCase()}›"`, `eth wallet ‹${ethereum}›.`],
});

testAbsences("look-alikes of financial numbers", detector, {
  US_ROUTING: ["021000021", "routing 021000022", "aba 000000000"],
  BANK_ACCOUNT: ["00012345678", "account 1234", "account 000000", "on account of 2024 figures"],
  UK_SORT_CODE: ["20-00-00", "sort by 10-20"],
  SWIFT_BIC: ["DEUTDEFF500", "swift DEUTXXFF500", "swift development in 2024"],
  ISIN: ["US0378331005", "isin US0378331006", "isin QQ0378331005"],
  CUSIP: ["037833100", "cusip 037833101"],
  BTC_ADDRESS: [
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
    `${bitcoin}x`,
    `x${bitcoin}`,
  ],
  ETH_ADDRESS: [
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD",
    `0x${"88df016429689c079f3b2f6ad39fa052532c5679"}${"5b733da78a91ebe6a713944b"}`,
    `0x${"0".repeat(40)}`,
    `${ethereum}0`,
  ],
});

function found(family: LabelledFamily, text: string, isStructural = true): readonly string[] {
  const candidates: Candidate[] = [];
  const [topic] = family.topics;
  assert.ok(topic !== undefined);
  layDown(text);
  family.find({ text, from: 0, to: text.length, topic, isStructural, isQuoted: false }, candidates);
  return candidates.map(({ start, end }) => text.slice(start, end));
}

test("the code of a card is three or four digits behind its label", () => {
  for (const text of ["123", "1234", " is 123.", "123, exp 12/29", "no. 123"]) {
    assert.deepEqual(found(cardCodes, text), [text.match(/\d+/)?.[0]], text);
  }
  for (const text of ["12", "12345", "123.45", "x123", "123-456", "of the card on file: 123"]) {
    assert.deepEqual(found(cardCodes, text), [], text);
  }
});

test("month and year are the expiry of a card behind its label", () => {
  for (const text of ["12/29", "01/2029", "12-29", "12 / 29", "1229", "2029-12", "1/29"]) {
    assert.deepEqual(found(cardExpiries, text), [text], text);
  }
  for (const text of [
    "13/29",
    "00/29",
    "12/29/2024",
    "2029-12-31",
    "1767225600",
    "2029",
    "12:29",
  ]) {
    assert.deepEqual(found(cardExpiries, text), [], text);
  }
});

test("letters are enough for the code of a bank behind its label", () => {
  assert.deepEqual(found(labelledBankCodes, "DEUTDEFF"), ["DEUTDEFF"]);
  assert.deepEqual(found(labelledBankCodes, "code is DEUTDEFFXXX"), ["DEUTDEFFXXX"]);
  for (const text of ["DEUTXXFF", "deutdeff", "DEUTDEF", "transfer"]) {
    assert.deepEqual(found(labelledBankCodes, text), [], text);
  }
});

test("a label makes a value behind it surer than a word of a sentence", () => {
  const pct = (isStructural: boolean) => {
    const candidates: Candidate[] = [];
    const value = {
      ...{ text: "123", from: 0, to: 3, topic: cardCodes.topics[0] ?? 0 },
      ...{ isStructural, isQuoted: false },
    };
    layDown(value.text);
    cardCodes.find(value, candidates);
    return candidates[0]?.confidencePct;
  };
  assert.deepEqual([pct(true), pct(false)], [70, 60]);
});
