import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { firstPointOf, readDecisionInput } from "./decision-input.ts";

const least = { time: "2026-03-02T10:00:00Z", action: "llm.generate" };

/** Where problems are, of an input that has the least it needs besides. */
function placesOf(fields: Readonly<Record<string, unknown>>): readonly string[] {
  return readDecisionInput({ ...least, ...fields }).problems.map(({ at }) => at);
}

describe("the input of a decision", () => {
  test("what may be left out is filled in, and nothing else", () => {
    const { input } = readDecisionInput({ ...least, principal: { id: "user:ann" } });
    assert.deepEqual(input, {
      ...least,
      point: "request",
      principal: { id: "user:ann", kind: "user" },
      data: { status: "ok", findings: [] },
    });
  });

  test("a tool is asked about at the point of its action", () => {
    for (const action of ["tool.list", "tool.call", "tool.result"] as const) {
      assert.equal(firstPointOf(action), action);
      assert.deepEqual(placesOf({ action, point: "request" }), ["point"]);
    }
    assert.deepEqual(placesOf({ point: "tool.call" }), ["point"]);
    assert.deepEqual(placesOf({ point: "response" }), []);
  });

  test("a time with an offset is the same time in UTC", () => {
    const { input } = readDecisionInput({ ...least, time: "2026-03-02T11:00:00+01:00" });
    assert.equal(input?.time, "2026-03-02T10:00:00.000Z");
  });

  test("every part of the input of the policy model is understood", () => {
    const whole = {
      ...least,
      tenant: "acme",
      app: "support-bot",
      point: "request",
      model: "fast",
      tool: { name: "crm/lookup", args: {}, approved: false },
      principal: {
        id: "user:ann@acme.example",
        kind: "user",
        issuer: "https://id.acme.example",
        groups: ["support"],
        roles: [],
        claims: {},
        authn: { mtls: false, mfa: true },
        actor: { id: "spiffe://acme.example/bot" },
      },
      request: {
        protocol: "openai-chat",
        stream: false,
        inputTokens: 800,
        maxTokens: 256,
        params: {},
        toolNames: [],
        region: "eu",
      },
      route: { name: "chat", host: "llm.acme.example" },
      data: {
        status: "ok",
        findings: [{ class: "pii.email", in: "prompt", count: 2, confidence: 0.98 }],
      },
      response: { finishReason: "stop", outputTokens: 90, toolCalls: [] },
      quotas: { "acme/support-daily": "ok" },
    };
    assert.deepEqual(readDecisionInput(whole).input, whole);
  });

  for (const [claim, fields, place] of [
    ["an unknown member", { tenent: "acme" }, "tenent"],
    ["an unknown action", { action: "llm.generat" }, "action"],
    ["a time of no calendar", { time: "2026-02-30T00:00:00Z" }, "time"],
    ["a principal without an id", { principal: { kind: "user" } }, "principal"],
    ["an unknown kind", { principal: { id: "a", kind: "robot" } }, "principal.kind"],
    ["an unknown status", { data: { status: "late" } }, "data.status"],
    ["an unknown quota result", { quotas: { a: "spent" } }, "quotas.a"],
    ["a number as text", { request: { inputTokens: "800" } }, "request.inputTokens"],
    ["null", { tenant: null }, "tenant"],
  ] as const) {
    test(`${claim} is a problem with its place`, () => {
      assert.deepEqual(placesOf(fields), [place]);
    });
  }

  test("every wrong member of a finding is told with its index", () => {
    const findings = [
      { class: "pii", in: "prompt", count: 1, confidence: 1 },
      { class: "PII", in: "promt", count: 0, confidence: 2 },
    ];
    assert.deepEqual(placesOf({ data: { findings } }), [
      "data.findings[1].class",
      "data.findings[1].in",
      "data.findings[1].count",
      "data.findings[1].confidence",
    ]);
  });

  test("what is no mapping, or far too deep, is no input", () => {
    const deep = JSON.parse(`${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`);
    for (const value of [null, [], 1, "text", { ...least, principal: { id: "a", claims: deep } }]) {
      assert.equal(readDecisionInput(value).input, undefined);
    }
  });
});
