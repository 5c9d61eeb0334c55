import assert from "node:assert/strict";
import { test } from "node:test";
import type { DecisionRecord } from "./index.ts";
import { encodeDecision } from "./index.ts";

const position = {
  ...{ log: "gov.acme.example/eu1/pod-7/0/5f0c2a91", seq: 2 },
  id: "01a1fd1e-9063-7670-891a-985ccc8c71a2",
  at: "2026-11-21T08:00:01.123456Z",
};
const base: DecisionRecord = {
  exchange: "01a1fd1e-9060-7266-9625-1b601630ea14",
  point: "request",
  outcome: "permit",
  verdict: "transform",
  mode: "enforce",
  fallback: "none",
  timeUs: { total: 1 },
  retainDays: 400,
};
const written = (more: Partial<DecisionRecord>) => {
  const line = encodeDecision({ ...base, ...more }, position);
  return { line, record: JSON.parse(line) as Record<string, unknown> };
};

test("what decided beside the rules stands in the record, keys in canonical order", () => {
  const { line, record } = written({
    buckets: { "acme/injection-2": 9999 },
    evaluated: [{ rule: "acme/p/r", match: "F", at: "subjects" }],
    lifted: [{ rule: "platform/baseline/x", by: "platform/review" }],
    quotas: { "acme/daily": "exceeded" },
    shadow: { verdict: "deny", reason: "rule", changed: true, rules: ["acme/p/s"] },
    suspended: ["acme/injection-2"],
    tools: [
      {
        point: "tool.list",
        name: "crm/lookup",
        server: "crm",
        outcome: "permit",
        verdict: "allow",
      },
    ],
    obligations: {
      params: { temperature: { max: 0.5 } },
      retention: { store: false, maxDays: 0 },
      tools: { remove: ["shell*"], requireApproval: { ttl: "10m" } },
      prompt: { prepend: ["acme/p/words"] },
      headers: { set: { "x-region": "acme/p/region" } },
      audit: { level: "trace" },
      quotas: ["acme/daily"],
    },
  });
  const keys = Object.keys(record);
  assert.deepEqual(keys, keys.toSorted());
  assert.ok(
    line.includes(
      '"shadow":{"changed":true,"reason":"rule","rules":["acme/p/s"],"verdict":"deny"}',
    ),
  );
  assert.ok(line.includes('"lifted":[{"by":"platform/review","rule":"platform/baseline/x"}]'));
  assert.ok(line.includes('"quotas":{"acme/daily":"exceeded"}'));
  assert.ok(line.includes('"suspended":["acme/injection-2"]'));
  assert.ok(line.includes('"params":{"temperature":{"max":{"decimal":"0.5"}}}'));
  const obligations = Object.keys(record["obligations"] as object);
  assert.deepEqual(obligations, obligations.toSorted());
});

test("no shadow, no tools and no lifts are not written", () => {
  const { record } = written({ shadow: null, tools: [], lifted: [], quotas: {}, obligations: {} });
  for (const key of ["shadow", "tools", "lifted", "quotas", "obligations"]) {
    assert.ok(!Object.hasOwn(record, key), key);
  }
});

test("a record that is too long loses its trace first, then the shadow's rules, then tools", () => {
  const long = (index: number) => `${"a".repeat(240)}-${index}`;
  const names = Array.from({ length: 64 }, (_, index) => long(index));
  const { line, record } = written({
    controls: names.slice(0, 10),
    evaluated: names.map((rule) => ({ rule, match: "T", at: null })),
    shadow: { verdict: "deny", reason: "rule", changed: true, rules: names },
    tools: [{ point: "tool.call", name: "crm/lookup", outcome: "permit", verdict: "allow" }],
  });
  assert.ok(Buffer.byteLength(line) <= 16_384);
  assert.deepEqual(record["truncated"], ["evaluated", "shadow"]);
  assert.equal(record["evaluated"], undefined);
  assert.equal((record["tools"] as unknown[]).length, 1);
});
