import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import type { ExchangeStage } from "../../test/support/exchange-stage.ts";
import { FakeProxy } from "../../test/support/fake-proxy.ts";
import { governedStage, policiesWith, policyOf } from "../../test/support/governed-exchange.ts";
import { defaultLimits } from "../base/index.ts";
import { KillSwitches } from "../policy/index.ts";
import type { BodyMode, ExchangeDeps, LiveKillSwitches } from "./index.ts";

const observe = '{ fallback: deny, observe: [{ apps: [bot], until: "2999-01-01T00:00:00Z" }] }';
const policies = policiesWith(policyOf("{ id: w, effect: warn }"), observe);
const email = "jane.roe@example.org";
const chunk = (content: string) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`;
const whole = JSON.stringify({ choices: [{ index: 0, message: { content: `Mail ${email}.` } }] });

const body = JSON.stringify({ model: "large", messages: [] });

function begin(response: BodyMode, changes: Partial<ExchangeDeps> = {}, request = body) {
  const stage = governedStage(policies, changes);
  const proxy = new FakeProxy(stage.open, { response });
  proxy.requestHeaders({ ":method": "POST", ":path": "/v1/chat/completions" });
  proxy.requestBody(request);
  return { proxy, stage };
}

function answer(
  proxy: FakeProxy,
  headers: Record<string, string>,
  pieces: readonly Buffer[],
): void {
  proxy.responseHeaders({ ":status": "200", ...headers });
  const bodies = proxy.response.mode === "BUFFERED" ? [Buffer.concat(pieces)] : pieces;
  bodies.forEach((piece, index) => {
    proxy.responseBody(piece, index === bodies.length - 1);
  });
}

function assertPassed(stage: ExchangeStage, proxy: FakeProxy, sent: Buffer): void {
  proxy.assertNothingOwed();
  assert.deepEqual(proxy.response.body, sent);
  assert.equal(stage.records[1]?.end, "complete");
  assert.equal(stage.records.length, 2);
  assert.equal(stage.deps.heldBytes.total, 0);
}

/** Pieces of a length, and the rest. */
function cutEvery(bytes: Buffer, length: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += length) pieces.push(bytes.subarray(at, at + length));
  return pieces;
}

const json = { "content-type": "application/json" };
const events = { "content-type": "text/event-stream" };
const small = { limits: { ...defaultLimits, bodyBytesMax: 20 } };
const packed = { ...json, "content-encoding": "gzip" };
const answers: readonly (readonly [
  string,
  string | undefined,
  Record<string, string>,
  string | Buffer,
  Partial<ExchangeDeps>?,
])[] = [
  ["JSON", undefined, json, whole],
  ["packed JSON, which stays packed", undefined, packed, gzipSync(whole)],
  ["a stream", undefined, events, `${chunk(email)}${chunk("b")}data: [DONE]\n\n`],
  ["a stream that stops within an event", "json_invalid", events, `${chunk("a")}data: {"cho`],
  ["an unlabelled stream", undefined, {}, `${chunk("a")}data: [DONE]\n\n`],
  ["what is no JSON", "json_invalid", json, `{"choices": ${email}`],
  ["what is no archive", "encoding_invalid", packed, "not packed at all"],
  ["an image", "format_unrecognised", { "content-type": "image/png" }, "\x89PNG and so on"],
  ["an event that is no JSON", "json_invalid", events, `${chunk("a")}data: {]\n\n${chunk("b")}`],
  ["more than may be read", "body_too_large", json, whole, small],
];

describe("the answer to a watched request passes as it came, read or not", () => {
  for (const [name, reason, headers, text, changes] of answers) {
    for (const mode of ["FULL_DUPLEX_STREAMED", "STREAMED", "BUFFERED"] as const) {
      test(`${name}, ${mode}`, () => {
        const sent = Buffer.from(text);
        for (const length of [1, 7, 40, 1000]) {
          const limits = changes?.limits && { ...changes.limits, bodyBytesMax: 50 };
          const { proxy, stage } = begin(mode, limits && { limits });
          answer(proxy, headers, cutEvery(sent, length));
          assertPassed(stage, proxy, sent);
          assert.equal(stage.records[1]?.reason ?? undefined, reason);
        }
      });
    }
  }
});

test("what was found in a watched answer is recorded, and found so far where reading stopped", () => {
  for (const text of [`${chunk(`Mail ${email} `)}`, `${chunk(`Mail ${email} `)}data: {]\n\n`]) {
    const { proxy, stage } = begin("FULL_DUPLEX_STREAMED");
    answer(proxy, events, [Buffer.from(text)]);
    assert.match(JSON.stringify(stage.records[1]?.["findings"]), /pii\.email/);
  }
});

test("events of a watched stream do not wait for what might be found in them", () => {
  const { proxy } = begin("FULL_DUPLEX_STREAMED");
  proxy.responseHeaders({ ":status": "200", ...events });
  const first = chunk("Mail jane.roe@exam");
  proxy.responseBody(`${first}data: {"ch`, false);
  assert.equal(proxy.response.body.toString(), first);
});

test("a stage that does not answer lets answers go, headers and trailers included", () => {
  let isSlow = false;
  const changes: Partial<ExchangeDeps> = {
    classify: (spans) => (isSlow ? new Promise(() => undefined) : spans.map(() => [])),
  };
  for (const slow of ["headers", "body", "trailers"]) {
    isSlow = false;
    const { proxy, stage } = begin("FULL_DUPLEX_STREAMED", changes);
    const pause = (part: string, run: () => void) => {
      isSlow = part === slow;
      run();
      // Twice: where trailers are slow to be judged, so is the body before them.
      if (isSlow) stage.clock.advance(2_001);
      if (isSlow) stage.clock.advance(2_001);
    };
    const note = { name: "x-note", value: `Mail ${email}` };
    pause("headers", () => {
      proxy.responseHeaders({ ":status": "200", ...json, [note.name]: note.value });
    });
    pause("body", () => {
      proxy.responseBody(whole, slow === "body");
    });
    if (slow !== "body") {
      pause("trailers", () => {
        proxy.event({ kind: "response_trailers", headers: [note] });
      });
    }
    assertPassed(stage, proxy, Buffer.from(whole));
    assert.deepEqual(new Set(stage.faults), new Set(["phase_deadline"]));
  }
});

test("a local reply to a watched app passes as the proxy wrote it", () => {
  const stage = governedStage(policies);
  const proxy = new FakeProxy(stage.open);
  proxy.requestHeaders({ ":method": "POST", ":path": "/v1/chat/completions" });
  proxy.responseHeaders({ ":status": "413", "content-type": "text/plain" });
  proxy.responseBody(`ask ${email}`);
  assertPassed(stage, proxy, Buffer.from(`ask ${email}`));
  assert.equal(stage.records[0]?.["mode"], "observe");
});

/** A channel whose one switch is thrown with `toss`. */
function channel() {
  let changed: () => void = () => undefined;
  let current = new KillSwitches([]);
  const live: LiveKillSwitches = {
    get current() {
      return current;
    },
    watch: (run) => {
      changed = run;
      return () => undefined;
    },
  };
  const toss = () => {
    const target = { tenants: ["acme"] };
    const one = { name: "platform/stop", tenant: undefined, sequence: 1, target, reason: "test" };
    current = new KillSwitches([{ ...one, isActive: true, stopsStreams: true }]);
    changed();
  };
  return { live, toss };
}

test("a kill switch ends a watched stream between two events, in the caller's format", () => {
  for (const mode of ["FULL_DUPLEX_STREAMED", "STREAMED"] as const) {
    const { live, toss } = channel();
    const { proxy, stage } = begin(mode, { killSwitches: live });
    proxy.responseHeaders({ ":status": "200", ...events });
    proxy.responseBody(chunk("one"), false);
    toss();
    if (mode === "STREAMED") proxy.responseBody(chunk("two"), false);
    assert.equal(stage.records[1]?.end, "cut");
    const text = proxy.response.body.toString();
    assert.ok(text.startsWith(`${chunk("one")}data: {"error"`), text);
  }
});

test("a kill switch ends a watched answer that cannot be cut by ending the exchange", () => {
  const { live, toss } = channel();
  const { proxy, stage } = begin("FULL_DUPLEX_STREAMED", { killSwitches: live });
  proxy.responseHeaders({ ":status": "200", ...json });
  proxy.responseBody(whole.slice(0, 20), false);
  toss();
  proxy.responseBody(whole.slice(20));
  assert.equal(proxy.error?.status, "UNAVAILABLE");
  assert.equal(stage.records[1]?.reason, "kill_switch");
  assert.equal(proxy.response.body.toString(), whole.slice(0, 20));
});

test("a kill switch ends a watched answer that was passed within an event, or unread", () => {
  for (const [mode, request, piece] of [
    ["STREAMED", body, `${chunk("one")}data: {"ch`],
    ["FULL_DUPLEX_STREAMED", "{ not JSON", chunk("one")],
  ] as const) {
    const { live, toss } = channel();
    const { proxy, stage } = begin(mode, { killSwitches: live }, request);
    proxy.responseHeaders({ ":status": "200", ...events });
    proxy.responseBody(piece, false);
    toss();
    proxy.responseBody("oices", false);
    assert.equal(proxy.error?.status, "UNAVAILABLE", mode);
    assert.equal(stage.records[1]?.reason, "kill_switch");
    assert.equal(proxy.response.body.toString(), piece);
  }
});
