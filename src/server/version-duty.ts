import { join } from "node:path";
import type { Timer, Timers } from "../base/index.ts";
import { VersionStore } from "../stores/index.ts";
import type { OperatorLog } from "../telemetry/index.ts";
import type { Config } from "./config.ts";
import { systemTimers } from "./system-clock.ts";
import { pruneVersions } from "./version-retention.ts";

/** As often as a log looks at its own retention. */
const everyMs = 3_600_000;

/** Every version that served, for decisions to be made again. */
export function versionsIn(stateDir: string): VersionStore {
  return new VersionStore(join(stateDir, "snapshots"));
}

/** What the duty works with. */
export interface VersionDutyParts {
  readonly config: Pick<Config, "stateDir">;
  readonly log: Pick<OperatorLog, "error" | "info">;
  /** For tests: what the hour is measured by, and the time in milliseconds since 1970. */
  readonly timers?: Timers;
  readonly nowMs?: () => number;
}

/**
 * Marks the versions that serve as serving, and takes away those that no record can name any more, at
 * once and each hour from then on. `close` ends it.
 */
export function keepVersions(
  parts: VersionDutyParts,
  store: Pick<VersionStore, "refresh">,
): { close(): void } {
  const { timers = systemTimers } = parts;
  let timer: Timer | undefined;
  const look = () => {
    timer = timers.after(everyMs, look);
    void lookOnce(parts, store);
  };
  look();
  return { close: () => timer?.cancel() };
}

async function lookOnce(
  { config, log, nowMs = Date.now }: VersionDutyParts,
  store: Pick<VersionStore, "refresh">,
): Promise<void> {
  try {
    await store.refresh(nowMs());
    const { killSwitches, layers } = await pruneVersions(config.stateDir, { nowMs: nowMs() });
    if (layers + killSwitches > 0) {
      const reason = `${layers} of policies, ${killSwitches} of kill switches`;
      log.info("versions pruned that no record names", { reason });
    }
  } catch (error) {
    // What is in the way now may not be in an hour; until then nothing goes.
    log.error("versions of policies not pruned", error);
  }
}
