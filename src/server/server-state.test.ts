import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextRound } from "node:timers/promises";
import { Fault } from "../base/index.ts";
import { createTelemetry } from "../telemetry/index.ts";
import { initialState } from "./policy-state.ts";
import { ServerState } from "./server-state.ts";

test("a write that failed is a failure for every listener of that round, and for none after", async () => {
  let isDiskFull = true;
  const records = {
    origin: "test/0/00000000",
    nextSeq: 0,
    isWritable: true,
    durable: undefined,
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
    records,
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
    whenDurable: () => {},
    commit: () => {},
  };
  const telemetry = createTelemetry({ version: "0.0.0" });
  const policies = { state: initialState(new Map()) };
  const killSwitches = { standing: [], problems: [] };
  const rollouts = { status: [] };
  const parts = { version: "0.0.0", policies, killSwitches, rollouts, records, telemetry };
  assert.equal(new ServerState(parts).isReady, false);
});
