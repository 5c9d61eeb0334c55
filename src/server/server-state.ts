import type { AdminOptions } from "../admin/index.ts";
import type { HeldBytes } from "../exchange/index.ts";
import type { ExtProcServer } from "../extproc/index.ts";
import type { LeakWatch } from "../leaks/index.ts";
import type { LogStatus, RecordLog } from "../log/index.ts";
import type { SinkStatus, Sinks } from "../sinks/index.ts";
import type { Telemetry } from "../telemetry/index.ts";
import { renderBundles } from "./bundle-ledger.ts";
import type { KillSwitchKeeper } from "./kill-switch-keeper.ts";
import type { Listener } from "./listener.ts";
import type { PolicyKeeper } from "./policy-keeper.ts";
import type { PolicyState } from "./policy-state.ts";
import { renderPolicyStatus } from "./policy-status.ts";
import type { RolloutMonitor } from "./rollout-monitor.ts";

/** Shown in `/status`. */
const switchesShownMax = 100;
const rolloutsShownMax = 100;
const cursorsShownMax = 100;

interface StateParts {
  readonly version: string;
  readonly policies: Partial<Pick<PolicyKeeper, "bundles">> & { readonly state: PolicyState };
  readonly killSwitches: Pick<KillSwitchKeeper, "problems" | "standing">;
  readonly rollouts: Pick<RolloutMonitor, "status">;
  readonly records: Pick<
    RecordLog,
    "commit" | "durable" | "isWritable" | "nextSeq" | "origin" | "status" | "whenDurable"
  >;
  readonly sinks: Pick<Sinks, "status">;
  /** Looks through what scrapers are given. */
  readonly leaks: Pick<LeakWatch, "metrics">;
  readonly telemetry: Telemetry;
}

/** What a running server is, for probes and people: owned by the server, read by its admin port. */
export class ServerState {
  readonly heldBytes: HeldBytes = { total: 0 };
  /** In the order of the configuration; filled while the server starts. */
  readonly listeners: Listener[] = [];
  readonly #parts: StateParts;
  readonly #startedAt = new Date().toISOString();
  #isDraining = false;
  #commitFault: unknown;

  constructor(parts: StateParts) {
    this.#parts = parts;
  }

  /** A snapshot is active, the log can be written, and the server is not stopping. */
  get isReady(): boolean {
    const { policies, records } = this.#parts;
    return policies.state.snapshot !== undefined && records.isWritable && !this.#isDraining;
  }

  get transports(): readonly ExtProcServer[] {
    return this.listeners.map(({ transport }) => transport);
  }

  get activeStreams(): number {
    return this.transports.reduce((sum, { activeStreams }) => sum + activeStreams, 0);
  }

  /** Tells those who watch health whether the server is ready now. */
  publishHealth(): void {
    for (const transport of this.transports) transport.publishHealth();
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

  /** Calls `done` once the record with this `seq` is on the disk for good, or is not known to be. */
  whenDurable(seq: number, done: (isDurable: boolean) => void): void {
    this.#parts.records.whenDurable(seq, done);
  }

  adminOptions(): AdminOptions {
    return {
      isReady: () => this.isReady,
      status: () => this.#status(),
      metrics: () => this.#watched(this.#parts.telemetry.metrics()),
      openMetrics: () => this.#watched(this.#parts.telemetry.openMetrics()),
      metricsContentType: this.#parts.telemetry.contentType,
    };
  }

  async #watched(exposition: Promise<string>): Promise<string> {
    const text = await exposition;
    this.#parts.leaks.metrics(text);
    return text;
  }

  #status(): object {
    const { killSwitches, policies, records, rollouts, sinks, telemetry, version } = this.#parts;
    return {
      version,
      node: process.versions.node,
      startedAt: this.#startedAt,
      isReady: this.isReady,
      isDraining: this.#isDraining,
      policies: {
        ...renderPolicyStatus(policies.state, Date.now()),
        ...(policies.bundles === undefined ? {} : { bundles: renderBundles(policies.bundles) }),
      },
      killSwitches: {
        standing: killSwitches.standing.slice(0, switchesShownMax),
        standingTotal: killSwitches.standing.length,
        problems: killSwitches.problems.slice(0, switchesShownMax),
      },
      rollouts: rollouts.status.slice(0, rolloutsShownMax),
      rolloutsTotal: rollouts.status.length,
      drift: telemetry.drift.status(),
      log: {
        origin: records.origin,
        nextSeq: records.nextSeq,
        durableSize: records.durable?.checkpoint.size ?? 0,
        isWritable: records.isWritable,
        anchors: renderAnchors(records.status),
      },
      sinks: sinks.status.map(renderSink),
      listeners: this.listeners.map((listener) => listener.status()),
      activeStreams: this.activeStreams,
      heldBytes: this.heldBytes.total,
    };
  }
}

/** Null: it has taken none since the process started. */
function renderAnchors({ anchorAgeSeconds }: LogStatus): object {
  return [...anchorAgeSeconds].map(([name, seconds]) => ({
    name,
    ageSeconds: seconds === undefined ? null : Math.round(seconds),
  }));
}

function renderSink(sink: SinkStatus): object {
  const { cursors, holds: legalHolds, lagRecords, lagSeconds, name, refused, state } = sink;
  return {
    ...{ name, state, lagRecords, lagSeconds: Math.round(lagSeconds), refused },
    // What cannot hold has none.
    legalHolds,
    cursors: [...cursors]
      .slice(-cursorsShownMax)
      .map(([log, { byte, segment, seq }]) => ({ log, segment, byte, seq })),
    cursorsTotal: cursors.size,
  };
}
