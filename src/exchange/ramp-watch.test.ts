import assert from "node:assert/strict";
import { test } from "node:test";
import {
  answerWith,
  askWith,
  governedStage,
  policiesWith,
} from "../../test/support/governed-exchange.ts";
import type { Decision } from "../domain/index.ts";
import type { JudgedThing, RampWatch } from "./index.ts";

const version = (number: string, rule: string) => `apiVersion: chancery/v1alpha1
kind: Policy
metadata: { name: screen, namespace: platform }
spec: { version: ${number}, attach: { layer: global }, rules: [${rule}] }
---
`;

/** Stable says nothing, the candidate denies answers with an address in them. */
const ramped = [
  version("1.0.0", "{ id: look, effect: warn }"),
  version(
    "2.0.0",
    "{ id: stop, effect: deny, dataClasses: { anyOf: [pii.email], in: [response] } }",
  ),
  `apiVersion: chancery/v1alpha1
kind: Rollout
metadata: { name: screen, namespace: platform }
spec:
  policy: screen
  stable: 1.0.0
  candidate: 2.0.0
  seed: s
  step: { percent: 100 }
  guards: { maxNewDenyRate: 0.5 }
`,
].join("");

const ask = { model: "large", messages: [{ role: "user", content: "hi" }] };
const answer = JSON.stringify({
  object: "chat.completion",
  choices: [
    { index: 0, message: { role: "assistant", content: "a@example.org" }, finish_reason: "stop" },
  ],
});

function begin() {
  const told: [JudgedThing, Decision["ramps"]][] = [];
  const watch = {
    suspended: new Set<string>(),
    judged: (what: JudgedThing, { ramps }: Decision) => void told.push([what, ramps]),
  };
  const ramps: RampWatch = watch;
  return { stage: governedStage(policiesWith(ramped), { ramps }), told, watch };
}

const name = "platform/screen";

test("of each decision on record it is told what both versions say", () => {
  const { stage, told } = begin();
  const proxy = askWith(stage, "openai-chat", ask);
  answerWith(proxy, "application/json", [answer]);
  const verdicts = told.map(([what, ramps]) => [
    what,
    ramps?.[name]?.stable.verdict,
    ramps?.[name]?.candidate.verdict,
  ]);
  assert.deepEqual(verdicts, [
    ["requests", "warn", "allow"],
    ["answers", "redact", "deny"],
  ]);
  assert.equal(stage.records[1]?.reason, "rule");
  assert.equal(stage.records[0]?.["suspended"], undefined);
});

test("an exchange ends as it began, and the next one meets the suspension and says so", () => {
  const { stage, watch } = begin();
  const before = askWith(stage, "openai-chat", ask);
  watch.suspended = new Set([name]);
  answerWith(before, "application/json", [answer]);
  assert.equal(stage.records[1]?.reason, "rule");
  answerWith(askWith(stage, "openai-chat", ask), "application/json", [answer]);
  assert.deepEqual(stage.records[2]?.["suspended"], [name]);
  assert.equal(stage.records[3]?.["verdict"], "redact");
});
