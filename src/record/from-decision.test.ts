import assert from "node:assert/strict";
import { test } from "node:test";
import type { RuleMatch } from "../domain/index.ts";
import { toRecordedFindings, toRecordedRules } from "./index.ts";

test("findings are listed by class, detector, place and confidence, in whole percent", () => {
  const recorded = toRecordedFindings([
    { class: "pii.phone", detector: "phone@1", in: "prompt", count: 1, confidence: 0.29 },
    { class: "pii.email", detector: "email@1", in: "system", count: 1, confidence: 0.98 },
    { class: "pii.email", detector: "email@1", in: "prompt", count: 2, confidence: 0.98 },
    { class: "pii.email", detector: "email@1", in: "prompt", count: 1, confidence: 0.57 },
    { class: "pii.email", in: "system", count: 4, confidence: 1 },
  ]);
  assert.deepEqual(
    recorded.map((finding) => [
      finding.class,
      finding.detector,
      finding.in,
      finding.confidencePct,
      finding.count,
    ]),
    [
      ["pii.email", undefined, "system", 100, 4],
      ["pii.email", "email@1", "prompt", 57, 1],
      ["pii.email", "email@1", "prompt", 98, 2],
      ["pii.email", "email@1", "system", 98, 1],
      ["pii.phone", "phone@1", "prompt", 29, 1],
    ],
  );
});

test("rules that denied stand first in the order of the decision, the others by id", () => {
  const matched = ["a/x/1", "b/x/2", "c/x/3", "d/x/4"].map(
    (id): RuleMatch => ({ id, layer: "tenant", effect: "deny", match: "T" }),
  );
  const ids = toRecordedRules(matched, ["d/x/4", "b/x/2"]).map((rule) => rule.id);
  assert.deepEqual(ids, ["d/x/4", "b/x/2", "a/x/1", "c/x/3"]);
  assert.equal(toRecordedRules(matched, []), matched);
});
