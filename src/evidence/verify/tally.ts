import type { RecordReader } from "../../record/index.ts";

/** Longer silence between two signs of life is told (audit-and-operations 4.5 step 7). */
const silenceMsMax = 90_000;
/** Entries kept of each list, so that a hostile log cannot fill the memory. */
const listMax = 1000;

/** Records `from` and up to before `to`, by `seq`. */
export interface SeqRange {
  readonly from: number;
  readonly to: number;
}

/** A stretch of time in which the log gave no sign of life while it was open. */
export interface Silence {
  readonly from: string;
  readonly to: string;
  /** Of the record that ended it. */
  readonly seq: number;
}

/** A decision whose closing is not in the log. */
export interface UnclosedDecision {
  readonly seq: number;
  readonly exchange: string;
}

const atBytes = 27;

/** Counts what the records of one log say, for the report. */
export class LogTally {
  readonly kinds = new Map<string, number>();
  readonly adopted: SeqRange[] = [];
  readonly gaps: Silence[] = [];
  readonly #open = new Map<string, number>();
  readonly #lastAt = new Uint8Array(atBytes);
  #lastSign: string | undefined;
  #from: string | undefined;

  /** Takes the record at hand. */
  take(record: RecordReader): void {
    const { kind } = record;
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
    record.copyAt(this.#lastAt);
    this.#from ??= record.at;
    switch (kind) {
      case "decision":
        this.#takeDecision(record);
        return;
      case "closing":
        if (record.exchange !== undefined) this.#open.delete(record.exchange);
        return;
      case "open":
        this.#takeOpen(record);
        return;
      case "beat":
        this.#takeSign(record);
        return;
      case "close":
        this.#takeSign(record);
        // What follows is downtime, which the log cannot know about.
        this.#lastSign = undefined;
        return;
      default:
    }
  }

  /** When the first record was made. */
  get from(): string | undefined {
    return this.#from;
  }

  /** When the last record was made. */
  get to(): string | undefined {
    return this.#from && Buffer.from(this.#lastAt).toString("latin1");
  }

  /** How many decisions have no closing, and the first of them. */
  unclosed(): { readonly count: number; readonly first: readonly UnclosedDecision[] } {
    const first: UnclosedDecision[] = [];
    for (const [exchange, seq] of this.#open) {
      if (first.length === listMax) break;
      first.push({ seq, exchange });
    }
    return { count: this.#open.size, first };
  }

  #takeDecision(record: RecordReader): void {
    if (record.isFinal) return;
    const { exchange } = record;
    if (exchange !== undefined) this.#open.set(exchange, record.seq);
  }

  #takeOpen(record: RecordReader): void {
    this.#takeSign(record);
    const { adopted, adoptedFrom } = record.json();
    if (typeof adopted !== "number" || typeof adoptedFrom !== "number" || adopted === 0) return;
    if (this.adopted.length < listMax) {
      this.adopted.push({ from: adoptedFrom, to: adoptedFrom + adopted });
    }
  }

  #takeSign({ at, seq }: RecordReader): void {
    const before = this.#lastSign;
    this.#lastSign = at;
    if (before === undefined || Date.parse(at) - Date.parse(before) <= silenceMsMax) return;
    if (this.gaps.length < listMax) this.gaps.push({ from: before, to: at, seq });
  }
}
