import type { CandidateScan } from "./candidate-scan.ts";
import type { Candidate } from "./family.ts";
import type { Outlook } from "./outlook.ts";

/** A scan whose text stands so many units further on, within a longer one. It belongs to the result. */
export function shiftScan(scan: CandidateScan, units: number): CandidateScan {
  return units === 0 ? scan : new ShiftedScan(scan, units);
}

class ShiftedScan implements CandidateScan {
  readonly #scan: CandidateScan;
  readonly #units: number;

  constructor(scan: CandidateScan, units: number) {
    this.#scan = scan;
    this.#units = units;
  }

  get settled(): number {
    return this.#scan.settled + this.#units;
  }

  push(piece: string): void {
    this.#scan.push(piece);
  }

  end(): void {
    this.#scan.end();
  }

  take(): readonly Candidate[] {
    return this.#scan.take().map(({ kind, start, end, confidencePct }) => ({
      kind,
      start: start + this.#units,
      end: end + this.#units,
      confidencePct,
    }));
  }

  fork(): CandidateScan {
    return new ShiftedScan(this.#scan.fork(), this.#units);
  }

  outlook(): Outlook {
    return this.#scan.outlook();
  }
}
