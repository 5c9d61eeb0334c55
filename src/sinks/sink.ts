/** One line of a log on its way to a sink. */
export interface SinkLine {
  /** The name of the log. */
  readonly log: string;
  readonly type: "record" | "checkpoint";
  /** Of a record its `seq`, of a checkpoint line its size: what marks a line that comes again. */
  readonly seq: number;
  /** As it stands in the segment, without its line feed. */
  readonly text: string;
}

/** What a receiver did with lines that it answered for. */
export interface Receipt {
  /** Lines of the batch that it will never take, where it says how many and not which. */
  readonly rejected: number;
  /** In its own words, where it has any. */
  readonly reason?: string | undefined;
}

/** Where lines go, as a port. Calls come one after another. */
export interface Sink {
  /** What is sent at once. */
  readonly batch: { readonly lines: number; readonly bytes: number };
  /**
   * Lines that may be lost though `send` resolved, because the protocol has no acknowledgement: the
   * cursor stays that many behind.
   */
  readonly unacknowledged?: number;
  /** True once after a connection broke on which lines may have been lost. */
  takeLoss?(): boolean;
  /**
   * Delivers lines of one log, in order, and resolves once the receiver has them. Rejects with
   * `SinkError`; anything else counts as the receiver being away. Gives up when the signal says so.
   */
  send(lines: readonly SinkLine[], signal: AbortSignal): Promise<Receipt>;
  /** Lets go of connections. */
  close(): Promise<void>;
}

/** Nothing was refused. */
export const taken: Receipt = { rejected: 0 };

/**
 * What a failed delivery means. `away`, `busy` and `late` are tried again; `refused` concerns the
 * lines that were sent, for good; `denied` concerns every line, so the sink stops.
 */
export type SinkFault = "away" | "busy" | "late" | "refused" | "denied";

/** A delivery that failed. */
export class SinkError extends Error {
  override readonly name = "SinkError";
  readonly fault: SinkFault;
  /** How long the receiver asks to be left alone. */
  readonly retryAfterMs: number | undefined;

  /** The message says what was expected and what was found, never a line. */
  constructor(
    fault: SinkFault,
    message: string,
    options: { readonly cause?: unknown; readonly retryAfterMs?: number | undefined } = {},
  ) {
    super(message, options);
    this.fault = fault;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** What an HTTP status other than 2xx says (audit-and-operations 5). */
export function faultOfStatus(status: number): SinkFault {
  if (status === 401 || status === 403 || status === 404) return "denied";
  if (status === 408 || status === 429 || status === 503) return "busy";
  if (status >= 400 && status < 500) return "refused";
  // A redirect would lead evidence to where nobody has sent it.
  return status >= 300 && status < 400 ? "denied" : "away";
}
