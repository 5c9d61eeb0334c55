import assert from "node:assert/strict";
import { describe, it } from "node:test";
import cards from "card-validator";
import { isValidIBAN } from "ibantools";
import { stdnum } from "stdnum";
import {
  abaDigit,
  cusipDigit,
  deaDigit,
  lettersAsNumbers,
  luhnDigit,
  medicareDigit,
  myNumberDigit,
  nhsDigit,
  nricLetter,
  vinCheck,
} from "../bench/corpus/check-digits.ts";
import {
  createCorpus,
  createInjectionSet,
  createWilderCorpus,
  type LabelledDocument,
  typeEntries,
} from "../bench/corpus/index.ts";
import { checksummed } from "../bench/corpus/wallet-addresses.ts";

const corpus = createCorpus("test", 2000);
const wilder = createWilderCorpus("test", 500);

describe("corpora for measuring detection", () => {
  it("are the same again for the same seed", () => {
    assert.deepEqual(createCorpus("again", 50), createCorpus("again", 50));
    assert.deepEqual(createWilderCorpus("again", 50), createWilderCorpus("again", 50));
    assert.notDeepEqual(createCorpus("again", 5), createCorpus("other", 5));
  });

  it("label spans that lie in the text, in order and apart", () => {
    for (const { id, text, spans } of [...corpus, ...wilder]) {
      let last = 0;
      for (const { start, end } of spans) {
        assert.ok(start >= last && end > start && end <= text.length, id);
        last = end;
      }
    }
  });

  it("hold every type at least twenty times, in at least twelve genres, and clean documents", () => {
    const counts = new Map<string, number>();
    for (const { type } of corpus.flatMap(({ spans }) => spans)) {
      counts.set(type, (counts.get(type) ?? 0) + 1);
    }
    const rare = typeEntries.filter(({ type }) => (counts.get(type) ?? 0) < 20);
    assert.deepEqual(
      rare.map(({ type }) => type),
      [],
    );
    assert.ok(new Set(corpus.map(({ genre }) => genre)).size >= 12);
    assert.ok(corpus.filter(({ spans }) => spans.length === 0).length > 500);
  });

  it("share no document", () => {
    const texts = new Set(corpus.map(({ text }) => text));
    assert.equal(wilder.filter(({ text }) => texts.has(text)).length, 0);
  });

  for (const [type, isValid] of oracles()) {
    it(`make each ${type} so that an independent validator accepts it`, () => {
      const values = [...corpus, ...wilder].flatMap((document) => valuesOf(document, type));
      assert.ok(values.length >= 20);
      for (const value of values) assert.ok(isValid(value), value);
    });
  }

  it("complete published examples where no validator is at hand", () => {
    assert.equal(abaDigit("02100002"), "1");
    assert.equal(nhsDigit("999001000"), "5");
    assert.equal(luhnDigit("80840123456789"), "3");
    assert.equal(deaDigit("123456"), "3");
    assert.equal(vinCheck("1M8GDM9A0KP042788"), "X");
    assert.equal(medicareDigit("21234567"), "0");
    assert.equal(nricLetter("S", "1234567"), "D");
    assert.equal(luhnDigit(lettersAsNumbers("US037833100")), "5");
    assert.equal(cusipDigit("03783310"), "0");
    assert.equal(myNumberDigit("12345678901"), "8");
  });

  it("check wallet addresses as EIP-55 says", () => {
    const address = "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
    assert.equal(checksummed(address.toLowerCase()), address);
  });
});

describe("the set of attacks and look-alikes", () => {
  it("shares no text between the half to look at and the half that judges", () => {
    const seen = new Set(createInjectionSet("test", "development", 200).map(({ text }) => text));
    const judged = createInjectionSet("test", "held-out", 200);
    assert.deepEqual(
      judged.filter(({ text }) => seen.has(text)),
      [],
    );
    assert.equal(judged.filter(({ isAttack }) => isAttack).length, 200);
  });
});

/** Values of a type that stand in the text as they are, without escapes or hidden characters. */
function valuesOf({ text, spans }: LabelledDocument, type: string): string[] {
  return spans
    .filter((span) => span.type === type && span.wide === undefined)
    .map(({ start, end }) => text.slice(start, end))
    .filter((value) => /^[\x20-\x7e]+$/.test(value));
}

function oracles(): readonly (readonly [string, (value: string) => boolean])[] {
  return [
    ["IBAN", (value) => isValidIBAN(value.replaceAll(" ", ""))],
    ["CREDIT_CARD", (value) => cards.number(value.replaceAll(/[ -]/g, "")).isValid],
    ["CA_SIN", national("CA", "sin")],
    ["AU_TFN", national("AU", "tfn")],
    ["AU_ABN", national("AU", "abn")],
    ["AU_ACN", national("AU", "acn")],
    ["IN_AADHAAR", national("IN", "aadhaar")],
    ["IN_GSTIN", national("IN", "gstin")],
    ["BR_CPF", national("BR", "cpf")],
    ["MX_CURP", national("MX", "curp")],
    ["IT_FISCAL_CODE", national("IT", "codicefiscale")],
    ["PL_PESEL", national("PL", "pesel")],
    ["NL_BSN", national("NL", "bsn")],
    ["DE_TAX_ID", national("DE", "idnr")],
    ["FR_NIR", national("FR", "nir")],
    ["SE_PERSONNUMMER", national("SE", "personnummer")],
    ["FI_HETU", national("FI", "hetu")],
    ["CN_RESIDENT_ID", national("CN", "ric")],
    ["KR_RRN", national("KR", "rrn")],
    ["ZA_ID", national("ZA", "idnr")],
    ["TR_NATIONAL_ID", national("TR", "tckimlik")],
    ["UK_UTR", national("GB", "utr")],
  ];
}

/** A validator by its country and the name of the number there. */
function national(country: string, name: string): (value: string) => boolean {
  const validator = stdnum[country]?.[name];
  assert.ok(validator !== undefined, `${country}.${name}`);
  return (value) => validator.validate(value).isValid;
}
