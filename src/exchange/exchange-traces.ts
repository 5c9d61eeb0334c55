import type { BypassRecord, ClosingRecord, DecisionRecord } from "../record/index.ts";
import type { ExchangeDeps } from "./deps.ts";
import type { Stopwatch } from "./stopwatch.ts";
import { parseTraceparent, type TraceContext } from "./trace-context.ts";
import type { ExchangeTrace, Recorded } from "./tracer.ts";

/** What the traces of an exchange are known by. */
interface TracesOpening {
  readonly exchange: string;
  readonly stopwatch: Stopwatch;
  /** Of the proxy's side call. */
  readonly traceparent: string | undefined;
}

/** Where one exchange stands in traces, and its spans where it has any. */
export class ExchangeTraces {
  readonly #deps: Pick<ExchangeDeps, "tracer">;
  readonly #opening: TracesOpening;
  #parent: TraceContext | undefined;
  /** Of the caller, where the proxy's own is another. */
  #link: TraceContext | undefined;
  #spans: ExchangeTrace | undefined;
  /** As its decision says: a closing does not, and spans may begin with that. */
  #isWatched = false;

  constructor(deps: Pick<ExchangeDeps, "tracer">, opening: TracesOpening) {
    this.#deps = deps;
    this.#opening = opening;
    this.#parent = parseTraceparent(opening.traceparent);
  }

  /** What a record says of it. */
  get parent(): TraceContext | undefined {
    return this.#parent;
  }

  get spans(): ExchangeTrace | undefined {
    return this.#spans;
  }

  /** Of a trace that somebody keeps: whoever began it, or we. */
  get traceId(): string | undefined {
    return this.#parent?.isSampled === true ? this.#parent.traceId : this.#spans?.traceId;
  }

  /** The request came, with this `traceparent` among its headers. */
  requested(traceparent: string | undefined): void {
    const forwarded = parseTraceparent(traceparent);
    if (this.#parent !== undefined && forwarded?.traceId !== this.#parent.traceId) {
      this.#link = forwarded;
    }
    this.#parent ??= forwarded;
    this.#spans = this.#open(false);
  }

  decided(record: DecisionRecord, seq: number | undefined): void {
    this.#isWatched = record.mode === "observe";
    if (this.#deps.tracer !== undefined) this.#ofNote(record)?.decided(this.#recorded(record, seq));
  }

  closed(record: ClosingRecord, seq: number | undefined): void {
    if (this.#deps.tracer !== undefined) this.#ofNote(record)?.closed(this.#recorded(record, seq));
  }

  bypassed(record: BypassRecord, seq: number | undefined): void {
    this.#spans?.bypassed(this.#recorded(record, seq));
  }

  /** The exchange ended without the record it should have. */
  abandoned(reason: string): void {
    this.#spans?.abandoned(reason);
  }

  /** The spans of an exchange about which something has to be said now, if it is traced. */
  #ofNote(record: DecisionRecord | ClosingRecord): ExchangeTrace | undefined {
    if (isNotable(record)) this.#spans ??= this.#open(true);
    return this.#spans;
  }

  #open(isOfNote: boolean): ExchangeTrace | undefined {
    const { exchange, stopwatch } = this.#opening;
    return this.#deps.tracer?.open({
      exchange,
      parent: this.#parent,
      link: this.#link,
      startedMicros: stopwatch.startedMicros,
      isNotable: isOfNote,
    });
  }

  #recorded<R>(record: R, seq: number | undefined): Recorded<R> {
    const stages = this.#opening.stopwatch.stages();
    return { record, seq, stages, isWatched: this.#isWatched };
  }
}

/** Worth a trace of its own although nobody asked for one (audit-and-operations 7). */
function isNotable({ outcome, reason, verdict }: DecisionRecord | ClosingRecord): boolean {
  if (outcome === "none") return reason !== undefined;
  return verdict === "deny" || verdict === "fail_open";
}
