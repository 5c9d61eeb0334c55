import assert from "node:assert/strict";
import { test } from "node:test";
import { isSettled, isTerminal, nextPhase, type Phase, transitions } from "./phases.ts";

const phases = Object.keys(transitions) as Phase[];

test("every phase is reached from the first one", () => {
  const reached = new Set<Phase>(["open"]);
  for (const phase of reached) {
    for (const next of Object.values(transitions[phase])) reached.add(next);
  }
  assert.deepEqual([...reached].sort(), phases.toSorted());
});

test("a terminal phase knows no step, every other one ends when the proxy goes or we fail", () => {
  for (const phase of phases) {
    if (isTerminal(phase)) {
      assert.deepEqual(transitions[phase], {}, phase);
      continue;
    }
    for (const step of ["peer_ended", "peer_reset", "fail"] as const) {
      const next = nextPhase(phase, step);
      assert.ok(next !== undefined && isTerminal(next), `${phase} on ${step}`);
    }
  }
});

test("nothing is settled while the proxy waits for what it asked first", () => {
  for (const phase of ["open", "request_body", "response_body", "failed"] as const) {
    assert.equal(isSettled(phase), false, phase);
  }
});
