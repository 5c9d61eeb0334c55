import type { RecordReader } from "../../record/index.ts";
import { UnrecordedRefusals } from "./unrecorded-refusals.ts";

/** Differences that are named; the counts have the rest. */
const namedMax = 1000;

/** What the two logs do not agree on. */
export interface JoinDifference {
  /**
   * `missing` in the record log, there with a `different` place, `unlogged` by the proxy, logged by it
   * and `untold`: it never heard what became of the request, or `refused` while nothing could be
   * recorded.
   */
  readonly is: "missing" | "different" | "unlogged" | "untold" | "refused";
  readonly exchange: string;
  readonly log: string;
  readonly seq: number;
}

/** How an access log and the record logs agree (audit-and-operations 4.5 step 7). */
export interface JoinReport {
  readonly lines: number;
  /** Lines whose record is not there, and refusals by overload that no record counts. */
  readonly missing: number;
  /** Lines whose record has another `log` or `seq`. */
  readonly differ: number;
  /** Lines without the metadata: not of an exchange of ours, or not told. */
  readonly unmarked: number;
  /** Records of the time the access log spans that it has no line for. */
  readonly unlogged: number;
  /** Records whose line has no metadata, since nothing had been answered yet; no fault by itself. */
  readonly untold: number;
  /**
   * Lines of refusals without a record, of which the log tells the number: it could not be written
   * then. Those beyond that number are missing.
   */
  readonly refused: number;
  /** The first of them, by name, the untold and the refused behind the others. */
  readonly differences: readonly JoinDifference[];
}

/** Where a record is not that the proxy was told no place of. */
const nowhere = { log: "", seq: -1 } as const;

interface AccessEntry {
  /** The caller was refused since nothing could be recorded. */
  readonly isUnrecorded: boolean;
  /** Absent where the proxy was told none. */
  readonly log: string | undefined;
  readonly seq: number | undefined;
  isSeen: boolean;
}

/**
 * Holds an access log against the records: each line with an `exchange` has its record with that
 * `log` and `seq`, and each decision or bypass of that time has its line. The exchanges of the access
 * log are kept in memory. An exchange's id tells when it began (UUIDv7), so the time the access log
 * spans is that of its ids, whatever it calls its time stamps.
 *
 * An exchange that ended before its first answer, because the caller left or the process died, has a
 * record and a line that knows nothing of it. Such a line is found by the id the proxy gave the
 * request, which it has as `request` and the record as `requestId`.
 */
export class AccessJoin {
  readonly #entries = new Map<string, AccessEntry>();
  readonly #requests = new Set<string>();
  readonly #differences: JoinDifference[] = [];
  readonly #untoldFirst: JoinDifference[] = [];
  readonly #refusals = new UnrecordedRefusals();
  #lines = 0;
  #unmarked = 0;
  #differ = 0;
  #unlogged = 0;
  #untold = 0;
  #overloaded = 0;
  #shed = 0;
  #firstMs = Number.POSITIVE_INFINITY;
  #lastMs = Number.NEGATIVE_INFINITY;

  /** `lines` are JSON lines with the metadata at the top or under `decision`. */
  constructor(lines: Iterable<string>) {
    for (const line of lines) if (line.trim() !== "") this.#addLine(line);
  }

  /** Takes the record at hand of the log with this origin. */
  take(record: RecordReader, origin: string): void {
    const { kind } = record;
    if (kind === "decision" || kind === "bypass") this.#takeExchange(record, origin);
    else if (kind === "shed") this.#takeShed(record);
    else if (kind === "open" || kind === "beat") this.#refusals.take(record.json(), origin);
  }

  report(): JoinReport {
    let missing = 0;
    const accounted = this.#accountedFor();
    for (const [exchange, { isSeen, log, seq }] of this.#entries) {
      if (isSeen || accounted.has(exchange)) continue;
      missing += 1;
      this.#name({ is: "missing", exchange, log: log ?? nowhere.log, seq: seq ?? nowhere.seq });
    }
    return {
      lines: this.#lines,
      missing: missing + Math.max(0, this.#overloaded - this.#shed),
      differ: this.#differ,
      unmarked: this.#unmarked,
      unlogged: this.#unlogged + Math.max(0, this.#shed - this.#overloaded),
      untold: this.#untold,
      refused: accounted.size,
      differences: [
        ...this.#differences,
        ...this.#untoldFirst,
        ...Array.from(accounted, (exchange) => ({ is: "refused" as const, exchange, ...nowhere })),
      ].slice(0, namedMax),
    };
  }

  /** Refusals that the log itself says it has no record of. */
  #accountedFor(): ReadonlySet<string> {
    const unrecorded = [...this.#entries]
      .filter(([, { isSeen, isUnrecorded }]) => isUnrecorded && !isSeen)
      .map(([exchange]) => ({ exchange, beganMs: millisOf(exchange) }));
    return this.#refusals.accountedFor(unrecorded, this.#lastMs);
  }

  #addLine(line: string): void {
    this.#lines += 1;
    const value = objectIn(line);
    if (typeof value["request"] === "string") this.#requests.add(value["request"]);
    const { exchange, log, reason, seq } = metadataOf(value);
    const millis = typeof exchange === "string" ? millisOf(exchange) : Number.NaN;
    if (typeof exchange !== "string" || Number.isNaN(millis)) {
      this.#unmarked += 1;
      return;
    }
    this.#firstMs = Math.min(this.#firstMs, millis);
    this.#lastMs = Math.max(this.#lastMs, millis);
    if (seq === undefined && reason === "overloaded") this.#overloaded += 1;
    else {
      // What has no `seq` was not written then: it is missing, unless it was written late.
      this.#entries.set(exchange, {
        isUnrecorded: seq === undefined && log === undefined && reason === "audit_unavailable",
        log: log === undefined ? undefined : String(log),
        seq: seq === undefined ? undefined : Number(seq),
        isSeen: false,
      });
    }
  }

  #takeExchange(record: RecordReader, origin: string): void {
    const { exchange, seq } = record;
    if (exchange === undefined) return;
    const entry = this.#entries.get(exchange);
    if (entry === undefined) {
      this.#takeUnnamed({ exchange, log: origin, seq }, record);
    } else {
      entry.isSeen = true;
      if ((entry.log ?? origin) === origin && (entry.seq ?? seq) === seq) return;
      this.#differ += 1;
      this.#name({ is: "different", exchange, log: origin, seq });
    }
  }

  #takeShed(record: RecordReader): void {
    const { count, from, to } = record.json();
    const [first, last] = [Date.parse(String(from)), Date.parse(String(to))];
    if (typeof count === "number" && last >= this.#firstMs && first <= this.#lastMs) {
      this.#shed += count;
    }
  }

  /** A record whose exchange no line names. */
  #takeUnnamed(place: Omit<JoinDifference, "is">, record: RecordReader): void {
    if (!this.#isSpanned(millisOf(place.exchange))) return;
    const { requestId } = record.json();
    if (typeof requestId === "string" && this.#requests.has(requestId)) {
      this.#untold += 1;
      if (this.#untoldFirst.length < namedMax) this.#untoldFirst.push({ is: "untold", ...place });
    } else {
      this.#unlogged += 1;
      this.#name({ is: "unlogged", ...place });
    }
  }

  #isSpanned(millis: number): boolean {
    return millis >= this.#firstMs && millis <= this.#lastMs;
  }

  #name(difference: JoinDifference): void {
    if (this.#differences.length < namedMax) this.#differences.push(difference);
  }
}

/** The metadata of a line, empty where it has none. */
function metadataOf(line: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return line["exchange"] === undefined ? asObject(line["decision"]) : line;
}

function objectIn(line: string): Readonly<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(line));
  } catch {
    // A line of another form is counted as one without metadata.
    return {};
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** The milliseconds in a UUIDv7 (RFC 9562 section 5.7), NaN for another text. */
function millisOf(exchange: string): number {
  const [, high, low] =
    /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[0-9a-f-]{17}$/.exec(exchange) ?? [];
  return Number.parseInt(`${high}${low}`, 16);
}
