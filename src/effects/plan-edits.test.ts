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

const text = "ask jane@example.org now";
const tokenOf = (method: string, type: string, value: string) => `${method} of ${type} ${value}`;
const mask: Redaction = { method: "mask", by: "platform/p/r", directions: ["request"] };

test("a covered finding is replaced by its type in brackets", () => {
  const plan = planEdits({
    direction: "request",
    spans: [{ place: "prompt", text, findings: [email(3, 9)] }],
    redact: { "pii.email": mask },
    tokenOf,
  });
  assert.deepEqual(plan.edits, [{ span: 0, start: 3, end: 9, replacement: "[EMAIL]" }]);
  assert.equal(plan.redactedByClass.get("pii.email"), 1);
});

test("a redaction leaves other directions, places and classes alone", () => {
  const spans = [{ place: "prompt" as const, text, findings: [email(0, 5)] }];
  const at = (redact: Record<string, Redaction>, direction: "request" | "response") =>
    planEdits({ direction, spans, redact, tokenOf }).edits.length;
  assert.equal(at({ "pii.email": mask }, "request"), 1);
  assert.equal(at({ "pii.email": mask }, "response"), 0);
  assert.equal(at({ "pii.email": { ...mask, in: ["system"] } }, "request"), 0);
  assert.equal(at({ "pii.phone": mask }, "request"), 0);
});

test("touching findings of one type become one edit, separate ones stay two", () => {
  const edits = (findings: Finding[]) =>
    planEdits({
      direction: "request",
      spans: [{ place: "prompt", text, findings }],
      redact: { "pii.email": { ...mask, method: "remove" } },
      tokenOf,
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

test("each method says of a value what it may", () => {
  const value = "jane@example.org";
  const by = (method: Redaction["method"], found = value) =>
    planEdits({
      direction: "request",
      spans: [{ place: "prompt", text: found, findings: [email(0, found.length)] }],
      redact: { "pii.email": { ...mask, method } },
      tokenOf,
    }).edits[0]?.replacement;
  assert.equal(by("remove"), "");
  assert.equal(by("mask"), "[EMAIL]");
  assert.equal(by("tokenize"), `[EMAIL:tokenize of EMAIL ${value}]`);
  assert.equal(by("hash"), `[EMAIL:hash of EMAIL ${value}]`);
  assert.equal(by("partial"), "[EMAIL:eorg]");
});

test("partial shows at most a third of a value, and nothing of a short one", () => {
  const partial = (text: string) =>
    planEdits({
      direction: "request",
      spans: [{ place: "prompt", text, findings: [email(0, text.length)] }],
      redact: { "pii.email": { ...mask, method: "partial" } },
      tokenOf,
    }).edits[0]?.replacement;
  assert.equal(partial("4111 1111 1111 1234"), "[EMAIL:1234]");
  assert.equal(partial("123-456-7"), "[EMAIL:67]");
  assert.equal(partial("ab"), "[EMAIL]");
});

test("of two decisions on one text the stronger method counts, each in its own place", () => {
  const edit = (ofTool: Redaction, redact?: Record<string, Redaction>) =>
    planEdits({
      direction: "request",
      spans: [
        {
          ...{ place: "prompt", text, findings: [email(3, 9)] },
          ofTool: { place: "tool_result", redact: { "pii.email": ofTool } },
        },
      ],
      redact,
      tokenOf,
    }).edits[0]?.replacement;
  const remove: Redaction = { ...mask, method: "remove" };
  assert.equal(edit(mask), "[EMAIL]");
  assert.equal(edit(remove, { "pii.email": mask }), "");
  assert.equal(edit(mask, { "pii.email": remove }), "");
  assert.equal(edit({ ...mask, in: ["tool_result"] }), "[EMAIL]");
  assert.equal(edit({ ...mask, in: ["prompt"] }), undefined);
  assert.equal(edit({ ...mask, directions: ["response"] }), undefined);
});
