import type { PlacedSign } from "../text/offset-map.ts";
import { type SignFinder, TextLayer } from "../text/text-layer.ts";
import { CandidateUnion } from "./candidate-union.ts";
import type { Candidate } from "./family.ts";
import type { RuleScan } from "./rule-scan.ts";

/** Candidates in a text that comes in pieces, in whatever way it is read. Offsets into that text. */
export interface Reading {
  /** As `TextScan` promises it. */
  readonly settled: number;
  read(piece: string, isLast: boolean): void;
  /** Those before `settled` that were not taken yet, sorted, not overlapping. */
  take(): readonly Candidate[];
  /** A scan that was given the text so far as it is written. */
  forkScan(): RuleScan;
  /** What stands for something else and is parted by an offset, if anything. */
  signAround(offset: number): PlacedSign | undefined;
  /** Says that nobody will ask for signs before an offset any more. */
  forgetBefore(offset: number): void;
}

/** Takes a text for what it is written as. */
export class DirectReading implements Reading {
  readonly #scan: RuleScan;

  /** `scan` belongs to this reading from now on. */
  constructor(scan: RuleScan) {
    this.#scan = scan;
  }

  get settled(): number {
    return this.#scan.settled;
  }

  read(piece: string, isLast: boolean): void {
    this.#scan.push(piece);
    if (isLast) this.#scan.end();
  }

  take(): readonly Candidate[] {
    return this.#scan.take();
  }

  forkScan(): RuleScan {
    return this.#scan.fork();
  }

  signAround(): undefined {
    return undefined;
  }

  forgetBefore(): void {
    // It remembers no places.
  }
}

/**
 * Takes a text both for what it is written as and for what it says once one way of writing is undone,
 * from the first sign of that on: a sign may hide a value to one reader and part it to another. Up to
 * there both are one text, which is scanned once.
 */
export class DoubleReading implements Reading {
  readonly #layer: TextLayer;
  /** Of what the text says. */
  readonly #inner: Reading;
  /** Of the text as it is written, once that is another. */
  #outer: RuleScan | undefined;
  readonly #union = new CandidateUnion((candidate) => this.#withWholeSigns(candidate));
  #settled = 0;

  /** `inner` has read the first `from` units, and belongs to this reading from now on. */
  constructor(finder: SignFinder, from: number, inner: Reading) {
    this.#layer = new TextLayer(finder, from);
    this.#inner = inner;
  }

  get settled(): number {
    return this.#outer === undefined ? this.#inner.settled : this.#settled;
  }

  read(piece: string, isLast: boolean): void {
    const { kept } = this.#layer;
    const said = this.#layer.read(piece, isLast);
    if (this.#outer !== undefined) this.#outer.push(piece);
    else if (this.#layer.hasSigns) {
      this.#outer = this.#inner.forkScan();
      this.#outer.push(kept + piece);
    }
    if (isLast) this.#outer?.end();
    this.#inner.read(said, isLast);
    if (this.#outer !== undefined) this.#unite(this.#outer);
  }

  take(): readonly Candidate[] {
    return this.#outer === undefined ? this.#inner.take() : this.#union.take();
  }

  forkScan(): RuleScan {
    if (this.#outer !== undefined) return this.#outer.fork();
    const scan = this.#inner.forkScan();
    scan.push(this.#layer.kept);
    return scan;
  }

  signAround(offset: number): PlacedSign | undefined {
    const sign = this.#layer.signAround(offset);
    const deeper = this.#inner.signAround(this.#layer.readOf(sign?.start ?? offset));
    if (deeper === undefined) return sign;
    const start = this.#layer.startOf(deeper.start);
    return { ...deeper, start, end: this.#layer.endOf(deeper.end) };
  }

  forgetBefore(offset: number): void {
    this.#inner.forgetBefore(this.#layer.readOf(offset));
    this.#layer.forgetBefore(offset);
  }

  #unite(outer: RuleScan): void {
    this.#union.addFirst(outer.take());
    this.#union.addSecond(this.#inner.take().map((candidate) => this.#asWritten(candidate)));
    const known = Math.min(outer.settled, this.#layer.startOf(this.#inner.settled));
    const wholeSigns = this.signAround(known)?.start ?? known;
    this.#settled = this.#union.settle(wholeSigns);
  }

  #asWritten(candidate: Candidate): Candidate {
    const start = this.#layer.startOf(candidate.start);
    return { ...candidate, start, end: this.#layer.endOf(candidate.end) };
  }

  // What begins with the letter of an escaped line break is no value: the other reading sees it begin
  // after the break. Other signs may be characters of it, whole ones.
  #withWholeSigns(candidate: Candidate): Candidate | undefined {
    const sign = this.signAround(candidate.start);
    if (sign?.isBreak === true) return undefined;
    const start = sign?.start ?? candidate.start;
    const end = this.signAround(candidate.end)?.end ?? candidate.end;
    return start === candidate.start && end === candidate.end
      ? candidate
      : { ...candidate, start, end };
  }
}
