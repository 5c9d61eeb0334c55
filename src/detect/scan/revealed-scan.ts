import type { Finding } from "../../domain/index.ts";
import type { TextScan } from "../detector.ts";
import { DisguiseFinder } from "../text/disguises.ts";
import { EncodedRunFinder } from "../text/encoded-runs.ts";
import { EncodingFinder, firstEncoding } from "../text/encodings.ts";
import { LookAlikeFinder } from "../text/look-alikes.ts";
import { firstOddity } from "../text/oddities.ts";
import { stepUnitsMax } from "../text/units.ts";
import type { CandidateScan } from "./candidate-scan.ts";
import { toFinding } from "./family.ts";
import { LazyReading, type Opening } from "./lazy-reading.ts";
import { DirectReading, DoubleReading, type Reading } from "./reading.ts";
import { UndecodedReading } from "./undecoded-reading.ts";

/** Encoded runs within encoded runs that are still read; what is deeper is reported as such. */
const runDepthMax = 2;

/**
 * A scan of a text as it is written and of what it says, whatever it is written like: up to three
 * layers of escapes, runs of base 64 and hexadecimal digits, those within them, then disguises are
 * undone one by one, and what any of these readings shows is found. Findings are places in the text
 * as written, from the first unit of what stands for the value to the last; one within an encoded run
 * covers the run. A text that holds nothing unusual is read once.
 */
export class RevealedScan implements TextScan {
  readonly #reading: Reading;

  /** `scan` belongs to this one from now on. */
  constructor(scan: CandidateScan) {
    const seen = new LazyReading(new DirectReading(scan), 0, disguises);
    this.#reading = new LazyReading(decode(seen, 0, runDepthMax), 0, threeEncodings);
  }

  get settled(): number {
    return this.#reading.settled;
  }

  push(piece: string): void {
    this.#reading.read(this.#pushSteps(piece), false);
    this.#reading.forgetBefore(this.#reading.settled);
  }

  /** Takes the last piece and ends, which spares holding what could go on. */
  finish(piece: string): void {
    this.#reading.read(this.#pushSteps(piece), true);
  }

  end(): void {
    this.finish("");
  }

  take(): readonly Finding[] {
    return this.#reading.take().map(toFinding);
  }

  // Reads all of a long piece but its last step, which it gives.
  #pushSteps(piece: string): string {
    let at = 0;
    for (; piece.length - at > stepUnitsMax; at += stepUnitsMax) {
      this.#reading.read(piece.slice(at, at + stepUnitsMax), false);
    }
    return at === 0 ? piece : piece.slice(at);
  }
}

// Encoded runs; within what one says there may be escapes and further runs.
function decode(inner: Reading, from: number, depth: number): Reading {
  const deepen = (base: Reading, at: number) => {
    const decoded =
      depth > 1
        ? decode(base, at, depth - 1)
        : new UndecodedReading(new EncodedRunFinder(), at, base);
    return new LazyReading(decoded, at, oneEncoding);
  };
  return new DoubleReading(new EncodedRunFinder(), from, inner, deepen);
}

const threeEncodings: Opening = {
  find: firstEncoding,
  open: (inner, from) =>
    [false, false, true].reduceRight<Reading>(
      (reading, isInnermost) => new DoubleReading(new EncodingFinder(isInnermost), from, reading),
      inner,
    ),
};

const oneEncoding: Opening = {
  find: firstEncoding,
  open: (inner, from) => new DoubleReading(new EncodingFinder(true), from, inner),
};

const disguises: Opening = {
  find: firstOddity,
  open(inner, from, before) {
    const alike = new DoubleReading(new LookAlikeFinder(before), from, inner);
    return new DoubleReading(new DisguiseFinder(before), from, alike);
  },
};
