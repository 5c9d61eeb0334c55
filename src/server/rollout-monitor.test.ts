import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { RampOutcome } from "../domain/index.ts";
import type { JudgedThing } from "../exchange/index.ts";
import type { Rollout, RolloutGuards } from "../policy/index.ts";
import { type GuardBreach, RolloutMonitor } from "./rollout-monitor.ts";

const name = "acme/ramp";
const permit: RampOutcome = { verdict: "allow", reason: null };
const deny: RampOutcome = { verdict: "deny", reason: "rule" };
const erring: RampOutcome = { verdict: "deny", reason: "condition_error" };

function rolloutOf(guards: Partial<RolloutGuards> | undefined, of = name): Rollout {
  const defaults = { minSamples: 4, onBreach: "shadow", document: "sha256:a" } as const;
  return {
    name: of,
    policy: "acme/p",
    stable: "1",
    candidate: "2",
    seed: "s",
    stickyBy: [],
    percent: 10,
    attachments: [],
    ...(guards === undefined ? {} : { guards: { ...defaults, ...guards } }),
  };
}

function stage(guards: Partial<RolloutGuards> = { maxNewDenyRate: 0.5 }) {
  const breaches: GuardBreach[] = [];
  const monitor = new RolloutMonitor((breach) => breaches.push(breach));
  monitor.loaded([rolloutOf(guards)]);
  const judge = (
    candidate: RampOutcome,
    { stable = permit, what = "requests" as JudgedThing, document = "sha256:a" } = {},
  ) => monitor.judged(what, { ramps: { [name]: { document, stable, candidate } } });
  return { breaches, judge, monitor };
}

describe("the monitor of rollouts", () => {
  it("suspends a ramp whose candidate denies too much, from the first count on that is enough", () => {
    const { breaches, judge, monitor } = stage();
    for (let index = 0; index < 3; index += 1) judge(deny);
    assert.equal(monitor.suspended.size, 0);
    judge(deny);
    assert.deepEqual([...monitor.suspended], [name]);
    for (let index = 0; index < 9; index += 1) judge(deny);
    const breach = { guard: "maxNewDenyRate", of: "requests", rate: 1, max: 0.5, samples: 4 };
    assert.deepEqual(breaches, [{ rollout: name, state: "suspended", ...breach }]);
    const [status] = monitor.status;
    assert.deepEqual([status?.state, status?.breach], ["suspended", breach]);
  });

  it("lets a rate reach its guard, and not exceed it", () => {
    const { judge, monitor } = stage();
    for (const outcome of [deny, permit, deny, permit]) judge(outcome);
    assert.equal(monitor.suspended.size, 0);
    judge(deny);
    assert.equal(monitor.suspended.size, 1);
  });

  it("counts as a new deny only what stable does not deny", () => {
    const { judge, monitor } = stage({ maxNewDenyRate: 0 });
    for (let index = 0; index < 9; index += 1) {
      judge(deny, { stable: deny });
      judge(permit, { stable: deny });
    }
    assert.equal(monitor.suspended.size, 0);
    assert.deepEqual(monitor.status[0]?.counted.requests.newDenyRate, 0);
  });

  it("counts as an error what fails in the candidate and not in stable", () => {
    const { breaches, judge, monitor } = stage({ maxErrorRate: 0.2 });
    for (let index = 0; index < 9; index += 1) {
      judge(deny);
      judge(erring, { stable: erring });
    }
    assert.equal(monitor.suspended.size, 0);
    judge(erring);
    judge(erring);
    assert.deepEqual(
      breaches.map(({ guard }) => guard),
      ["maxErrorRate"],
    );
  });

  it("counts requests, answers and tools apart", () => {
    const { breaches, judge } = stage();
    for (let index = 0; index < 4; index += 1) {
      judge(permit);
      judge(permit);
      judge(deny, { what: "answers" });
    }
    assert.deepEqual(
      breaches.map(({ of, rate }) => [of, rate]),
      [["answers", 1]],
    );
  });

  it("forgets decisions that are long ago", () => {
    const { judge, monitor } = stage();
    for (const outcome of [deny, deny, permit, permit]) judge(outcome);
    for (let index = 0; index < 40; index += 1) judge(permit);
    assert.equal(monitor.status[0]?.counted.requests.newDenyRate, 0);
  });

  it("only reports where the ramp is to hold", () => {
    const { breaches, judge, monitor } = stage({ maxNewDenyRate: 0, onBreach: "hold" });
    for (let index = 0; index < 9; index += 1) judge(deny);
    assert.equal(monitor.suspended.size, 0);
    assert.equal(monitor.status[0]?.state, "held");
    assert.equal(breaches.length, 1);
  });

  it("keeps a suspension until the document says something else, also while it is out of force", () => {
    const { judge, monitor } = stage({ maxNewDenyRate: 0 });
    for (let index = 0; index < 4; index += 1) judge(deny);
    const same = rolloutOf({ maxNewDenyRate: 0 });
    for (const loaded of [[same, rolloutOf(undefined, "acme/other")], [], [same]]) {
      monitor.loaded(loaded);
      assert.deepEqual([...monitor.suspended], [name]);
    }
    monitor.loaded([rolloutOf({ maxNewDenyRate: 0, document: "sha256:b" })]);
    assert.equal(monitor.suspended.size, 0);
    assert.equal(monitor.status[0]?.counted.requests.samples, 0);
    monitor.loaded([same]);
    assert.equal(monitor.suspended.size, 0, "what went before is over");
  });

  it("ends a suspension with the guards", () => {
    const { judge, monitor } = stage({ maxNewDenyRate: 0 });
    for (let index = 0; index < 4; index += 1) judge(deny);
    monitor.loaded([rolloutOf(undefined)]);
    assert.equal(monitor.suspended.size, 0);
    assert.deepEqual(monitor.status, []);
  });

  it("shows what was exceeded first", () => {
    const { judge, monitor } = stage();
    monitor.loaded([
      rolloutOf({ maxErrorRate: 0 }, "acme/early"),
      rolloutOf({ maxNewDenyRate: 0 }),
    ]);
    for (let index = 0; index < 4; index += 1) judge(deny);
    assert.deepEqual(
      monitor.status.map(({ name: shown, state }) => [shown, state]),
      [
        [name, "suspended"],
        ["acme/early", "within"],
      ],
    );
  });

  it("leaves out decisions under a document that went before", () => {
    const { judge, monitor } = stage({ maxNewDenyRate: 0 });
    for (let index = 0; index < 9; index += 1) judge(deny, { document: "sha256:z" });
    assert.equal(monitor.status[0]?.counted.requests.samples, 0);
  });
});
