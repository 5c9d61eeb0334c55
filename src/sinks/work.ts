import type { Cursor } from "./cursor.ts";
import type { SinkFault } from "./sink.ts";

/**
 * Why something went wrong: what `chancery_sink_errors_total` counts. `hold`: legal holds were not
 * copied; everything else goes on.
 */
export type SinkTrouble = SinkFault | "cursor" | "log" | "missing" | "hold";

/** Told what sinks do, for metrics and operators; calls are cheap and never throw. */
export interface SinkObserver {
  sent(sink: string, lines: number): void;
  /** `count` lines or attempts; `error` where there is one to show. */
  failed(sink: string, trouble: SinkTrouble, error?: unknown, count?: number): void;
  /** It sends nothing more until somebody has looked. */
  stopped(sink: string, error: unknown): void;
}

/** How a receiver that can hold stands to the legal holds. */
export interface HoldStatus {
  /** `waiting` after a failure; `unreadable` where holds cannot be read, so that nothing changes. */
  readonly state: "running" | "waiting" | "unreadable";
  /** Holds in force when they could last be read. */
  readonly inForce: number;
  /** Segments that the store has said it holds. */
  readonly held: number;
  /** Segments that are to be held or let go. */
  readonly due: number;
}

/** What one sink has to do, in steps. Calls come one after another. */
export interface Work {
  /** What the receiver has for certain. */
  readonly cursor: Pick<Cursor, "positions" | "refusals">;
  /** Records that could be sent and are not. */
  readonly lag: number;
  /** When the first of them was made, in microseconds since 1970; undefined where it is not known. */
  readonly oldestMicros: number | undefined;
  /** Where the receiver can hold. */
  readonly holds?: HoldStatus;
  /** Whether there is enough to send to do it at once. */
  readonly isPressing: boolean;
  /** Sends something; true where there may be more. Rejects with what keeps it from doing so. */
  step(signal: AbortSignal): Promise<boolean>;
  /** Whether everything of a log before this record has been passed on. */
  hasPassed(origin: string, seq: number): boolean;
  /** Lets go of everything. */
  close(): Promise<void>;
}
