import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ExchangeStage } from "../../test/support/exchange-stage.ts";
import { FakeProxy } from "../../test/support/fake-proxy.ts";
import { governedStage, policiesWith, policyOf } from "../../test/support/governed-exchange.ts";
import { defaultLimits, Fault } from "../base/index.ts";
import { type KillSwitch, KillSwitches } from "../policy/index.ts";
import type { BodyMode, ExchangeDeps } from "./index.ts";

const observe = '{ fallback: deny, observe: [{ apps: [bot], until: "2999-01-01T00:00:00Z" }] }';
const rules = policyOf("{ id: w, effect: warn }");
const stageOf = (changes: Partial<ExchangeDeps> = {}) =>
  governedStage(policiesWith(rules, observe), changes);

const post = { ":method": "POST", ":path": "/v1/chat/completions", "x-chancery-provider": "mine" };
const good = JSON.stringify({ model: "large", messages: [{ role: "user", content: "hi" }] });
const neverAnswers: ExchangeDeps["classify"] = () => new Promise(() => undefined);

interface Asked {
  readonly request?: BodyMode;
  readonly headers?: Record<string, string>;
  readonly pieces?: readonly (string | Buffer)[];
}

/** A request whose pieces come one by one; a mode that buffers gives them as one. */
function ask(stage: ExchangeStage, { headers = post, pieces = [good], request }: Asked = {}) {
  const mode = request ?? "BUFFERED";
  const proxy = new FakeProxy(stage.open, { request: mode, response: "FULL_DUPLEX_STREAMED" });
  proxy.requestHeaders({ "content-type": "application/json", ...headers });
  const whole = Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
  const bodies = mode === "BUFFERED" ? [whole] : pieces;
  bodies.forEach((piece, index) => {
    proxy.requestBody(Buffer.from(piece), index === bodies.length - 1);
  });
  return proxy;
}

function assertPassed(stage: ExchangeStage, proxy: FakeProxy, body: string | Buffer): void {
  assert.equal(proxy.isOver, false);
  assert.equal(proxy.request.body.toString("latin1"), Buffer.from(body).toString("latin1"));
  assert.ok(proxy.request.headerEdits.remove.includes("x-chancery-provider"));
  assert.equal(stage.records[0]?.["mode"], "observe");
  assert.equal(stage.records[0]?.final, undefined);
  assert.equal(stage.deps.heldBytes.total, 0);
}

/** Answers and checks that the answer passes as it came, and that its end is recorded. */
function assertAnswerPasses(stage: ExchangeStage, proxy: FakeProxy, answer: string | Buffer): void {
  proxy.responseHeaders({ ":status": "200", "content-type": "application/json" });
  proxy.responseBody(answer);
  proxy.assertNothingOwed();
  assert.deepEqual(proxy.response.body, Buffer.from(answer));
  assert.equal(stage.records[1]?.kind, "closing");
  assert.equal(stage.records[1]?.end, "complete");
  assert.equal(stage.deps.heldBytes.total, 0);
}

const unreadable: readonly (readonly [string, Asked, Partial<ExchangeDeps>?])[] = [
  ["json_invalid", { pieces: ["{ not ", "JSON"] }],
  ["json_ambiguous", { pieces: ['{"model":"large",', '"model":"small","messages":[]}'] }],
  ["text_invalid", { pieces: [Buffer.from([0x7b, 0x22]), Buffer.from([0xff, 0xfe])] }],
  ["encoding_invalid", { headers: { ...post, "content-encoding": "gzip" }, pieces: ["no", "zip"] }],
  ["encoding_unsupported", { headers: { ...post, "content-encoding": "lzma" } }],
  ["unrecognised", { headers: { ...post, ":path": "/v1/files" }, pieces: ["--a", "--b"] }],
  ["unrecognised", { headers: { ...post, ":path": "/elsewhere" }, pieces: ["plain", " text"] }],
  [
    "body_too_large",
    { pieces: [good.slice(0, 20), good.slice(20), " ", " "] },
    { limits: { ...defaultLimits, bodyBytesMax: 30 } },
  ],
  [
    "held_bytes_exceeded",
    { pieces: [good.slice(0, 20), good.slice(20)] },
    { limits: { ...defaultLimits, heldBytesMax: 10 } },
  ],
];

describe("a request of a watched app that cannot be read or held goes on as it came", () => {
  for (const [reason, asked, changes] of unreadable) {
    for (const request of ["BUFFERED", "FULL_DUPLEX_STREAMED"] as const) {
      test(`${reason}, ${asked.headers?.[":path"] ?? "chat"}, ${request}`, () => {
        const stage = stageOf(changes);
        const proxy = ask(stage, { ...asked, request });
        assertPassed(
          stage,
          proxy,
          Buffer.concat((asked.pieces ?? [good]).map((p) => Buffer.from(p))),
        );
        assert.equal(stage.records[0]?.reason, reason);
        assertAnswerPasses(stage, proxy, "[ghp_aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3gH5");
      });
    }
  }
});

test("a body that nobody expects goes on as well", () => {
  const stage = stageOf();
  const read = { ...post, ":method": "GET", ":path": "/v1/chat/completions/c1" };
  const proxy = ask(stage, { headers: read, pieces: ["what ", "for"], request: "BUFFERED" });
  assertPassed(stage, proxy, "what for");
});

test("a stage that does not answer lets the request of a watched app go, with its trailers", () => {
  for (const hasTrailers of [false, true]) {
    const stage = stageOf({ classify: neverAnswers });
    const proxy = new FakeProxy(stage.open, { request: "FULL_DUPLEX_STREAMED" });
    proxy.requestHeaders(post).requestBody(good, !hasTrailers);
    if (hasTrailers) proxy.event({ kind: "request_trailers", headers: [] });
    stage.clock.advance(2_001);
    assertPassed(stage, proxy, good);
    assert.equal(stage.records[0]?.reason, "phase_deadline");
    assert.equal(proxy.request.isEnded, !hasTrailers);
    assert.equal(proxy.request.trailersOwed, false);
    assertAnswerPasses(stage, proxy, "{}");
  }
});

test("a caller that pauses for long is waited for, and goes on unread", () => {
  for (const request of ["BUFFERED", "FULL_DUPLEX_STREAMED"] as const) {
    const stage = stageOf();
    const proxy = new FakeProxy(stage.open, { request });
    proxy.requestHeaders(post);
    if (request === "FULL_DUPLEX_STREAMED") proxy.requestBody(good.slice(0, 9), false);
    stage.clock.advance(601_000);
    proxy.requestBody(request === "BUFFERED" ? good : good.slice(9));
    stage.clock.advance(601_000);
    assertPassed(stage, proxy, good);
    assertAnswerPasses(stage, proxy, "{}");
  }
});

test("who is not known is refused, whatever the platform watches", () => {
  const stage = stageOf({ identity: undefined });
  const proxy = new FakeProxy(stage.open).requestHeaders(post);
  assert.equal(proxy.immediate?.status, 401);
});

test("a request for another protocol, and what cannot be recorded, are refused", () => {
  const upgrade = new FakeProxy(stageOf().open).requestHeaders({ ...post, upgrade: "websocket" });
  assert.equal(upgrade.immediate?.status, 403);
  const stage = stageOf();
  const proxy = new FakeProxy(stage.open).requestHeaders(post);
  proxy.failingTurn(() => {
    proxy.requestBody("{ not JSON");
    stage.loseTurn();
  });
  assert.equal(proxy.immediate?.status, 503);
  for (const piece of [good, "{ not JSON"]) {
    const { deps } = stageOf();
    const append = () => {
      throw new Fault("audit_unavailable", "no room");
    };
    const full = stageOf({ records: { ...deps.records, append } });
    assert.equal(ask(full, { pieces: [piece] }).immediate?.status, 503);
  }
});

test("another app's unreadable request is refused as ever, and so is a watched one's afterwards", () => {
  for (const spec of [observe.replace("[bot]", "[other]"), observe.replace("2999", "2026")]) {
    const stage = governedStage(policiesWith(rules, spec.replace("01-01T", "01-02T")));
    const proxy = ask(stage, { pieces: ["{ not JSON"] });
    assert.equal(proxy.immediate?.status, 400);
    assert.equal(stage.records[0]?.["mode"], "enforce");
  }
});

function switched(target: KillSwitch["target"]): ExchangeDeps["killSwitches"] {
  const one = { name: "platform/stop", tenant: undefined, sequence: 1, target, reason: "test" };
  const current = new KillSwitches([{ ...one, isActive: true, stopsStreams: true }]);
  return { current, watch: () => () => undefined };
}

test("kill switches act on watched apps, and might on what nobody can read", () => {
  for (const target of [
    { apps: ["acme/bot"] },
    { tenants: ["acme"] },
    { models: ["cloud/large"] },
    { providers: ["local"] },
    { tools: ["crm/*"] },
  ]) {
    const stage = stageOf({ killSwitches: switched(target) });
    const proxy = ask(stage, { pieces: ["{ not JSON"] });
    assert.equal(proxy.immediate?.status, 400, JSON.stringify(target));
  }
  const stage = stageOf({ killSwitches: switched({ apps: ["acme/other"] }) });
  assertPassed(stage, ask(stage, { pieces: ["{ not JSON"] }), "{ not JSON");
});
