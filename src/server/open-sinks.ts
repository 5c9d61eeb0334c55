import { mkdirSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Clock } from "../base/index.ts";
import { type RecordLog, takeSlotLock } from "../log/index.ts";
import { openSinks, type SinkObserver, type Sinks } from "../sinks/index.ts";
import type { OperatorLog, Telemetry } from "../telemetry/index.ts";
import type { Config } from "./config.ts";
import { createHoldReader } from "./legal-holds.ts";
import { systemTimers } from "./system-clock.ts";

/** Another process that sends is not waited for: it is asked again soon. */
const lockWaitMs = 0;

/** What the sinks of a server are opened with. */
interface SinksParts {
  readonly config: Pick<Config, "sinks" | "stateDir">;
  readonly version: string;
  readonly telemetry: Pick<Telemetry, "sinks">;
  readonly log: OperatorLog;
  readonly clock: Clock;
  readonly records: Pick<RecordLog, "durable" | "onDurable" | "origin">;
}

/** Opens the sinks of this process as the configuration says. Rejects with what is in the way. */
export async function openConfiguredSinks(parts: SinksParts): Promise<Sinks> {
  const { clock, config, log, records, telemetry, version } = parts;
  const folder = join(config.stateDir, "sinks");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const sinks = await openSinks({
    sinks: config.sinks,
    stateDir: config.stateDir,
    own: records,
    takeLock: () => takeSlotLock(join(folder, "lock"), lockWaitMs),
    clock,
    timers: systemTimers,
    sender: { host: hostname(), processId: process.pid, version },
    observer: observeSinks(telemetry, log),
    readHolds: createHoldReader(config.stateDir),
  });
  telemetry.sinks.readFrom(() => sinks.status);
  return sinks;
}

function observeSinks(
  { sinks: metrics }: Pick<Telemetry, "sinks">,
  log: OperatorLog,
): SinkObserver {
  return {
    sent: (sink, lines) => metrics.sent(sink, lines),
    failed: (sink, trouble, error, count = 1) => {
      metrics.failed(sink, trouble, count);
      log.error(`a sink has trouble: ${trouble}`, error, { code: `sink_${trouble}`, sink });
    },
    stopped: (sink, error) => {
      log.error("a sink has stopped; SIGHUP lets it try again", error, {
        code: "sink_stopped",
        sink,
      });
    },
  };
}
