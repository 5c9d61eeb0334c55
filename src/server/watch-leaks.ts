import { performance } from "node:perf_hooks";
import type { Timers } from "../base/index.ts";
import type { Detector } from "../detect/index.ts";
import { familyOf, type Leak, LeakWatch } from "../leaks/index.ts";
import type { OperatorLog, Telemetry } from "../telemetry/index.ts";
import type { Config } from "./config.ts";
import { systemTimers } from "./system-clock.ts";

/** Share of the time from which on a process has enough to do. */
const busyShare = 0.5;

/** What our own output is watched with. */
interface LeakParts {
  readonly config: Pick<Config, "leaks">;
  readonly telemetry: Pick<Telemetry, "leaks">;
  readonly log: Pick<OperatorLog, "error" | "onLine">;
  readonly detector: Pick<Detector, "scan">;
  readonly timers?: Timers;
}

/**
 * Watches what this process writes for values that may not be in it: counts them, and says where they
 * stand. Lines of the operator log come by themselves, the rest is handed over by whoever writes it.
 */
export function watchLeaks(parts: LeakParts): Pick<LeakWatch, keyof LeakWatch> {
  const { config, detector, log, telemetry, timers = systemTimers } = parts;
  const watch = new LeakWatch({
    detector,
    perSecond: config.leaks.perSecond,
    timers,
    random: Math.random,
    isBusy: createLoad(),
    onLeak: ({ dataClass, field, seq, surface }: Leak) => {
      telemetry.leaks.found(surface, familyOf(dataClass));
      const place = { code: `leak_${surface}`, surface, dataClass, field, seq };
      log.error("our own output holds a value that may not be in it", undefined, place);
    },
  });
  const endLines = log.onLine((line) => watch.logLine(line));
  return {
    record: (line, seq) => watch.record(line, seq),
    logLine: (line) => watch.logLine(line),
    spans: (spans) => watch.spans(spans),
    metrics: (text) => watch.metrics(text),
    close() {
      endLines();
      watch.close();
    },
  };
}

/** Says whether the event loop had much to do since it was asked last. */
function createLoad(): () => boolean {
  let before = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    return utilization > busyShare;
  };
}
