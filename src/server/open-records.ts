import { mkdirSync } from "node:fs";
import { hostname } from "node:os";
import type { Clock } from "../base/index.ts";
import { type LogObserver, openRecordLog, type RecordLog } from "../log/index.ts";
import type { OperatorLog, Telemetry } from "../telemetry/index.ts";
import type { Config } from "./config.ts";
import { holdsOf } from "./legal-holds.ts";
import { openAnchors } from "./open-anchors.ts";
import { openRootKey } from "./open-root-key.ts";
import { systemTimers } from "./system-clock.ts";

/** What the log of a server is opened with. */
export interface RecordsParts {
  readonly config: Pick<Config, "audit" | "stateDir">;
  readonly telemetry: Pick<Telemetry, "log">;
  readonly log: OperatorLog;
  readonly clock: Clock;
  readonly createId: () => string;
  /** Whether every sink has what stands before a `seq` of a log. */
  readonly isSent: (origin: string, seq: number) => boolean;
  /** Told of each line that is written, lent for the call. */
  readonly onLine?: ((line: Uint8Array, seq: number) => void) | undefined;
}

/** Opens the log of this process as the configuration says. Rejects with what is in the way. */
export async function openRecords(parts: RecordsParts): Promise<RecordLog> {
  const { config, log, telemetry } = parts;
  const { audit, stateDir } = config;
  const origin = audit.origin ?? originOf(hostname());
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const records = await openRecordLog({
    stateDir,
    origin,
    clock: parts.clock,
    timers: systemTimers,
    createId: parts.createId,
    rootKey: await openRootKey(audit.rootKey, origin),
    anchors: await openAnchors(audit, parts.clock),
    retentionDays: audit.retentionDays,
    onCorrupt: audit.onCorrupt,
    readHolds: async () => holdsOf(stateDir),
    isSent: parts.isSent,
    observer: observeLog(telemetry, log),
    onLine: parts.onLine,
  });
  // Without a root nobody could introduce another key, so its age says nothing.
  const hasRoot = audit.rootKey !== undefined;
  telemetry.log.readFrom(() =>
    hasRoot ? records.status : { ...records.status, keyAgeSeconds: undefined },
  );
  return records;
}

/**
 * Has a process that ends of an exception commit first, synchronously (audit-and-operations 11).
 * Returns what ends that.
 */
export function commitOnCrash(records: Pick<RecordLog, "commitNow">): () => void {
  const commit = () => {
    try {
      records.commitNow();
    } catch {
      // The process ends anyway; what was written is adopted by the next one.
    }
  };
  process.on("uncaughtExceptionMonitor", commit);
  return () => process.off("uncaughtExceptionMonitor", commit);
}

function observeLog({ log: metrics }: Pick<Telemetry, "log">, log: OperatorLog): LogObserver {
  return {
    written: (records, seconds) => metrics.written(records, seconds),
    undone: (records, reason) => metrics.undone(records, reason),
    committed: (records, seconds) => metrics.committed(records, seconds),
    noted: (kind) => metrics.recorded(kind),
    recovered: (result) => {
      metrics.recovered(result);
      if (result === "corrupt") log.error("the audit log is damaged; a new one was begun");
    },
    anchorFailed: (anchor, error) => {
      metrics.anchorFailed(anchor);
      log.error("an anchor did not take a checkpoint", error);
    },
    troubled: (what, error) => log.error(`the audit log has trouble: ${what}`, error),
  };
}

/** A host name is not held to what log names may have in them. */
export function originOf(host: string): string {
  return host.replaceAll(/[^A-Za-z0-9._-]/g, "-") || "localhost";
}
