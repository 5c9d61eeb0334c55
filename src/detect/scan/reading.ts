import type { PlacedSign } from "../text/offset-map.ts";
import { type SignFinder, TextLayer } from "../text/text-layer.ts";
import type { CandidateScan } from "./candidate-scan.ts";
import { CandidateUnion } from "./candidate-union.ts";
import type { Candidate } from "./family.ts";
import type { Outlook } from "./outlook.ts";
import { shiftScan } from "./shifted-scan.ts";

/** Candidates in a text that comes in pieces, in whatever way it is read. Offsets into that text. */
export interface Reading {
  /** As `TextScan` promises it. */
  readonly settled: number;
  read(piece: string, isLast: boolean): void;
  /** Those before `settled` that were not taken yet, sorted, not overlapping. */
  take(): readonly Candidate[];
  /** A scan that was given the text so far as it is written. */
  forkScan(): CandidateScan;
  /** What such a scan would know that bears on the text to come. */
  outlook(): Outlook;
  /** What stands for something else and is parted by an offset, if anything. */
  signAround(offset: number): PlacedSign | undefined;
  /** Says that nobody will ask for signs before an offset any more. */
  forgetBefore(offset: number): void;
}

/** Takes a text for what it is written as. */
export class DirectReading implements Reading {
  readonly #scan: CandidateScan;

  /** `scan` belongs to this reading from now on. */
  constructor(scan: CandidateScan) {
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

  forkScan(): CandidateScan {
    return this.#scan.fork();
  }

  outlook(): Outlook {
    return this.#scan.outlook();
  }

  signAround(): undefined {
    return undefined;
  }

  forgetBefore(): void {
    // It remembers no places.
  }
}

/** What is read behind the first sign: `inner` with more around it, having read `from` units. */
export type Deepen = (inner: Reading, from: number) => Reading;

/**
 * Takes a text both for what it is written as and for what it says once one way of writing is undone,
 * from each sign of that until the text has been calm for a while and labels, columns and brackets say
 * the same to both: a sign may hide a value to one reader and part it to another. Elsewhere both are one
 * text, which is scanned once. Where the two join again depends on the text alone.
 */
export class DoubleReading implements Reading {
  readonly #layer: TextLayer;
  /** Of what the text says. */
  #inner: Reading;
  #deepen: Deepen | undefined;
  /** Of the text as it is written, where that is another. */
  #outer: CandidateScan | undefined;
  /** Up to where the last of those has read. */
  #joinedAt = 0;
  /** Of what is found in both, once there are two. */
  #bothFound: CandidateUnion | undefined;
  #settled = 0;

  /**
   * `inner` has read the first `from` units, and belongs to this reading from now on. `deepen`: asked
   * once, where the first sign is read.
   */
  constructor(finder: SignFinder, from: number, inner: Reading, deepen?: Deepen) {
    this.#layer = new TextLayer(finder, from);
    this.#inner = inner;
    this.#deepen = deepen;
  }

  get settled(): number {
    return this.#layer.hasSigns ? this.#settled : this.#inner.settled;
  }

  read(piece: string, isLast: boolean): void {
    const layer = this.#layer;
    layer.give(piece, isLast);
    do {
      const { shift } = layer;
      const said = layer.next();
      if (layer.isCalm) this.#join();
      else this.#part(shift);
      this.#outer?.push(layer.written);
      const isOver = isLast && layer.isRead;
      this.#inner.read(said, isOver);
      if (layer.becomesCalm && !isOver && !this.#isOne) layer.stayBusy();
    } while (!layer.isRead);
    if (!layer.hasSigns) return;
    if (isLast) this.#outer?.end();
    this.#unite();
  }

  take(): readonly Candidate[] {
    return this.#layer.hasSigns ? this.#union.take() : this.#inner.take();
  }

  get #union(): CandidateUnion {
    this.#bothFound ??= new CandidateUnion(
      (candidate) => this.#withWholeSigns(candidate),
      (offset) => this.#wholeSigns(offset),
    );
    return this.#bothFound;
  }

  forkScan(): CandidateScan {
    const scan = this.#outer?.fork() ?? shiftScan(this.#inner.forkScan(), this.#layer.shift);
    scan.push(this.#layer.kept);
    return scan;
  }

  outlook(): Outlook {
    if (this.#layer.kept !== "") return this.forkScan().outlook();
    return (this.#outer ?? this.#inner).outlook();
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

  // A sign comes, or did a short while ago: there are two texts. Deeper layers begin at the first one.
  #part(shift: number): void {
    if (this.#outer !== undefined) return;
    this.#outer = shiftScan(this.#inner.forkScan(), shift);
    if (this.#deepen === undefined) return;
    this.#inner = this.#deepen(this.#inner, this.#layer.firstSign);
    this.#deepen = undefined;
  }

  // The text that comes says the same to both.
  get #isOne(): boolean {
    return this.#outer?.outlook().equals(this.#inner.outlook()) ?? true;
  }

  // What comes now is one text again, which the inner reading goes on with.
  #join(): void {
    if (this.#outer === undefined) return;
    this.#outer.end();
    this.#addOuter(this.#outer);
    this.#outer = undefined;
    this.#joinedAt = this.#layer.partStart;
  }

  // What was found across the place where another scan ended was found there up to it.
  #addOuter(outer: CandidateScan): void {
    const from = this.#joinedAt;
    const found = outer.take().filter(({ end }) => end > from);
    this.#union.addFirst(
      found.map((candidate) =>
        candidate.start < from ? { ...candidate, start: from } : candidate,
      ),
    );
  }

  #unite(): void {
    if (this.#outer !== undefined) this.#addOuter(this.#outer);
    this.#union.addSecond(this.#inner.take().map((candidate) => this.#asWritten(candidate)));
    const said = this.#layer.startOf(this.#inner.settled);
    const known = this.#outer === undefined ? said : Math.min(this.#outer.settled, said);
    this.#settled = this.#union.settle(this.#wholeSigns(known));
  }

  // No sign is settled in part: one that is found in it is found in all of it.
  #wholeSigns(offset: number): number {
    return this.signAround(offset)?.start ?? offset;
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
