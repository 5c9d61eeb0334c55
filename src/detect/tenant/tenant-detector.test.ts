import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, test } from "node:test";
import {
  type Detector,
  digestOfValue,
  type TenantPattern,
  type TenantSource,
  tenantDetectorSteps,
} from "../index.ts";

const naming = { detector: "acme/own@1", confidencePctMin: 40 };

function detectorsOf(source: TenantSource): readonly Detector[] {
  const steps = tenantDetectorSteps(source, naming);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

const pattern = (text: string, more: Partial<TenantPattern> = {}): TenantPattern => ({
  ...{ id: "one", dataClass: "pii.badge", pattern: text, confidencePct: 80, words: [] },
  ...more,
});
const patterns = (...list: readonly TenantPattern[]) =>
  detectorsOf({ kind: "patterns", patterns: list });
const terms = (...list: readonly string[]) =>
  detectorsOf({ kind: "terms", dataClass: "confidential.project", lines: list.join("\n") });
/** The values found, in order. */
const valuesIn = (detectors: readonly Detector[], text: string) =>
  detectors.flatMap((one) => one.scan(text).map(({ end, start }) => text.slice(start, end)));

describe("a pattern of a tenant", () => {
  test("finds what it matches, under its class and the name of its classifier", () => {
    const [detector] = patterns(pattern("\\bB-\\d{5}\\b"));
    assert.deepEqual(detector?.scan("badge B-12345, not B-123456"), [
      {
        ...{ dataClass: "pii.badge", type: "BADGE", detector: "acme/own@1" },
        ...{ confidencePct: 80, start: 6, end: 13 },
      },
    ]);
  });

  test("counts only behind one of its words, where it has some, in whatever way they are written", () => {
    const detectors = patterns(pattern("\\d{5}", { words: ["badge"] }));
    assert.deepEqual(valuesIn(detectors, "The BADGE is 12345."), ["12345"]);
    assert.deepEqual(valuesIn(detectors, "The invoice is 12345."), []);
    assert.deepEqual(valuesIn(detectors, `Badge ${"-".repeat(60)} 12345`), []);
  });

  test("of one class leaves the overlap to the one that begins first; classes count both", () => {
    const one = patterns(pattern("AB\\d+"), pattern("\\d+X", { id: "two" }));
    assert.deepEqual(valuesIn(one, "AB123X"), ["AB123", "X"]);
    const two = patterns(
      pattern("AB\\d+"),
      pattern("\\d+X", { id: "two", dataClass: "pii.other" }),
    );
    assert.deepEqual(valuesIn(two, "AB123X"), ["AB123", "123X"]);
  });

  test("reads what a text says: JSON escapes and unseen characters hide nothing", () => {
    const detectors = patterns(pattern("\\bB-\\d{5}\\b"));
    assert.deepEqual(valuesIn(detectors, 'x "B-\\u0031234\\u200b5" y'), ["B-\\u0031234\\u200b5"]);
    assert.deepEqual(valuesIn(detectors, "B-12\u200b345"), ["B-12\u200b345"]);
  });

  test("never begins with half a character, wherever the text is cut", () => {
    const [detector] = patterns(pattern("[^👋]2"));
    const scan = detector?.open();
    for (const unit of "👋2, 12, ".split("")) scan?.push(unit);
    scan?.end();
    assert.deepEqual(
      scan?.take().map(({ end, start }) => [start, end]),
      [[5, 7]],
    );
  });

  test("without a bound finds long matches in pieces that touch", () => {
    const detectors = patterns(pattern("K[a-z]+"));
    const found = valuesIn(detectors, `x K${"a".repeat(700)} K${"b".repeat(20)}.`);
    assert.equal(found.at(-1), `K${"b".repeat(20)}`);
    assert.ok(found[0]?.startsWith("Kaaaaa"));
  });

  test("that matches everywhere is cut short: the rest of each block is one finding", () => {
    const text = "a".repeat(1024);
    const [detector] = patterns(pattern("a"));
    const found = detector?.scan(text) ?? [];
    assert.equal(found.length, 4 * 65);
    assert.equal(
      found.reduce((sum, { end, start }) => sum + end - start, 0),
      1024,
    );
  });
});

describe("a dictionary of a tenant", () => {
  test("finds its entries word by word, whatever case, accents, width and breaks they have", () => {
    const detectors = terms("Project Falcon", "Müller & Söhne", "Zephyr");
    assert.deepEqual(valuesIn(detectors, "On project-FALCON, project\n falcon; ＺＥＰＨＹＲ!"), [
      "project-FALCON",
      "project\n falcon",
      "ＺＥＰＨＹＲ",
    ]);
    assert.deepEqual(valuesIn(detectors, "MULLER, SOHNE and mu\u0308ller/so\u0308hne"), [
      "MULLER, SOHNE",
      "mu\u0308ller/so\u0308hne",
    ]);
  });

  test("finds whole words alone, and the longest entry", () => {
    const detectors = terms("falcon", "falcon heavy lift");
    assert.deepEqual(valuesIn(detectors, "falcons, afalcon, falcon heavy, falcon heavy lift"), [
      "falcon",
      "falcon heavy lift",
    ]);
  });

  test("finds entries of scripts without spaces anywhere", () => {
    const detectors = terms("北京计划", "プロジェクト鷹");
    assert.deepEqual(valuesIn(detectors, "关于北京计划的事、ﾌﾟﾛ プロジェクト鷹です"), [
      "北京计划",
      "プロジェクト鷹",
    ]);
  });

  test("passes over a word without end, and goes on behind it", () => {
    assert.deepEqual(valuesIn(terms("falcon"), `${"x".repeat(3000)} falcon`), ["falcon"]);
    assert.deepEqual(valuesIn(terms("falcon"), `${"x".repeat(512)}falcon`), []);
  });

  test("holds a hundred thousand entries", () => {
    const lines = Array.from({ length: 100_000 }, (_, index) => `client ${index.toString(36)} ltd`);
    assert.deepEqual(valuesIn(terms(...lines), "for Client 1z Ltd and client 5zzzz ltd"), [
      "Client 1z Ltd",
    ]);
  });
});

describe("a list of values of a tenant", () => {
  const key = Buffer.alloc(32, 7);
  const valuesOf = (...list: readonly string[]) =>
    detectorsOf({
      ...{ kind: "values", dataClass: "pii.customer", key: key.toString("base64url") },
      digests: list.map((value) => digestOfValue(value, key) ?? "").join("\n"),
    });

  test("finds numbers, names and addresses on it, however they are written", () => {
    const detectors = valuesOf("AB-12345 678", "Zoë Quiñones", "jane.roe@example.org");
    assert.deepEqual(
      valuesIn(
        detectors,
        "ab 12345-678, (AB12345678), ZOE QUINONES, mailto:Jane.Roe@EXAMPLE.org. AB-12345 679",
      ),
      ["ab 12345-678", "AB12345678", "ZOE QUINONES", "Jane.Roe@EXAMPLE.org"],
    );
    assert.deepEqual(valuesIn(valuesOf("12345678"), "12-34.56 78 and 1234 5679"), ["12-34.56 78"]);
  });

  test("finds nothing with another key", () => {
    const [detector] = detectorsOf({
      ...{
        kind: "values",
        dataClass: "pii.customer",
        key: Buffer.alloc(32, 8).toString("base64url"),
      },
      digests: digestOfValue("12345678", key) ?? "",
    });
    assert.deepEqual(detector?.scan("12345678"), []);
  });

  test("has digests that are HMAC-SHA-256, as the library makes them", () => {
    for (const bytes of [16, 32, 64]) {
      const other = Buffer.alloc(bytes, 200);
      for (const value of ["12345", "zoequinones", "東京都千代田区"]) {
        const told = createHmac("sha256", other).update(value).digest("base64url");
        assert.equal(digestOfValue(value, other), told.slice(0, 10));
      }
    }
  });

  test("takes no value that is too short to be told, or a text", () => {
    assert.equal(digestOfValue("a-1 2", key), undefined);
    assert.equal(digestOfValue("9".repeat(65), key), undefined);
    assert.match(digestOfValue("12345", key) ?? "", /^[-\w]{10}$/);
  });
});
