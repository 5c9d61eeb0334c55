import type { WithDeadline } from "./deadline.ts";
import { type Sink, SinkError, type SinkLine } from "./sink.ts";

/** One line after the other that is refused says more about the receiver than about lines. */
const inARowMax = 16;

/** Lines that a receiver will never take. */
export interface Refused {
  readonly lines: readonly SinkLine[];
  /** How many of them, where it did not say which. */
  readonly count: number;
  readonly reason: string;
}

/**
 * Delivers lines to one sink, and where it refuses for good finds out which: halves are tried until
 * single lines are left.
 */
export class Delivery {
  readonly #sink: Sink;
  readonly #withDeadline: WithDeadline;
  /** Single lines refused since one was taken. */
  #inARow = 0;

  constructor(sink: Sink, withDeadline: WithDeadline) {
    this.#sink = sink;
    this.#withDeadline = withDeadline;
  }

  /**
   * Resolves with what was refused once the receiver answered for each line. Rejects with `SinkError`
   * `denied` where it takes nothing at all, and with whatever else keeps it from answering.
   */
  async send(lines: readonly SinkLine[], signal: AbortSignal): Promise<readonly Refused[]> {
    try {
      const { reason = "", rejected } = await this.#withDeadline(signal, (bounded) =>
        this.#sink.send(lines, bounded),
      );
      if (rejected < lines.length) this.#inARow = 0;
      return rejected === 0 ? [] : [{ lines, count: rejected, reason }];
    } catch (error) {
      if (!(error instanceof SinkError && error.fault === "refused")) throw error;
      if (lines.length > 1) return await this.#sendHalves(lines, signal);
      this.#inARow += 1;
      if (this.#inARow >= inARowMax) {
        const message = `${inARowMax} lines one after the other were refused: ${error.message}`;
        throw new SinkError("denied", message, { cause: error });
      }
      return [{ lines, count: 1, reason: error.message }];
    }
  }

  async #sendHalves(lines: readonly SinkLine[], signal: AbortSignal) {
    const half = Math.ceil(lines.length / 2);
    const first = await this.send(lines.slice(0, half), signal);
    return [...first, ...(await this.send(lines.slice(half), signal))];
  }
}
