import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { setExchangeStage } from "../../test/support/exchange-stage.ts";
import { askWith } from "../../test/support/governed-exchange.ts";
import {
  createCachedDetector,
  createRuleDetector,
  createTextKey,
  type Detector,
  knownText,
  type PackedFindings,
} from "../detect/index.ts";

const history = Array.from({ length: 8 }, (_, turn) => ({
  role: turn % 2 === 0 ? "user" : "assistant",
  content: `Turn ${turn}. ${"The committee put off the decision until all figures are complete. ".repeat(60)}`,
}));
const next = {
  role: "user",
  content: `Write to jane.roe@example.org. ${"It is about the figures. ".repeat(8)}`,
};
const conversation = (messages: readonly object[]) => ({ model: "large", messages });

test("every text is classified for the tenant whose it is", () => {
  const asked: string[] = [];
  const stage = setExchangeStage({
    classify: (spans, tenant) => {
      for (const { text } of spans) asked.push(`${tenant} ${text.slice(0, 8)}`);
      return spans.map(() => []);
    },
  });
  const proxy = askWith(stage, "openai-chat", conversation([next]));
  proxy.responseHeaders({
    ":status": "200",
    "content-type": "application/json",
    "x-note": "to be noted",
  });
  proxy.responseBody(
    JSON.stringify({ choices: [{ message: { role: "assistant", content: "answered" } }] }),
  );
  for (const text of ["Write to", "to be no", "answered"])
    assert.ok(asked.includes(`acme ${text}`));
  assert.deepEqual(
    asked.filter((text) => !text.startsWith("acme ")),
    [],
  );
});

test("of a conversation that goes on only what is new is scanned, and the edits are the same", () => {
  const rules = createRuleDetector();
  const scanned: string[] = [];
  const kept = new Map<string, PackedFindings>();
  const counting: Detector = {
    scan(text) {
      scanned.push(text);
      return rules.scan(text);
    },
    open: () => rules.open(),
  };
  const cached = createCachedDetector(counting, {
    cache: {
      get: (tenant, key) => kept.get(`${tenant} ${key}`),
      keep: (tenant, key, findings) => kept.set(`${tenant} ${key}`, findings),
    },
    version: "1",
  });
  const keyOf = createTextKey(randomBytes(32), "texts");
  const stage = setExchangeStage({
    classify: (spans, tenant) =>
      spans.map(({ text }) => cached.scan(knownText(text, tenant, keyOf))),
  });
  askWith(stage, "openai-chat", conversation(history));
  assert.equal(scanned.filter((text) => text.startsWith("Turn")).length, history.length);
  scanned.length = 0;
  const first = askWith(stage, "openai-chat", conversation([...history, next]));
  assert.deepEqual(
    scanned.filter((text) => text.length > 100),
    [next.content],
  );
  scanned.length = 0;
  const again = askWith(stage, "openai-chat", conversation([...history, next]));
  assert.deepEqual(
    scanned.filter((text) => text.length > 100),
    [],
  );
  assert.ok(first.request.body.toString().includes("Write to [EMAIL]."));
  assert.equal(again.request.body.toString(), first.request.body.toString());
});
