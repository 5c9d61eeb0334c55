import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  answerWith,
  askWith,
  governedStage,
  policiesWith,
  policyOf,
} from "../../test/support/governed-exchange.ts";
import { asLog, sourceOf } from "../../test/support/replays.ts";
import { loadSnapshot, type PolicyFile } from "../policy/index.ts";
import { compareRecords } from "./against.ts";
import { Versions } from "./versions.ts";

const lookup =
  "{ id: read, effect: allow, actions: [tool.list, tool.call], tools: { names: [crm/lookup] } }";
const refund =
  "{ id: pay, effect: allow, actions: [tool.list, tool.call], tools: { names: [billing/refund] } }";
const noRefund =
  "{ id: no-pay, effect: deny, actions: [tool.call], tools: { names: [billing/refund] } }";
const small =
  "{ id: small, effect: deny, actions: [tool.call], tools: { names: [billing/refund] }, conditions: [{ name: amount, expression: 'double(tool.args.amount) > 50.0' }] }";

const catalog = `apiVersion: chancery/v1alpha1
kind: ToolCatalog
metadata: { name: tools, namespace: platform }
spec: { tools: [{ name: crm/lookup, risk: read }, { name: billing/refund, risk: write }] }
---
`;

const of = (...rules: readonly string[]) => policiesWith(catalog + policyOf(...rules));

/** What a server has on record that offered both tools and was answered with a call of one. */
function recordsUnder(
  files: readonly PolicyFile[],
  called: string | undefined = "lookup",
  offered: readonly string[] = ["lookup", "refund"],
) {
  const stage = governedStage(files);
  const tools = offered.map((name) => ({
    ...{ type: "function", function: { name, parameters: {} } },
  }));
  const messages = [{ role: "user", content: "hi" }];
  const proxy = askWith(stage, "openai-chat", { model: "large", messages, tools });
  const call = { id: "a", type: "function", function: { name: called, arguments: '{"amount":5}' } };
  const message = { role: "assistant", content: "Working.", tool_calls: [call] };
  const choices = [{ index: 0, message, finish_reason: "tool_calls" }];
  answerWith(proxy, "application/json", [JSON.stringify({ choices })]);
  return stage.records;
}

async function compare(
  files: readonly PolicyFile[],
  candidate: readonly PolicyFile[],
  called?: string,
  offered?: readonly string[],
) {
  const { snapshot } = loadSnapshot(candidate, { engineVersion: "0.0.0" });
  assert.ok(snapshot !== undefined);
  const records = asLog(recordsUnder(files, called, offered));
  return compareRecords(records, new Versions(sourceOf(files), "0.0.0"), snapshot);
}

describe("tools under other policies", () => {
  test("that are the same change nothing", async () => {
    const report = await compare(of(lookup, refund), of(lookup, refund), "refund");
    const { isWider, replayed, transitions, unchanged } = report;
    assert.deepEqual(
      { isWider, replayed, unchanged },
      { isWider: false, replayed: 2, unchanged: 2 },
    );
    assert.deepEqual(transitions, []);
  });

  test("are named where one that was permitted is denied, by the rule that did", async () => {
    const { isWider, replayed, transitions, unchanged } = await compare(
      of(lookup, refund),
      of(lookup, refund, noRefund),
      "refund",
    );
    const [row, ...others] = transitions.map(({ examples: _, ...row }) => row);
    const rule = "platform/more/no-pay";
    assert.deepEqual(row, {
      ...{ from: "allow", to: "deny", tenant: "acme", rule, tool: "billing/refund", count: 1 },
    });
    assert.deepEqual(others, []);
    assert.deepEqual(
      { isWider, replayed, unchanged },
      { isWider: false, replayed: 2, unchanged: 1 },
    );
  });

  test("are wider where one that was taken out of the request would be offered", async () => {
    const { isWider, transitions } = await compare(of(lookup), of(lookup, refund));
    const [row] = transitions;
    assert.equal(transitions.length, 1);
    assert.deepEqual(
      [row?.from, row?.to, row?.tool, row?.count],
      ["deny", "allow", "billing/refund", 1],
    );
    assert.equal(isWider, true);
  });

  test("pass where those say nothing of tools", async () => {
    const { isWider, transitions } = await compare(
      of(lookup),
      policiesWith(policyOf("{ id: w, effect: warn }")),
    );
    const ofTools = transitions.filter(({ tool }) => tool !== undefined);
    assert.deepEqual(
      ofTools.map(({ from, to, tool }) => ({ from, to, tool })),
      [{ from: "deny", to: "allow", tool: "billing/refund" }],
    );
    assert.equal(isWider, true);
  });

  const noted = "{ id: w, effect: warn }";
  const untouched = policiesWith(policyOf(noted));

  test("that nobody judged then leave the exchange undetermined, which is never unchanged", async () => {
    const report = await compare(untouched, of(noted, lookup), "refund");
    const { isWider, replayed, transitions, undetermined, unjudgedTools } = report;
    assert.deepEqual([replayed, undetermined, unjudgedTools], [0, 2, 2]);
    assert.deepEqual([isWider, transitions], [false, []]);
  });

  test("that nobody judged then hide no other change of the exchange", async () => {
    const { replayed, transitions, unjudgedTools } = await compare(untouched, of(lookup));
    assert.deepEqual(
      transitions.map(({ count, from, to }) => [from, to, count]),
      [["warn", "allow", replayed]],
    );
    assert.deepEqual([replayed, unjudgedTools], [2, 2]);
  });

  test("that nobody offered change nothing for policies that judge them", async () => {
    const { unchanged, unjudgedTools } = await compare(untouched, of(noted, lookup), undefined, []);
    assert.deepEqual([unchanged, unjudgedTools], [2, 0]);
  });

  test("leave the record undetermined where they hang on what a tool was called with", async () => {
    const { replayed, transitions, undetermined } = await compare(
      of(lookup, refund),
      of(lookup, refund, small),
      "refund",
    );
    assert.deepEqual({ replayed, undetermined }, { replayed: 1, undetermined: 1 });
    assert.deepEqual(transitions, []);
  });
});
