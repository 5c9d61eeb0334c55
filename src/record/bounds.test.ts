import assert from "node:assert/strict";
import { test } from "node:test";
import type { RuleMatch } from "../domain/index.ts";
import type { DecisionRecord } from "./decision-record.ts";
import { cuttableFields, encodeBypass, encodeDecision } from "./index.ts";
import type { RecordPosition } from "./parts.ts";

const position: RecordPosition = {
  log: "host/0/5f0c2a91",
  seq: 0,
  id: "01a1fd1e-9063-7670-891a-985ccc8c71a2",
  at: "2026-11-21T08:00:01.123456Z",
};

const small: DecisionRecord = {
  exchange: "01a1fd1e-9060-7266-9625-1b601630ea14",
  point: "request",
  outcome: "permit",
  verdict: "allow",
  mode: "enforce",
  fallback: "none",
  timeUs: { total: 1 },
  retainDays: 400,
};

const isCuttable = (field: string) => cuttableFields.some((known) => known === field);

function parsed(record: DecisionRecord) {
  const told: (readonly string[])[] = [];
  const watcher = { truncated: (fields: readonly string[]) => told.push(fields) };
  const line = encodeDecision(record, position, watcher);
  assert.ok(Buffer.byteLength(line) <= 16 * 1024, "a record has at most 16 KiB");
  const written = JSON.parse(line);
  const { truncated } = written;
  assert.deepEqual(told, truncated === undefined ? [] : [truncated], "told once, and only of cuts");
  assert.ok(told.flat().every(isCuttable), `every name is known: ${told}`);
  return written;
}

function rules(count: number, idLength: number): readonly RuleMatch[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `${index}/`.padEnd(idLength, "r"),
    layer: "tenant",
    effect: "deny",
    match: "T",
  }));
}

test("a list keeps its first 64 entries", () => {
  const warnings = Array.from({ length: 65 }, (_, index) => `w${index}`);
  const record = parsed({ ...small, rules: rules(70, 8), warnings });
  assert.equal(record.rules.length, 64);
  assert.deepEqual(record.rules, rules(64, 8));
  assert.deepEqual(record.warnings, warnings.slice(0, 64));
  assert.deepEqual(record.truncated, ["rules", "warnings"]);
});

test("a list of 64 is whole", () => {
  const record = parsed({ ...small, rules: rules(64, 8) });
  assert.equal(record.truncated, undefined);
});

test("a name from traffic is cut at 256 bytes, between characters", () => {
  for (const [requested, kept] of [
    ["m".repeat(257), "m".repeat(256)],
    ["m".repeat(256), undefined],
    ["é".repeat(128), undefined],
    ["é".repeat(200), "é".repeat(128)],
    [`a${"€".repeat(100)}`, `a${"€".repeat(85)}`],
    [`abc${"\u{1f600}".repeat(64)}`, `abc${"\u{1f600}".repeat(63)}`],
    ["\ud800".repeat(86), "\ufffd".repeat(85)],
  ] as const) {
    const record = parsed({ ...small, model: { requested } });
    assert.equal(record.model.requested, kept ?? requested);
    assert.deepEqual(record.truncated, kept === undefined ? undefined : ["model"]);
  }
});

test("what was cut before is named beside what the writer cuts", () => {
  const record = parsed({
    ...small,
    requestId: "x".repeat(300),
    truncated: ["findings", "requestId"],
  });
  assert.deepEqual(record.truncated, ["findings", "requestId"]);
});

test("over 16 KiB rules go first, from their end, and only as many as needed", () => {
  const findings = Array.from({ length: 20 }, (_, index) => ({
    class: `pii.c${index}`,
    detector: "d@1",
    count: 1,
    confidencePct: 90,
    in: "prompt",
  }));
  const record = parsed({ ...small, rules: rules(64, 250), findings });
  assert.deepEqual(record.truncated, ["rules"]);
  assert.equal(record.findings.length, 20);
  const kept = record.rules.length;
  assert.deepEqual(record.rules, rules(64, 250).slice(0, kept));
  const oneMore = JSON.stringify({ ...record, rules: rules(kept + 1, 250) });
  assert.ok(Buffer.byteLength(oneMore) > 16 * 1024, "one more rule would not have fit");
});

test("findings go after rules, and facts after findings", () => {
  const findings = Array.from({ length: 64 }, (_, index) => ({
    class: `c${index}.`.padEnd(250, "x"),
    detector: "d".repeat(200),
    count: 1,
    confidencePct: 90,
    in: "prompt",
  }));
  const withFindings = parsed({ ...small, rules: rules(64, 250), findings });
  assert.deepEqual(withFindings.truncated, ["findings", "rules"]);
  assert.equal(withFindings.rules, undefined);
  assert.ok(withFindings.findings.length > 20);

  const facts = Object.fromEntries(
    Array.from({ length: 64 }, (_, index) => [`request.params.${index}`, "\u0001".repeat(256)]),
  );
  const withFacts = parsed({ ...small, rules: rules(64, 250), findings, facts });
  assert.deepEqual(withFacts.truncated, ["facts", "findings", "rules"]);
  assert.equal(withFacts.findings, undefined);
  assert.ok(Object.keys(withFacts.facts).length >= 8);
});

test("a bypass tells of its cuts as well", () => {
  const told: (readonly string[])[] = [];
  const watcher = { truncated: (fields: readonly string[]) => told.push(fields) };
  const { exchange } = small;
  encodeBypass({ exchange, reason: "route", route: "r" }, position, watcher);
  assert.deepEqual(told, []);
  const long = "r".repeat(300);
  encodeBypass({ exchange, reason: "route", route: long, tenant: long }, position, watcher);
  assert.deepEqual(told, [["route", "tenant"]]);
  assert.ok(told.flat().every(isCuttable));
});

test("a key that is too long or not well-formed is left out and named", () => {
  const record = parsed({
    ...small,
    facts: { ["k".repeat(257)]: 1, "\ud800": 2, "\ufffd": 3, ["é".repeat(129)]: 4, fine: 5 },
  });
  assert.deepEqual(record.facts, { "\ufffd": 3, fine: 5 });
  assert.deepEqual(record.truncated, ["facts"]);
});

test("a key that would read as another one is left out and named", () => {
  const line = encodeDecision({ ...small, facts: { "\ud800": 2, "\ufffd": 3 } }, position);
  assert.ok(line.includes('"facts":{"\ufffd":3},'));
  assert.ok(line.includes('"truncated":["facts"]'));
});

test("versions are named as cut in every record that has them", () => {
  const layers = Array.from({ length: 65 }, (_, index) => ({ id: `t${index}`, digest: "d" }));
  const versions = { effective: "e", snapshot: "s", semantics: 1, engine: "1.0.0", layers };
  for (const _ of ["first", "second"]) {
    const record = parsed({ ...small, versions });
    assert.deepEqual(record.versions.layers, layers.slice(0, 64));
    assert.deepEqual(record.truncated, ["versions"]);
  }
});

test("a fact named like an object's prototype is just a fact", () => {
  const facts = JSON.parse('{"__proto__":1,"constructor":2}');
  const line = encodeDecision({ ...small, facts }, position);
  assert.ok(line.includes('"facts":{"__proto__":1,"constructor":2}'));
});

test("the bound holds when every text is hostile", () => {
  const hostile = "\u0001".repeat(5000);
  const many = Array.from({ length: 100 }, () => hostile);
  const record = parsed({
    ...small,
    requestId: hostile,
    tenant: hostile,
    app: hostile,
    route: hostile,
    trace: { traceId: hostile, spanId: hostile },
    principal: { kind: "user", ref: hostile, auth: hostile, groups: many, roles: many },
    model: { requested: hostile, used: hostile, provider: hostile, region: hostile },
    hops: many.map((model) => ({ model, result: "permit", reason: hostile })),
    reason: hostile,
    decidedBy: hostile,
    warnings: many,
    controls: many,
    obligationsDigest: hostile,
    obligations: { redact: { [hostile]: { method: "mask", by: hostile, directions: ["log"] } } },
    versions: {
      effective: hostile,
      snapshot: hostile,
      semantics: 1,
      engine: hostile,
      layers: many.map((id) => ({ id, digest: hostile })),
    },
    rules: rules(100, 5000),
    facts: Object.fromEntries(many.map((value, index) => [`k${index}`, value])),
  });
  assert.equal(record.outcome, "permit");
  assert.equal(record.exchange, small.exchange);
});
