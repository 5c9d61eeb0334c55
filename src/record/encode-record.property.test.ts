import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { actions, places } from "../domain/index.ts";
import { canonicalJson } from "../signing/index.ts";
import type { BypassRecord } from "./bypass-record.ts";
import type { ClosingRecord } from "./closing-record.ts";
import type { DecisionRecord } from "./decision-record.ts";
import { encodeBypass, encodeClosing, encodeDecision, readRecordLine } from "./index.ts";

/** Texts with every code point below U+0080 and samples above, lone surrogates among them. */
const character = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 0x7f }).map((c) => String.fromCharCode(c)) },
  { weight: 1, arbitrary: fc.constantFrom("é", "€", "\u2028", "\u2029", "\ufeff", "\u0085") },
  { weight: 1, arbitrary: fc.constantFrom("\u{1f600}", "\u{10ffff}", "\ud800", "\udfff") },
);
const text = fc.array(character, { maxLength: 12 }).map((parts) => parts.join(""));
const key = text.filter((value) => value.isWellFormed());
const count = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const texts = fc.array(text, { maxLength: 4 });
const layer = fc.constantFrom("global", "tenant", "app", "model");
const application = fc.constantFrom("ok", "failed", "none");
const end = fc.constantFrom("complete", "refused", "cut", "peer_reset", "deadline", "drained");

function optional<T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) {
  return fc.record(fields, { requiredKeys: [] });
}

const fact = fc.oneof(
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n }),
  text,
  texts,
);

const results = fc.dictionary(key, fc.constantFrom("T", "E"), { maxKeys: 3 });

const tool = fc.record(
  {
    point: fc.constantFrom("tool.list", "tool.call", "tool.result"),
    server: text,
    name: text,
    risk: text,
    outcome: fc.constantFrom("permit", "deny"),
    verdict: fc.constantFrom("deny", "redact", "warn", "allow"),
    reason: text,
    decidedBy: text,
    warnings: texts,
    quotas: fc.dictionary(key, fc.constantFrom("ok", "exceeded", "unavailable"), { maxKeys: 3 }),
    results,
  },
  { requiredKeys: ["point", "name", "outcome", "verdict"] },
);

const judged = {
  tenant: text,
  app: text,
  route: text,
  model: optional({
    requested: fc.option(text),
    used: fc.option(text),
    provider: text,
    region: text,
  }),
  reason: fc.option(text),
  decidedBy: fc.option(text),
  rules: fc.array(
    fc.record({
      id: text,
      layer,
      effect: fc.constantFrom("allow", "deny", "redact", "warn"),
      match: fc.constantFrom("T", "E"),
    }),
    { maxLength: 4 },
  ),
  warnings: texts,
  tools: fc.array(tool, { maxLength: 3 }),
  results,
  controls: texts,
  obligations: optional({
    redact: fc.dictionary(
      key,
      fc.record(
        {
          method: fc.constantFrom("mask", "remove"),
          by: text,
          directions: fc.subarray(["log", "request", "response"] as const, { minLength: 1 }),
          in: fc.subarray([...places]),
        },
        { requiredKeys: ["method", "by", "directions"] },
      ),
      { maxKeys: 3 },
    ),
  }),
  obligationsDigest: text,
  applied: optional({
    headers: application,
    redactions: application,
    params: application,
    route: application,
    body: application,
    spans: count,
  }),
  facts: fc.dictionary(key, fact, { maxKeys: 5 }),
  findings: fc.array(
    fc.record(
      { class: text, detector: text, in: fc.constantFrom(...places), count, confidencePct: count },
      { requiredKeys: ["class", "in", "count", "confidencePct"] },
    ),
    { maxLength: 4 },
  ),
  unsigned: fc.constant(true as const),
};

const judgedAlways = {
  exchange: fc.uuid(),
  point: fc.constantFrom("request", "response", "tool.list", "tool.call", "tool.result"),
  outcome: fc.constantFrom("permit", "deny", "none"),
  verdict: fc.constantFrom("deny", "fail_open", "redact", "transform", "warn", "allow", "none"),
  timeUs: fc.record(
    { parse: count, detect: count, evaluate: count, queue: count, total: count },
    { requiredKeys: ["total"] },
  ),
};

const digest = fc.constant(`hmac-sha256:c202611:${"aA0-_".repeat(8)}bcd`);
const side = fc.record({ bytes: count, digest, tokens: count }, { requiredKeys: ["bytes"] });
const kind = fc.constantFrom("user", "workload", "composite");

const decision = fc.record(
  {
    ...judged,
    ...judgedAlways,
    final: fc.constant(true as const),
    requestId: text,
    trace: fc.record({ traceId: text, spanId: text }),
    principal: fc.record(
      {
        kind,
        ref: text,
        auth: text,
        issuer: text,
        groups: texts,
        roles: texts,
        actor: fc.record({ kind, ref: text }),
      },
      { requiredKeys: ["kind", "ref", "auth"] },
    ),
    action: fc.constantFrom(...actions),
    hops: fc.array(
      fc.record({
        model: text,
        result: fc.constantFrom("permit", "deny", "unavailable"),
        reason: fc.option(text),
      }),
      { maxLength: 3 },
    ),
    versions: fc.record({
      effective: text,
      snapshot: text,
      semantics: count,
      engine: text,
      layers: fc.array(
        fc.record({ id: text, version: text, digest: text }, { requiredKeys: ["id", "digest"] }),
        { maxLength: 3 },
      ),
    }),
    mode: fc.constantFrom("enforce", "observe"),
    fallback: fc.constantFrom("none", "last_good", "default_deny", "open"),
    input: side,
    end,
    retainDays: count,
  },
  {
    requiredKeys: [
      "exchange",
      "point",
      "outcome",
      "verdict",
      "timeUs",
      "mode",
      "fallback",
      "retainDays",
    ],
  },
);

const closing = fc.record(
  {
    ...judged,
    ...judgedAlways,
    output: side,
    usage: optional({ costMicros: count, in: count, out: count }),
    end,
    retainDays: count,
  },
  { requiredKeys: ["exchange", "point", "outcome", "verdict", "timeUs", "end"] },
);

const bypass = fc.record(
  {
    exchange: fc.uuid(),
    reason: fc.constantFrom("route", "overload", "fault", "audit"),
    route: text,
    requestId: text,
    tenant: text,
    app: text,
  },
  { requiredKeys: ["exchange", "reason"] },
);

const position = fc.record({
  log: text,
  seq: count,
  id: fc.uuid({ version: 7 }),
  at: fc.constant("2026-11-21T08:00:01.123456Z"),
});

const runs = { numRuns: 400 };

test("a decision is the RFC 8785 form of its fields", () => {
  fc.assert(
    fc.property(decision, position, (record, place) => {
      const line = encodeDecision(record as DecisionRecord, place);
      assert.equal(line, generalForm("decision", record, place));
      assert.ok(readRecordLine(Buffer.from(line)) !== undefined);
    }),
    runs,
  );
});

test("a closing is the RFC 8785 form of its fields", () => {
  fc.assert(
    fc.property(closing, position, (record, place) => {
      const line = encodeClosing(record as ClosingRecord, place);
      assert.equal(line, generalForm("closing", record, place));
      assert.ok(readRecordLine(Buffer.from(line)) !== undefined);
    }),
    runs,
  );
});

test("a bypass is the RFC 8785 form of its fields", () => {
  fc.assert(
    fc.property(bypass, position, (record, place) => {
      const line = encodeBypass(record as BypassRecord, place);
      assert.equal(line, generalForm("bypass", record, place));
      assert.ok(readRecordLine(Buffer.from(line)) !== undefined);
    }),
    { numRuns: 100 },
  );
});

test("every character below U+0080 is written as RFC 8785 writes it", () => {
  for (let code = 0; code < 0x80; code += 1) {
    const reason = `a${String.fromCharCode(code)}b`;
    const record = { exchange: "e", reason: "route", route: reason } as const;
    const place = { log: "l", seq: 0, id: "i", at: "t" };
    assert.equal(encodeBypass(record, place), generalForm("bypass", record, place));
  }
});

/** The same line by a general canonicaliser: narrowed first (audit-and-operations 2.1). */
function generalForm(kind: string, record: object, place: object): string {
  return canonicalJson(narrowed({ ...record, ...place, kind, v: 1 }));
}

/** Without null and what is empty, and with odd numbers as objects. */
function narrowed(value: unknown): unknown {
  if (typeof value === "bigint") return exactInteger(value);
  if (typeof value === "number") {
    return Number.isSafeInteger(value) ? value : { decimal: String(value) };
  }
  if (value === null) return undefined;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(narrowed);
  if (typeof value !== "object") return value;
  const members = Object.entries(value as object)
    .map(([name, inner]) => [name, narrowed(inner)] as const)
    .filter(([, inner]) => inner !== undefined);
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

function exactInteger(value: bigint): unknown {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : { int: String(value) };
}
