import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Scorer } from "../bench/detection-score.ts";
import { areaUnderCurve, recallAtFalseAlarms } from "../bench/injection-score.ts";

const text = "mail jane@brimo.dev or call 020 7946 0123 now";
const mail = { type: "EMAIL", start: 5, end: 19 };
const phone = { type: "PHONE", start: 28, end: 41 };
const document = { id: "a", genre: "chat", text, spans: [mail, phone] };
const clean = { id: "b", genre: "chat", text, spans: [] };

function scoreOf(predictions: readonly { type: string; start: number; end: number }[]) {
  const scorer = new Scorer(false);
  scorer.add(document, predictions);
  return scorer.score();
}

describe("the score of a detector", () => {
  it("is perfect for exactly what was planted", () => {
    const score = scoreOf([mail, phone]);
    assert.equal(score.typed.f1, 1);
    assert.equal(score.macroTypeF1, 1);
    assert.equal(score.exact, 1);
    assert.equal(score.leaked, 0);
    assert.equal(score.altered, 0);
  });

  it("tells a value found under a wrong name from one found", () => {
    const score = scoreOf([mail, { ...phone, type: "US_SSN" }]);
    assert.equal(score.anyType.f1, 1);
    assert.equal(score.typed.f1, 0.5);
    assert.equal(score.macroTypeF1, 0.5);
  });

  it("takes other names of the same row of the catalogue", () => {
    const scorer = new Scorer(false);
    const passport = { type: "PASSPORT", start: 0, end: 9 };
    scorer.add({ id: "a", genre: "x", text: "A12345678", spans: [passport] }, [
      { ...passport, type: "US_PASSPORT" },
    ]);
    assert.equal(scorer.score().typed.f1, 1);
  });

  it("counts an overlap of half as found, less as missed", () => {
    assert.equal(scoreOf([{ ...mail, end: 12 }, phone]).typed.recall, 1);
    assert.equal(scoreOf([{ ...mail, end: 11 }, phone]).typed.recall, 0.5);
    assert.equal(scoreOf([{ ...mail, end: 12 }, phone]).exact, 0.5);
  });

  it("lets one finding answer one value", () => {
    const score = scoreOf([mail, mail, phone]);
    assert.equal(score.typed.recall, 1);
    assert.ok(score.typed.precision < 1);
  });

  it("counts characters that stay and characters that suffer", () => {
    const score = scoreOf([{ ...mail, start: 0, end: 12 }]);
    assert.equal(score.leaked, (7 + 13) / 27);
    assert.equal(score.altered, 5 / (text.length - 27));
  });

  it("counts findings where nothing is", () => {
    const scorer = new Scorer(false);
    scorer.add(clean, [mail, phone]);
    scorer.add(clean, []);
    assert.equal(scorer.score().falsePositivesPerThousand, 1000);
  });

  it("does not ask for what may be found or not", () => {
    const scorer = new Scorer(false);
    scorer.add({ ...document, spans: [mail, { ...phone, isOptional: true }] }, [mail]);
    scorer.add({ ...document, spans: [mail, { ...phone, isOptional: true }] }, [mail, phone]);
    assert.equal(scorer.score().typed.f1, 1);
  });

  it("takes the whole of an encoded run for each value in it", () => {
    const wide = { start: 5, end: 41 };
    const scorer = new Scorer(false);
    const spans = [
      { ...mail, wide },
      { ...phone, type: "EMAIL", wide },
    ];
    scorer.add({ ...document, spans }, [{ type: "EMAIL", ...wide }]);
    assert.equal(scorer.score().typed.f1, 1);
    assert.equal(scorer.score().altered, 0);
  });
});

describe("the score of attacks", () => {
  const cases = [0.9, 0.8, 0.3].map((score) => ({ score, isAttack: true }));
  const harmless = [0.5, 0.2, 0.1, 0].map((score) => ({ score, isAttack: false }));

  it("is the share of pairs in the right order", () => {
    assert.equal(areaUnderCurve([...cases, ...harmless]), 11 / 12);
    assert.equal(
      areaUnderCurve([
        { score: 1, isAttack: true },
        { score: 1, isAttack: false },
      ]),
      0.5,
    );
  });

  it("has the recall above the threshold that lets few false alarms pass", () => {
    assert.equal(recallAtFalseAlarms([...cases, ...harmless], 0.01), 2 / 3);
    assert.equal(recallAtFalseAlarms([...cases, ...harmless], 0.25), 1);
  });
});
