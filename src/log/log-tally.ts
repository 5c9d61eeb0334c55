import type { RecordRole } from "./record-role.ts";

const dayMs = 86_400_000;

/** Counts what is in the log since `open`, and remembers which exchanges are not closed. */
export class LogTally {
  readonly #retentionDays: number;
  readonly #counts = new Map<string, number>();
  /** `seq` of decisions that wait for a closing, in order. */
  readonly #open = new Map<string, number>();
  #retainUntilDay: number;
  #lastDate = "";
  #lastDay = 0;

  /** `retentionDays`: of records that say nothing. `retainUntilDay`: of a segment found open. */
  constructor(retentionDays: number, retainUntilDay = 0) {
    this.#retentionDays = retentionDays;
    this.#retainUntilDay = retainUntilDay;
  }

  /** One record reached the log. */
  written(role: RecordRole, seq: number, at: string): void {
    if (role.kind === "open") this.#counts.clear();
    this.#counts.set(role.kind, (this.#counts.get(role.kind) ?? 0) + 1);
    const day = this.#dayOf(at) + (role.retainDays ?? this.#retentionDays);
    if (day > this.#retainUntilDay) this.#retainUntilDay = day;
    if (role.exchange === undefined) return;
    if (role.isOpening === true) this.#open.set(role.exchange, seq);
    else if (role.kind === "closing") this.#open.delete(role.exchange);
  }

  /** Records by kind. */
  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  /** The lowest `seq` of a decision without closing, else `otherwise`. */
  oldestOpen(otherwise: number): number {
    for (const seq of this.#open.values()) return seq;
    return otherwise;
  }

  /** The latest day any record since the last seal must be kept to, as `2026-11-21`. */
  get retainUntil(): string {
    return new Date(this.#retainUntilDay * dayMs).toISOString().slice(0, 10);
  }

  /** The same in days since 1970. */
  get retainUntilDay(): number {
    return this.#retainUntilDay;
  }

  /** What comes now is in another segment. */
  sealed(): void {
    this.#retainUntilDay = 0;
  }

  /** Days since 1970 of a time as records have it. Many have the same date. */
  #dayOf(at: string): number {
    if (this.#lastDate === "" || !at.startsWith(this.#lastDate)) {
      this.#lastDate = at.slice(0, 10);
      this.#lastDay = Math.floor(Date.parse(this.#lastDate) / dayMs);
    }
    return this.#lastDay;
  }
}
