import { isSelected, type ReportRecord, type Selection } from "./report.ts";

/** Exchanges kept open at once; those open for longest are counted as they are then. */
const openMax = 50_000;

interface OpenExchange<Kept> {
  readonly kept: Kept;
  readonly log: string;
  readonly seq: number;
}

/** What is done with the two records of an exchange. */
export interface ExchangeReader<Kept> {
  /** What is to be known of a decision until its exchange has ended. */
  keep(decision: ReportRecord): Kept;
  /**
   * Counts an exchange. `closing`: undefined after a final decision, and where none came; `isOver`
   * says that none will come any more.
   */
  count(kept: Kept, closing: ReportRecord | undefined, isOver: boolean): void;
}

/**
 * Brings the decision and the closing of an exchange together. An exchange is of the time, tenant
 * and app of its decision; a closing whose decision was not taken is not counted.
 */
export class Exchanges<Kept> {
  readonly #selection: Selection;
  readonly #reader: ExchangeReader<Kept>;
  readonly #open = new Map<string, OpenExchange<Kept>>();
  /** By log, the `seq` at which its last writer began or ended. */
  readonly #turns = new Map<string, number>();
  #cutShort = 0;

  constructor(selection: Selection, reader: ExchangeReader<Kept>) {
    this.#selection = selection;
    this.#reader = reader;
  }

  get cutShort(): number {
    return this.#cutShort;
  }

  take(record: ReportRecord): void {
    const { json, kind, log, seq } = record;
    if (kind === "open" || kind === "close") this.#turns.set(log, seq);
    const exchange = json["exchange"];
    if (typeof exchange !== "string") return;
    if (kind === "decision") this.#decide(exchange, record);
    else if (kind === "closing") this.#close(exchange, record);
  }

  /** Counts those that no closing has come for; there are no more records. */
  finish(): void {
    for (const { kept, log, seq } of this.#open.values()) {
      this.#reader.count(kept, undefined, seq < (this.#turns.get(log) ?? 0));
    }
    this.#open.clear();
  }

  #decide(exchange: string, record: ReportRecord): void {
    if (!isSelected(this.#selection, record)) return;
    const kept = this.#reader.keep(record);
    if (record.json["final"] === true) return this.#reader.count(kept, undefined, true);
    this.#open.set(exchange, { kept, log: record.log, seq: record.seq });
    if (this.#open.size > openMax) this.#countOldest();
  }

  #close(exchange: string, record: ReportRecord): void {
    const open = this.#open.get(exchange);
    if (open === undefined) return;
    this.#open.delete(exchange);
    this.#reader.count(open.kept, record, true);
  }

  #countOldest(): void {
    for (const [exchange, { kept }] of this.#open) {
      this.#open.delete(exchange);
      this.#cutShort += 1;
      return this.#reader.count(kept, undefined, false);
    }
  }
}
