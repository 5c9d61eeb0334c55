import type { AdminOptions } from "../admin/index.ts";
import type { Problem } from "../base/index.ts";
import type { HeldBytes } from "../exchange/index.ts";
import type { ExtProcServer } from "../extproc/index.ts";
import type { RecordLog } from "../log/index.ts";
import type { Snapshot } from "../policy/index.ts";
import type { Telemetry } from "../telemetry/index.ts";

interface StateParts {
  readonly version: string;
  readonly snapshot: Snapshot | undefined;
  readonly policyProblems: readonly Problem[];
  readonly records: RecordLog;
  readonly telemetry: Telemetry;
}

/** Problems shown in `/status`; `chancery check` shows all of them. */
const problemsShownMax = 20;

/** What a running server is, for probes and people: owned by the server, read by its admin port. */
export class ServerState {
  readonly heldBytes: HeldBytes = { total: 0 };
  /** In the order of the configuration; filled while the server starts. */
  readonly transports: ExtProcServer[] = [];
  readonly #parts: StateParts;
  readonly #startedAt = new Date().toISOString();
  #isDraining = false;
  #commitFault: unknown;

  constructor(parts: StateParts) {
    this.#parts = parts;
  }

  /** A snapshot is active, the log can be written, and the server is not stopping. */
  get isReady(): boolean {
    const { records, snapshot } = this.#parts;
    return snapshot !== undefined && records.isWritable && !this.#isDraining;
  }

  get activeStreams(): number {
    return this.transports.reduce((sum, { activeStreams }) => sum + activeStreams, 0);
  }

  /** From now on every probe says no; exchanges are served as before. */
  beginDraining(): void {
    this.#isDraining = true;
    for (const transport of this.transports) transport.setNotServing();
  }

  /**
   * Writes the records of this turn. Throws Fault audit_unavailable, and then for every listener
   * that ends its turn in the same round of the loop: a failed write undoes what all had appended.
   */
  commit(): void {
    if (this.#commitFault !== undefined) throw this.#commitFault;
    try {
      this.#parts.records.commit();
    } catch (fault) {
      this.#commitFault = fault;
      setImmediate(() => {
        this.#commitFault = undefined;
      });
      throw fault;
    }
  }

  adminOptions(): AdminOptions {
    return {
      isReady: () => this.isReady,
      status: () => this.#status(),
      metrics: () => this.#parts.telemetry.metrics(),
      metricsContentType: this.#parts.telemetry.contentType,
    };
  }

  #status(): object {
    const { policyProblems, records, snapshot, version } = this.#parts;
    return {
      version,
      node: process.versions.node,
      startedAt: this.#startedAt,
      isReady: this.isReady,
      isDraining: this.#isDraining,
      policies: {
        snapshot: snapshot?.digest ?? null,
        layers: snapshot?.versionsFor(undefined).layers ?? [],
        problems: policyProblems.slice(0, problemsShownMax),
      },
      log: { origin: records.origin, nextSeq: records.nextSeq, isWritable: records.isWritable },
      activeStreams: this.activeStreams,
      heldBytes: this.heldBytes.total,
    };
  }
}
