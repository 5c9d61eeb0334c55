import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FakeClock } from "../../test/support/fake-clock.ts";
import { FarRoot, settled } from "../../test/support/far-root.ts";
import {
  appendDecision,
  audit,
  folderOf,
  type LogStage,
  readLogRecords,
  setLogStage,
} from "../../test/support/log-stage.ts";

const dayMs = 24 * 3_600_000;

/** What happens next: that many records, or one of the others. */
const step = fc.oneof(
  fc.integer({ min: 1, max: 12 }),
  fc.constantFrom("commit", "answer", "answer", "second", "halfMinute", "day"),
);

/** Goes through the steps with a log whose root is far away; gives its records. */
async function run(stage: LogStage, steps: readonly (number | string)[]) {
  const timers = new FakeClock();
  const root = new FarRoot();
  const log = await stage.open({ rootKey: root, timers });
  root.isSlow = true;
  const pass = async (milliseconds: number) => {
    stage.clock.advance(milliseconds);
    timers.advance(1_000);
    await settled();
  };
  const does: Readonly<Record<string, () => unknown>> = {
    commit: () => log.commit(),
    answer: () => root.answer(),
    second: () => pass(1_000),
    halfMinute: () => pass(31_000),
    day: () => pass(dayMs),
  };
  await pass(dayMs);
  for (const one of steps) {
    if (typeof one === "string") await does[one]?.();
    else for (let count = 0; count < one; count += 1) appendDecision(log);
  }
  log.commit();
  await log.close();
  assert.deepEqual(audit(stage.stateDir, [root.verifierKey]).logs[0]?.problems, []);
  return readLogRecords(folderOf(stage.stateDir, log));
}

test("however records, answers of the root and time come, each key is introduced where it says", async (t) => {
  let changes = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
      const records = await run(setLogStage(t), steps);
      assert.equal(records.at(-1)?.kind, "close");
      changes += records.filter(({ kind }) => kind === "key").length - 1;
    }),
    { numRuns: 40 },
  );
  assert.ok(changes > 20, `only ${changes} keys were changed`);
});
