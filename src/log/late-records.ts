import type { PendingRecord } from "./log-writer.ts";

/** Records kept while the log cannot be written (audit-and-operations 4.8). */
const recordsMax = 10_000;

/** What waits in memory to be written late, and how much could not be kept. */
export class LateRecords {
  #waiting: PendingRecord[] = [];
  #lost = 0;
  #refused = 0;

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** True where a beat has something to tell. */
  get hasDebts(): boolean {
    return this.#lost > 0 || this.#refused > 0;
  }

  /** Keeps a record; false where there is no room: it is lost then. */
  keep(record: PendingRecord): boolean {
    if (this.#waiting.length === recordsMax) {
      this.#lost += 1;
      return false;
    }
    this.#waiting.push(record);
    return true;
  }

  /** An exchange was refused that no record tells of. */
  refused(): void {
    this.#refused += 1;
  }

  /** The oldest, in order; they are still kept until `written`. */
  first(count: number): readonly PendingRecord[] {
    return this.#waiting.slice(0, count);
  }

  /** The oldest are in the log. */
  written(count: number): void {
    this.#waiting.splice(0, count);
  }

  /** What the next beat says; it counts from zero once that is `told`. */
  debts(): { readonly lost?: number; readonly refused?: number } {
    return {
      ...(this.#lost > 0 && { lost: this.#lost }),
      ...(this.#refused > 0 && { refused: this.#refused }),
    };
  }

  told(): void {
    this.#lost = 0;
    this.#refused = 0;
  }
}
