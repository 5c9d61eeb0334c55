import assert from "node:assert/strict";
import { test } from "node:test";
import type { FakeProxy } from "../../test/support/fake-proxy.ts";
import {
  askWith,
  governedStage,
  policiesWith,
  policyOf,
} from "../../test/support/governed-exchange.ts";
import { type KillSwitch, KillSwitches } from "../policy/index.ts";
import type { LiveKillSwitches } from "./index.ts";

/** A channel that a test throws switches into. */
function channel() {
  let current = new KillSwitches([]);
  const watching = new Set<() => void>();
  const live: LiveKillSwitches = {
    get current() {
      return current;
    },
    watch(changed) {
      watching.add(changed);
      return () => watching.delete(changed);
    },
  };
  const toss = (target: KillSwitch["target"], stopsStreams: boolean) => {
    const name = "platform/stop";
    const sequence = 7;
    const reason = "test";
    current = new KillSwitches([
      { name, tenant: undefined, sequence, isActive: true, target, stopsStreams, reason },
    ]);
    for (const changed of watching) changed();
  };
  return { live, toss, watching };
}

const chunk = (content: string) =>
  `data: {"choices":[{"index":0,"delta":{"content":"${content}"}}]}\n\n`;

function begin(live: LiveKillSwitches, platform?: string) {
  const stage = governedStage(policiesWith(policyOf("{ id: w, effect: warn }"), platform), {
    killSwitches: live,
  });
  const proxy = askWith(stage, "openai-chat", {
    model: "large",
    messages: [{ role: "user", content: "hi" }],
  });
  return { proxy, stage };
}

function beginStream(live: LiveKillSwitches, platform?: string) {
  const { proxy, stage } = begin(live, platform);
  proxy.responseHeaders({ ":status": "200", "content-type": "text/event-stream" });
  proxy.responseBody(Buffer.from(chunk("one ")), false);
  return { proxy, stage };
}

const received = (proxy: FakeProxy) => proxy.response.body.toString();

test("a switch that stops streams ends a running answer at once, in its own format", () => {
  const { live, toss } = channel();
  for (const target of [{ tenants: ["acme"] }, { models: ["cloud/*"] }, { apps: ["acme/bot"] }]) {
    const { proxy, stage } = beginStream(live);
    toss(target, true);
    assert.match(received(proxy), /"one ".*kill_switch.*\[DONE\]/s);
    assert.equal(stage.records[1]?.end, "cut");
    assert.equal(stage.records[1]?.reason, "kill_switch");
    assert.equal(stage.records[1]?.["decidedBy"], "platform/stop");
    toss({ tenants: ["nobody"] }, true);
  }
});

test("a switch without `stopStreams`, or for somebody else, lets a running answer end", () => {
  const { live, toss } = channel();
  for (const [target, stops] of [
    [{ tenants: ["acme"] }, false],
    [{ tenants: ["globex"] }, true],
  ] as const) {
    const { proxy, stage } = beginStream(live);
    toss(target, stops);
    proxy.responseBody(Buffer.from(chunk("two")), true);
    assert.ok(received(proxy).includes("two"));
    assert.equal(stage.records[1]?.end, "complete");
    toss({}, false);
  }
});

test("any switch stops the next request, and its sequence is on record", () => {
  const { live, toss } = channel();
  toss({ tenants: ["acme"] }, false);
  const { proxy, stage } = begin(live);
  assert.equal(proxy.immediate?.status, 403);
  assert.equal(stage.records[0]?.reason, "kill_switch");
  const versions = stage.records[0]?.["versions"] as { readonly killSwitches: unknown };
  assert.deepEqual(versions.killSwitches, { "platform/stop": 7 });
});

test("a switch that comes before the answer refuses it", () => {
  const { live, toss } = channel();
  const { proxy, stage } = begin(live);
  toss({ providers: ["cloud"] }, true);
  proxy.responseHeaders({ ":status": "200", "content-type": "application/json" });
  assert.equal(proxy.immediate?.status, 403);
  assert.equal(stage.records[1]?.reason, "kill_switch");
});

test("a watched app is stopped as any other", () => {
  const { live, toss } = channel();
  const platform = '{ fallback: deny, observe: [{ until: "2999-01-01T00:00:00Z" }] }';
  const { proxy, stage } = beginStream(live, platform);
  assert.equal(stage.records[0]?.["mode"], "observe");
  toss({ tenants: ["acme"] }, true);
  assert.equal(stage.records[1]?.end, "cut");
  assert.match(received(proxy), /kill_switch/);
  assert.equal(begin(live, platform).proxy.immediate?.status, 403);
});

test("an exchange that is over does not watch any more", () => {
  const { live, watching } = channel();
  const { proxy } = beginStream(live);
  assert.equal(watching.size, 1);
  proxy.responseBody(Buffer.from("data: [DONE]\n\n"), true);
  proxy.session.handle({ kind: "peer_ended" });
  assert.equal(watching.size, 0);
});
