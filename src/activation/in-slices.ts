import { performance } from "node:perf_hooks";
import { setImmediate as nextRound } from "node:timers/promises";

/** What serving waits for at the longest, milliseconds, beside one step that takes longer itself. */
const sliceMs = 2;

/** Does work that comes in small steps, and lets the loop turn in between. */
export async function inSlices<Result>(steps: Generator<undefined, Result>): Promise<Result> {
  for (;;) {
    const endMs = performance.now() + sliceMs;
    do {
      const { done, value } = steps.next();
      if (done === true) return value;
    } while (performance.now() < endMs);
    await nextRound();
  }
}
