import assert from "node:assert/strict";
import { test } from "node:test";
import { loadSnapshot, platformDocuments } from "../index.ts";
import { toDecisionDocument } from "./decision-document.ts";
import { readDecisionInput } from "./decision-input.ts";
import { evaluate } from "./evaluate.ts";

const { snapshot } = loadSnapshot(platformDocuments({ tenant: "acme", app: "chat" }), {
  engineVersion: "1.0.0",
});

function documentOf(time: string) {
  const { input } = readDecisionInput({ time, action: "llm.generate", tenant: "acme" });
  assert.ok(snapshot && input);
  const origin = { input, versions: snapshot.versionsFor("acme") };
  return toDecisionDocument(evaluate(snapshot, input), origin);
}

test("all members but the trace are there, empty or not", () => {
  assert.deepEqual(Object.keys(documentOf("2026-03-02T10:00:00Z")), [
    ...["decision", "outcome", "verdict", "reason", "decidedBy", "rules", "model", "obligations"],
    ...["warnings", "lifted", "shadow", "hops", "effective", "versions"],
  ]);
});

test("the id of a decision is a UUID of its question, the same each time", () => {
  const first = documentOf("2026-03-02T10:00:00Z").decision;
  assert.match(first, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(documentOf("2026-03-02T10:00:00Z").decision, first);
  assert.notEqual(documentOf("2026-03-02T10:00:01Z").decision, first);
});

test("a folder without versions is named by its digest", () => {
  const { versions } = documentOf("2026-03-02T10:00:00Z");
  assert.deepEqual(Object.keys(versions), ["platform", "acme", "semantics"]);
  assert.match(String(versions["platform"]), /^sha256:[0-9a-f]{64}$/);
  assert.equal(versions["semantics"], 1);
});
