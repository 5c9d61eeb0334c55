import type { BypassRecord, ClosingRecord, DecisionRecord } from "../record/index.ts";
import type { StageRun } from "./stopwatch.ts";
import type { TraceContext } from "./trace-context.ts";

/** What is known of an exchange when it is asked whether it is traced. */
export interface TraceOpening {
  readonly exchange: string;
  /** The proxy's side call, else what the caller sent. */
  readonly parent: TraceContext | undefined;
  /** What the caller sent, where that is of another trace than the parent. */
  readonly link: TraceContext | undefined;
  /** When the exchange began, in microseconds of the monotonic clock. */
  readonly startedMicros: number;
  /** It was denied, passed although something failed, or ended in a fault. */
  readonly isNotable: boolean;
}

/** What a record of the exchange says, where it stands, and the stages that led to it. */
export interface Recorded<R> {
  readonly record: R;
  /** Of an app whose exchanges are judged and not governed. */
  readonly isWatched: boolean;
  /** Undefined: it is going to be written late. */
  readonly seq: number | undefined;
  readonly stages: readonly StageRun[];
}

/** The spans of one exchange that is traced; calls are cheap and never throw. */
export interface ExchangeTrace {
  readonly traceId: string;
  /** An event of the proxy, by its name, was answered. */
  answered(event: string): void;
  /** A classifier has answered, or has not: `fault` says why. */
  asked(classifier: string, fromMicros: number, fault: string | undefined): void;
  decided(recorded: Recorded<DecisionRecord>): void;
  closed(recorded: Recorded<ClosingRecord>): void;
  bypassed(recorded: Recorded<BypassRecord>): void;
  /** It ended without the record it should have. */
  abandoned(reason: string): void;
}

/** Decides which exchanges are traced. */
export interface Tracer {
  /** Undefined: this one is not, unless it turns out to be notable. */
  open(opening: TraceOpening): ExchangeTrace | undefined;
}
