import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextRound } from "node:timers/promises";
import { Fault } from "../base/index.ts";
import type { LogStatus } from "../log/index.ts";
import { createTelemetry } from "../telemetry/index.ts";
import { initialState } from "./policy-state.ts";
import { ServerState } from "./server-state.ts";

const logStatus: LogStatus = {
  unsignedRecords: 0,
  checkpointAgeSeconds: undefined,
  keyAgeSeconds: 0,
  anchorAgeSeconds: new Map(),
};

test("a write that failed is a failure for every listener of that round, and for none after", async () => {
  let isDiskFull = true;
  const records = {
    origin: "test/0/00000000",
    nextSeq: 0,
    isWritable: true,
    durable: undefined,
    status: logStatus,
    whenDurable: () => {},
    commit: () => {
      if (isDiskFull) throw new Fault("audit_unavailable", "expected room on the disk");
    },
  };
  const state = new ServerState({
    version: "0.0.0",
    policies: { state: initialState(new Map()) },
    killSwitches: { standing: [], problems: [] },
    rollouts: { status: [] },
    ...{ records, sinks: { status: [] }, leaks: { metrics: () => {} } },
    telemetry: createTelemetry({ version: "0.0.0" }),
  });
  assert.throws(() => state.commit(), Fault);
  isDiskFull = false;
  assert.throws(() => state.commit(), Fault);
  await nextRound();
  state.commit();
});

test("a server without policies or with a log it cannot write is not ready", () => {
  const records = {
    origin: "test/0/00000000",
    nextSeq: 0,
    isWritable: true,
    durable: undefined,
    status: logStatus,
    whenDurable: () => {},
    commit: () => {},
  };
  const telemetry = createTelemetry({ version: "0.0.0" });
  const policies = { state: initialState(new Map()) };
  const killSwitches = { standing: [], problems: [] };
  const rollouts = { status: [] };
  const [sinks, leaks] = [{ status: [] }, { metrics: () => {} }];
  const parts = { version: "0.0.0", policies, killSwitches, rollouts, records, telemetry };
  assert.equal(new ServerState({ ...parts, sinks, leaks }).isReady, false);
});

test("the status tells how far each sink is in each log, and how old each anchor's checkpoint", async () => {
  const log = "gov.acme.example/0/5f0c2a91";
  const records = {
    ...{ origin: log, nextSeq: 12, isWritable: true, durable: undefined },
    status: { ...logStatus, anchorAgeSeconds: new Map([["w1", 12.4] as const, ["w2", undefined]]) },
    ...{ whenDurable: () => {}, commit: () => {} },
  };
  const siem = {
    ...({ name: "siem", state: "waiting", lagRecords: 5, lagSeconds: 61.2 } as const),
    ...{ cursors: new Map([[log, { segment: 0, byte: 4_096, seq: 7 }]]), refused: 1 },
    holds: { state: "waiting", inForce: 2, held: 5, due: 1 } as const,
  };
  const scraped: string[] = [];
  const state = new ServerState({
    version: "0.0.0",
    policies: { state: initialState(new Map()) },
    killSwitches: { standing: [], problems: [] },
    rollouts: { status: [] },
    ...{ records, sinks: { status: [siem] } },
    leaks: { metrics: (text) => scraped.push(text) },
    telemetry: createTelemetry({ version: "0.0.0" }),
  });
  const { metrics, status } = state.adminOptions();
  const shown = JSON.parse(JSON.stringify(status())) as Record<string, unknown>;
  assert.deepEqual(shown["sinks"], [
    {
      ...{ name: "siem", state: "waiting", lagRecords: 5, lagSeconds: 61, refused: 1 },
      legalHolds: { state: "waiting", inForce: 2, held: 5, due: 1 },
      cursors: [{ log, segment: 0, byte: 4_096, seq: 7 }],
      cursorsTotal: 1,
    },
  ]);
  assert.deepEqual((shown["log"] as Record<string, unknown>)["anchors"], [
    { name: "w1", ageSeconds: 12 },
    { name: "w2", ageSeconds: null },
  ]);
  assert.deepEqual(scraped, []);
  assert.deepEqual([await metrics()], scraped, "what a scraper is given is looked through");
});
