import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Finding } from "../domain/index.ts";
import { joinFindings, toFindings } from "./index.ts";

const reading = {
  detector: "platform/names@3",
  classOf: { PERSON: "pii.person", "pci.pan": "pci.pan", HATE: "threat.hate" },
  confidencePctMin: 40,
};
const told = (findings: readonly Finding[]) =>
  findings.map(({ dataClass, end, start }) => `${dataClass} ${start}-${end}`);

describe("what a classifier says", () => {
  test("becomes findings with class, mask, detector and whole percents", () => {
    const label = { text: 1, label: "PERSON", confidence: 0.854, range: { start: 0, end: 4 } };
    assert.deepEqual(toFindings([label], ["", "Jane"], reading), [
      [],
      [
        {
          ...{ dataClass: "pii.person", type: "PERSON", detector: "platform/names@3" },
          ...{ confidencePct: 85, start: 0, end: 4 },
        },
      ],
    ]);
  });

  test("of a text as a whole is about all of it, and about nothing where it is empty", () => {
    const labels = [0, 1].map((text) => ({ text, label: "HATE", confidence: 1 }));
    assert.deepEqual(toFindings(labels, ["you", ""], reading).map(told), [["threat.hate 0-3"], []]);
  });

  test("a card has the mask that the rules give it", () => {
    const [[card] = []] = toFindings(
      [{ text: 0, label: "pci.pan", confidence: 1 }],
      ["x"],
      reading,
    );
    assert.equal(card?.type, "CREDIT_CARD");
  });

  test("in other words, of other texts, or too unsure is nothing", () => {
    const labels = [
      { text: 0, label: "URL", confidence: 1 },
      { text: 0, label: "constructor", confidence: 1 },
      { text: 7, label: "PERSON", confidence: 1 },
      { text: 0, label: "PERSON", confidence: 0.394 },
      { text: 0, label: "PERSON", confidence: Number.NaN },
      { text: 0, label: "PERSON", confidence: 1, range: { start: 3, end: 3 } },
      { text: 0, label: "PERSON", confidence: 1, range: { start: 9, end: 12 } },
    ];
    assert.deepEqual(toFindings(labels, ["Jane"], reading), [[]]);
  });

  test("never parts a character, and never reaches out of the text", () => {
    const at = (start: number, end: number) => ({
      ...{ text: 0, label: "PERSON", confidence: 1 },
      range: { start, end },
    });
    const found = toFindings([at(1, 3), at(-5, 1), at(2, 99)], ["👋👋 J"], reading).map(told);
    assert.deepEqual(found, [["pii.person 0-4", "pii.person 0-2", "pii.person 2-6"]]);
  });
});

const finding = (dataClass: string, detector: string, start: number, end: number): Finding => ({
  ...{ dataClass, detector, start, end },
  type: "T",
  confidencePct: 80,
});

describe("findings of several detectors", () => {
  test("of different classes are all true, wherever they are", () => {
    const rules = [finding("pii.email", "email@1", 5, 20)];
    const names = [
      finding("pii.person", "names@3", 5, 9),
      finding("pii.person", "names@3", 30, 34),
    ];
    assert.deepEqual(told(joinFindings([rules, names])), [
      "pii.email 5-20",
      "pii.person 5-9",
      "pii.person 30-34",
    ]);
    assert.equal(joinFindings([rules, []]), rules);
  });

  test("of one class count once, as often as whoever tells most apart, and cover what any covers", () => {
    const rules = [finding("pii.email", "email@1", 5, 9), finding("pii.email", "email@1", 12, 16)];
    const same = [finding("pii.email", "names@3", 4, 9)];
    assert.deepEqual(told(joinFindings([rules, same])), ["pii.email 4-9", "pii.email 12-16"]);
    const whole = [finding("pii.email", "names@3", 0, 20)];
    assert.deepEqual(told(joinFindings([rules, whole])), ["pii.email 0-12", "pii.email 12-20"]);
  });

  test("are never fewer than those of one detector, and lose no place of any", () => {
    const list = (detector: string) =>
      fc
        .array(
          fc.tuple(fc.constantFrom("pii.a", "pii.b"), fc.nat(30), fc.integer({ min: 1, max: 9 })),
        )
        .map((parts) => parts.map(([name, at, units]) => finding(name, detector, at, at + units)));
    fc.assert(
      fc.property(list("one@1"), list("two@1"), (one, two) => {
        const joined = joinFindings([one, two]);
        for (const name of ["pii.a", "pii.b"]) {
          const of = (findings: readonly Finding[]) =>
            findings.filter(({ dataClass }) => dataClass === name);
          const covers = (findings: readonly Finding[], at: number) =>
            of(findings).some(({ end, start }) => start <= at && at < end);
          if (isOverlapFree(of(one)) && isOverlapFree(of(two))) {
            assert.ok(of(joined).length >= Math.max(of(one).length, of(two).length));
          }
          for (let at = 0; at < 40; at += 1) {
            assert.equal(covers(joined, at), covers(one, at) || covers(two, at));
          }
        }
      }),
    );
  });
});

function isOverlapFree(findings: readonly Finding[]): boolean {
  const sorted = findings.toSorted((a, b) => a.start - b.start);
  return sorted.every(
    (one, index) => (sorted[index + 1]?.start ?? Number.POSITIVE_INFINITY) >= one.end,
  );
}
