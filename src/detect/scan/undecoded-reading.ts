import type { PlacedSign } from "../text/offset-map.ts";
import type { SignFinder } from "../text/text-layer.ts";
import type { CandidateScan } from "./candidate-scan.ts";
import { CandidateUnion } from "./candidate-union.ts";
import type { Candidate, CatalogueEntry } from "./family.ts";
import type { Outlook } from "./outlook.ts";
import type { Reading } from "./reading.ts";

/** What is written in more ways at once than are undone, so that nobody knows what it says. */
export const undecodedKind: CatalogueEntry = {
  type: "UNDECODED",
  dataClass: "threat.undecoded",
  detector: "undecoded@1",
  // Whatever is found in it counts for more.
  rank: 0,
  example: "",
  check: "text in base 64 or hexadecimal digits, in such text, in such text",
  context: "no",
  basePct: 90,
  countries: [],
};

/** Takes a text as another reading does, and says where it holds what should be undone and is not. */
export class UndecodedReading implements Reading {
  readonly #finder: SignFinder;
  readonly #inner: Reading;
  readonly #union = new CandidateUnion(
    (candidate) => candidate,
    (offset) => this.signAround(offset)?.start ?? offset,
  );
  /** The end of the text that was given, in which more may be found; and where that begins. */
  #kept = "";
  #keptStart: number;
  #settled: number;

  /** `inner` has read the first `from` units, and belongs to this reading from now on. */
  constructor(finder: SignFinder, from: number, inner: Reading) {
    this.#finder = finder;
    this.#inner = inner;
    this.#keptStart = from;
    this.#settled = from;
  }

  get settled(): number {
    return this.#settled;
  }

  read(piece: string, isLast: boolean): void {
    this.#union.addFirst(this.#find(this.#kept + piece, isLast));
    this.#inner.read(piece, isLast);
    this.#union.addSecond(this.#inner.take());
    this.#settled = this.#union.settle(Math.min(this.#inner.settled, this.#keptStart));
  }

  take(): readonly Candidate[] {
    return this.#union.take();
  }

  forkScan(): CandidateScan {
    return this.#inner.forkScan();
  }

  outlook(): Outlook {
    return this.#inner.outlook();
  }

  signAround(offset: number): PlacedSign | undefined {
    return this.#inner.signAround(offset);
  }

  forgetBefore(offset: number): void {
    this.#inner.forgetBefore(offset);
  }

  #find(text: string, isLast: boolean): readonly Candidate[] {
    const candidates: Candidate[] = [];
    let found = this.#finder.find(text, 0, isLast);
    while (found !== undefined && "reading" in found) {
      const start = this.#keptStart + found.start;
      const end = this.#keptStart + found.end;
      candidates.push({ kind: undecodedKind, start, end, confidencePct: undecodedKind.basePct });
      found = this.#finder.find(text, found.end, isLast);
    }
    const to = found?.waitsAt ?? text.length;
    this.#kept = text.slice(to);
    this.#keptStart += to;
    return candidates;
  }
}
