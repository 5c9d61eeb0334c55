import { readFileSync } from "node:fs";
import { Ledger } from "../quota/index.ts";
import { MemoryQuotaStore, openRedisQuotaStore } from "../stores/index.ts";
import type { OperatorLog } from "../telemetry/index.ts";
import type { QuotaStoreConfig } from "./config.ts";
import { systemTimers } from "./system-clock.ts";

/** Where this process counts budgets. */
export interface QuotaLedger {
  readonly ledger: Ledger;
  /** Ends the connection to the store, if there is one. */
  close(): void;
}

export interface QuotaLedgerOptions {
  readonly store: QuotaStoreConfig;
  /** The wait a request may be given; a store that takes longer than half of it is not there. */
  readonly phaseMs: number;
  readonly log: Pick<OperatorLog, "info" | "error">;
}

const storeDeadlineMsMost = 500;

/**
 * Opens the store of budgets. Throws where the password cannot be read; a store that is not there
 * keeps nobody from starting, and is tried again.
 */
export async function openQuotaLedger(options: QuotaLedgerOptions): Promise<QuotaLedger> {
  const { log, phaseMs, store: config } = options;
  const local = new MemoryQuotaStore();
  if (config.kind === "memory") {
    return { ledger: new Ledger({ store: local, local, localShare: 1 }), close: () => undefined };
  }
  const { passwordFile, replicas, url } = config;
  const store = await openRedisQuotaStore({
    url,
    password: passwordFile === undefined ? undefined : readFileSync(passwordFile, "utf8").trim(),
    deadlineMs: Math.min(storeDeadlineMsMost, phaseMs / 2),
    timers: systemTimers,
    observer: {
      connected: () => log.info("quota store connected"),
      lost: (cause) => log.error("quota store lost", cause),
    },
  });
  return {
    ledger: new Ledger({ store, local, localShare: 1 / replicas }),
    close: () => store.close(),
  };
}
