import { performance } from "node:perf_hooks";
import type { Clock, Timer, Timers } from "../base/index.ts";

/** A wall clock that was set is followed once it differs by more than this. */
const driftMillisMax = 2;

/**
 * The machine's clock. Wall time is read in whole milliseconds and refined by the monotonic one, so
 * that records of one millisecond keep their order.
 */
export function createSystemClock(): Clock {
  let offset = Date.now() - performance.now();
  return {
    nowMicros: () => {
      const monotonic = performance.now();
      if (Math.abs(Date.now() - (offset + monotonic)) > driftMillisMax) {
        offset = Date.now() - monotonic;
      }
      return Math.floor((offset + monotonic) * 1000);
    },
    monotonicMicros: () => performance.now() * 1000,
  };
}

/** The machine's timers; they do not keep the process alive. */
export const systemTimers: Timers = {
  after: (milliseconds: number, run: () => void): Timer => {
    const timeout = setTimeout(run, milliseconds);
    timeout.unref();
    let isOff = false;
    return {
      cancel: () => {
        isOff = true;
        clearTimeout(timeout);
      },
      restart: () => {
        // A timeout that was cleared would come back to life.
        if (!isOff) timeout.refresh();
      },
    };
  },
};
