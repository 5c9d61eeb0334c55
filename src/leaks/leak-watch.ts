import type { Timer, Timers } from "../base/index.ts";
import type { Detector } from "../detect/index.ts";
import type { Leak, Surface } from "./leak.ts";
import { LeakFinder } from "./leak-finder.ts";
import { leaksIn, type Piece, type WrittenSpan } from "./piece.ts";
import { Sample } from "./sample.ts";

/** What a watch over our own output works with. */
export interface LeakWatchParts {
  readonly detector: Pick<Detector, "scan">;
  /** Pieces of each surface that are looked at each second; 0: none. */
  readonly perSecond: number;
  readonly timers: Timers;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Whether the process has had much else to do since it was asked last. */
  readonly isBusy: () => boolean;
  /** Told of each leak; must not throw. */
  readonly onLeak: (leak: Leak) => void;
}

/** How many times as much is looked at while there is little else to do. */
const idleFactor = 10;
/** A second's pieces are looked at in steps, so that no step holds up the thread. */
const secondMs = 1_000;
const stepMs = 20;
const stepsMax = 40;
/** Of an exposition, which may have thousands of lines, so much makes a piece. */
const metricUnits = 8 * 1024;

/**
 * Looks at what the process writes for values that must not be in it: a few pieces of each surface a
 * second, chosen evenly, and some time after they were written. Whoever writes pays for a random number
 * and now and then for a copy.
 */
export class LeakWatch {
  readonly #parts: LeakWatchParts;
  readonly #finder: LeakFinder;
  readonly #samples: Readonly<Record<Surface, Sample<Piece>>>;
  #queue: Piece[] = [];
  /** Pieces of the queue that one step takes. */
  #stride = 1;
  /** Set from the first piece until there is none left. */
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(parts: LeakWatchParts) {
    const { detector, perSecond, random } = parts;
    this.#parts = parts;
    this.#finder = new LeakFinder(detector);
    const sample = () => new Sample<Piece>(perSecond * idleFactor, random);
    this.#samples = { record: sample(), log: sample(), span: sample(), metric: sample() };
  }

  /** A line of a log, which is lent for the call. */
  record(line: Uint8Array, seq: number): void {
    const place = this.#samples.record.draw();
    if (place !== undefined) this.#put(place, { surface: "record", line: Buffer.from(line), seq });
  }

  /** A line for operators. */
  logLine(line: string): void {
    const place = this.#samples.log.draw();
    if (place !== undefined) this.#put(place, { surface: "log", line });
  }

  /** Spans on their way to a collector. */
  spans(spans: readonly WrittenSpan[]): void {
    for (const span of spans) {
      const place = this.#samples.span.draw();
      if (place !== undefined) this.#put(place, { surface: "span", span });
    }
  }

  /** Everything that a scraper was given. */
  metrics(text: string): void {
    let from = 0;
    while (from < text.length) {
      const end = text.indexOf("\n", from + metricUnits);
      const to = end < 0 ? text.length : end + 1;
      const place = this.#samples.metric.draw();
      if (place !== undefined) {
        this.#put(place, { surface: "metric", lines: text.slice(from, to) });
      }
      from = to;
    }
  }

  /** Looks at nothing any more. */
  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  #put(place: number, piece: Piece): void {
    this.#samples[piece.surface].put(place, piece);
    if (this.#timer === undefined) this.#wait(secondMs, () => this.#begin());
  }

  /** The pieces of a second are known. */
  #begin(): void {
    const { isBusy, perSecond } = this.#parts;
    const max = isBusy() ? perSecond : perSecond * idleFactor;
    this.#queue = Object.values(this.#samples).flatMap((sample) => sample.take(max));
    this.#stride = Math.ceil(this.#queue.length / stepsMax);
    this.#step();
  }

  #step(): void {
    for (const piece of this.#queue.splice(0, this.#stride)) {
      for (const leak of leaksIn(piece, this.#finder)) this.#parts.onLeak(leak);
    }
    if (this.#queue.length > 0) return this.#wait(stepMs, () => this.#step());
    // What came meanwhile waits for the rest of its second.
    const isMore = Object.values(this.#samples).some(({ size }) => size > 0);
    if (isMore) this.#wait(secondMs, () => this.#begin());
    else this.#timer = undefined;
  }

  #wait(milliseconds: number, run: () => void): void {
    if (this.#isClosed) return;
    this.#timer = this.#parts.timers.after(milliseconds, run);
  }
}
