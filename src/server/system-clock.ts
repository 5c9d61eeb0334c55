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

/**
 * The machine's timers; they do not keep the process alive. Restarting one only notes the time: most
 * are restarted often and fire never, so what is left of the wait is looked at when it would be over.
 * What has come in by then is read first: a process that was busy itself for longer than the wait
 * takes nobody to be late whose answer is there.
 */
export const systemTimers: Timers = {
  after: (milliseconds: number, run: () => void): Timer => {
    let dueAt = performance.now() + milliseconds;
    let timeout = setTimeout(look, milliseconds).unref();
    let action: (() => void) | undefined = run;
    function look(): void {
      // The loop runs timeouts before it reads sockets, and immediates after.
      if (!isWaiting()) setImmediate(finish);
    }
    function finish(): void {
      if (action !== undefined && !isWaiting()) action();
    }
    function isWaiting(): boolean {
      const left = dueAt - performance.now();
      // Timeouts count in whole milliseconds and may fire a fraction of one early.
      if (left < 1) return false;
      timeout = setTimeout(look, left).unref();
      return true;
    }
    return {
      cancel: () => {
        // Whoever still holds the timer must not hold what it was for.
        action = undefined;
        clearTimeout(timeout);
      },
      restart: () => {
        dueAt = performance.now() + milliseconds;
      },
    };
  },
};
