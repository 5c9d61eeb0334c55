import assert from "node:assert/strict";
import { test } from "node:test";
import type { Finding, Redaction } from "../domain/index.ts";
import { planEdits, requireEditable } from "./index.ts";

const email = (start: number, end: number): Finding => ({
  dataClass: "pii.email",
  type: "EMAIL",
  detector: "email@1",
  confidencePct: 95,
  start,
  end,
});

const mask: Redaction = { method: "mask", by: "platform/p/r", directions: ["request"] };

test("a covered finding is replaced by its type in brackets", () => {
  const plan = planEdits({
    direction: "request",
    spans: [{ place: "prompt", findings: [email(3, 9)] }],
    redact: { "pii.email": mask },
  });
  assert.deepEqual(plan.edits, [{ span: 0, start: 3, end: 9, replacement: "[EMAIL]" }]);
  assert.equal(plan.redactedByClass.get("pii.email"), 1);
});

test("a redaction leaves other directions, places and classes alone", () => {
  const spans = [{ place: "prompt" as const, findings: [email(0, 5)] }];
  const at = (redact: Record<string, Redaction>, direction: "request" | "response") =>
    planEdits({ direction, spans, redact }).edits.length;
  assert.equal(at({ "pii.email": mask }, "request"), 1);
  assert.equal(at({ "pii.email": mask }, "response"), 0);
  assert.equal(at({ "pii.email": { ...mask, in: ["system"] } }, "request"), 0);
  assert.equal(at({ "pii.phone": mask }, "request"), 0);
});

test("touching findings of one type become one edit, separate ones stay two", () => {
  const edits = (findings: Finding[]) =>
    planEdits({
      direction: "request",
      spans: [{ place: "prompt", findings }],
      redact: { "pii.email": { ...mask, method: "remove" } },
    }).edits;
  assert.deepEqual(edits([email(0, 4), email(4, 9)]), [
    { span: 0, start: 0, end: 9, replacement: "" },
  ]);
  assert.equal(edits([email(0, 4), email(5, 9)]).length, 2);
});

test("an edit of a text that must stay as it is cannot be carried out", () => {
  const edits = [{ span: 1, start: 0, end: 4, replacement: "[EMAIL]" }];
  requireEditable(edits, [{ isFixed: true }, {}]);
  assert.throws(() => requireEditable(edits, [{}, { isFixed: true }]), {
    code: "redaction_impossible",
  });
});
