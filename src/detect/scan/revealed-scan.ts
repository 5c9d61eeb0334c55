import type { Finding } from "../../domain/index.ts";
import type { TextScan } from "../detector.ts";
import { DisguiseFinder, disguiseOpenings } from "../text/disguises.ts";
import { escapes, innermostEscapes } from "../text/escapes.ts";
import { toFinding } from "./family.ts";
import { DirectReading, DoubleReading, type Reading } from "./reading.ts";
import type { RuleScan } from "./rule-scan.ts";

/**
 * What a text must hold to be read otherwise than it is written. Within Latin-1 the class is a few
 * rare characters, which lets the engine look at many at once.
 */
const unusual = new RegExp(`[\\\\${disguiseOpenings}]`);

/**
 * A scan of a text as it is written and of what it says, whatever it is written like: up to three
 * layers of escapes and then disguises are undone one by one, and what any of these readings shows is
 * found. Findings are places in the text as written, from the first unit of what stands for the value
 * to the last. A text that holds nothing unusual goes to the scan as it is.
 */
export class RevealedScan implements TextScan {
  readonly #scan: RuleScan;
  /** Of all readings, from when something unusual comes. */
  #reading: Reading | undefined;
  /** Units that came before that. */
  #plainUnits = 0;

  /** `scan` belongs to this one from now on. */
  constructor(scan: RuleScan) {
    this.#scan = scan;
  }

  get settled(): number {
    return this.#reading === undefined ? this.#scan.settled : this.#reading.settled;
  }

  push(piece: string): void {
    if (this.#reading === undefined && !unusual.test(piece)) {
      this.#plainUnits += piece.length;
      this.#scan.push(piece);
      return;
    }
    this.#reading ??= openReading(this.#scan, this.#plainUnits);
    this.#reading.read(piece, false);
    this.#reading.forgetBefore(this.#reading.settled);
  }

  end(): void {
    if (this.#reading === undefined) this.#scan.end();
    else this.#reading.read("", true);
  }

  take(): readonly Finding[] {
    return (this.#reading ?? this.#scan).take().map(toFinding);
  }
}

function openReading(scan: RuleScan, from: number): Reading {
  const finders = [escapes, escapes, innermostEscapes, new DisguiseFinder()];
  return finders.reduceRight<Reading>(
    (inner, finder) => new DoubleReading(finder, from, inner),
    new DirectReading(scan),
  );
}
