import type { PolicyUsage } from "../../policy/index.ts";
import { UsageError } from "../usage-error.ts";

/** Samples of the two families that tell of use; a time behind the value is not needed. */
const startSample = /^process_start_time_seconds(?:\{[^}]*\})? (\S+)/;
const hitsSample = /^chancery_rule_hits_total\{(?:[^}]*,)?rule="([^"\\]*)"[^}]*\} (\S+)/;

/** Under this name rules without a series of their own count together. */
const otherRules = "other";

/**
 * Reads what a server's `/metrics` says of rules (audit-and-operations 6), in the Prometheus text
 * format 0.0.4 or OpenMetrics 1.0. Of several processes in one text the one that counts the shortest
 * says how long is covered.
 */
export class ExpositionReader {
  readonly #name: string;
  readonly #hits = new Map<string, number>();
  #startMs: number | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  read(line: string): void {
    const [, rule, count] = hitsSample.exec(line) ?? [];
    if (rule !== undefined && rule !== otherRules) {
      this.#hits.set(rule, (this.#hits.get(rule) ?? 0) + Number(count));
      return;
    }
    const [, seconds] = startSample.exec(line) ?? [];
    if (seconds === undefined) return;
    this.#startMs = Math.max(this.#startMs ?? 0, Number(seconds) * 1000);
  }

  /**
   * What it says, as of when it was written, in milliseconds since the epoch. A rule that was hit at
   * all counts as hit right then. Throws `UsageError` where it is no scrape of a server.
   */
  usage(writtenMs: number): PolicyUsage {
    const counts = [...this.#hits.values()];
    const startMs = this.#startMs;
    if (startMs === undefined || Number.isNaN(startMs) || counts.some(Number.isNaN)) {
      throw new UsageError(
        `${this.#name} holds neither records nor the metrics of a server.`,
        "Give --usage what a server's /metrics says, or its records as JSON Lines.",
      );
    }
    const hit = [...this.#hits].filter(([, count]) => count > 0);
    return {
      source: "metrics",
      fromMs: startMs,
      untilMs: writtenMs,
      lastUses: new Map(hit.map(([rule]) => [rule, writtenMs])),
      listed: new Set(this.#hits.keys()),
    };
  }
}
