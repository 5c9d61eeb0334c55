import type { Timers } from "../base/index.ts";
import { SinkError } from "./sink.ts";

/** A receiver that has not answered by then is taken for one that is away. */
const answerMs = 30_000;

/** Runs one call to a receiver, bounded in time. */
export type WithDeadline = <T>(
  until: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
) => Promise<T>;

/**
 * Calls that are given up, as `SinkError` `late`, when they take too long or `until` says so, whether
 * or not they heed their signal.
 */
export function createDeadlines(timers: Timers, milliseconds = answerMs): WithDeadline {
  return async (until, run) => {
    const late = new AbortController();
    const giveUp = () => late.abort(new SinkError("late", `no answer within ${milliseconds} ms`));
    const timer = timers.after(milliseconds, giveUp);
    until.addEventListener("abort", giveUp, { once: true });
    if (until.aborted) giveUp();
    try {
      return await Promise.race([run(late.signal), rejection(late.signal)]);
    } finally {
      timer.cancel();
      until.removeEventListener("abort", giveUp);
    }
  };
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
