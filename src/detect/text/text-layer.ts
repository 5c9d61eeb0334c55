import { kindAt } from "./character-kind.ts";
import { OffsetMap, type PlacedSign } from "./offset-map.ts";

/** Something written in a text that stands for something else. */
export interface Sign {
  /** Where it is written. */
  readonly start: number;
  readonly end: number;
  /** What it is read as; empty if it is passed over. */
  readonly reading: string;
  /** It stands for a text: what is read of that stands for all that is written. */
  readonly isText?: boolean;
}

/** A sign may begin here, which only more text can tell. */
export interface OpenSign {
  readonly waitsAt: number;
}

/** One way of writing characters as others. */
export interface SignFinder {
  /**
   * The first sign at or after `from`, if any. Whatever the text after it, the answer must be the
   * same; where it could be another one, the sign is open. `isLast`: no more text comes. Each text is
   * asked about from 0 on first, then behind each sign; the next begins where this one is open, or ends.
   * It is a step of `stepUnitsMax` and what was open before, at most.
   */
  find(text: string, from: number, isLast: boolean): Sign | OpenSign | undefined;
}

/** Behind a sign the text is calm from the next line on after so many units, or the next word after more. */
const calmUnitsMin = 256;
const calmWordUnitsMin = 1024;
/** No sign counts any more, or there was none. */
const calmAlready = Number.POSITIVE_INFINITY;

/**
 * Undoes one way of writing in a text that comes in pieces, and knows what stood where. What is read
 * does not depend on the pieces: an open sign is kept until it is whole.
 */
export class TextLayer {
  readonly #finder: SignFinder;
  readonly #map = new OffsetMap();
  /** Units read so far. */
  #units: number;
  /** Written, but not read yet; while parts are read, from `#from` on. */
  #kept = "";
  #from = 0;
  /** Where `#kept` begins, as written. */
  #keptStart: number;
  #isLast = false;
  /** The next sign, or where one may begin. */
  #found: Sign | OpenSign | undefined;
  #isRead = true;
  #isCalm = true;
  #written = "";
  #partStart = 0;
  /** How much stands between the last sign and the place being read. */
  #unitsSinceSign = calmAlready;
  /** Where the first sign is read. */
  #firstSign = Number.POSITIVE_INFINITY;

  /** `from`: how many units came before, all of which stand for themselves. */
  constructor(finder: SignFinder, from: number) {
    this.#finder = finder;
    this.#units = from;
    this.#keptStart = from;
  }

  /** Whether anything was read otherwise than it is written, so far. */
  get hasSigns(): boolean {
    return this.#firstSign < Number.POSITIVE_INFINITY;
  }

  /** Where the first of what was read otherwise is read; beyond all text if nothing was. */
  get firstSign(): number {
    return this.#firstSign;
  }

  /** The end of the text that was given, but cannot be read yet. */
  get kept(): string {
    return this.#kept;
  }

  /** What the text with this next piece reads as, as far as that can be told. */
  read(piece: string, isLast: boolean): string {
    this.give(piece, isLast);
    let reading = this.next();
    while (!this.isRead) reading += this.next();
    return reading;
  }

  /** Adds the next piece, which `next` reads in parts. */
  give(piece: string, isLast: boolean): void {
    this.#kept = this.#kept === "" ? piece : this.#kept + piece;
    this.#isLast = isLast;
    this.#from = 0;
    this.#isRead = false;
    this.#found = this.#finder.find(this.#kept, 0, isLast);
  }

  /**
   * What the next part of the text reads as: a stretch with signs and some text behind them, or a calm
   * one without. To be asked until `isRead`.
   */
  next(): string {
    const start = this.#from;
    this.#partStart = this.#keptStart + start;
    const to = this.#endOfPlain();
    this.#isCalm = this.#unitsSinceSign === calmAlready && (to > start || !this.#isAtSign);
    const reading = this.#isCalm ? this.#readPlain(to) : this.#readBusy();
    this.#written = this.#kept.slice(start, this.#from);
    if (!this.#isAtSign && this.#from === this.#endOfPlain()) this.#endPiece();
    return reading;
  }

  /** No part is left; what is kept waits for more text. */
  get isRead(): boolean {
    return this.#isRead;
  }

  /** The part read last has no sign, nor is there one shortly before it. */
  get isCalm(): boolean {
    return this.#isCalm;
  }

  /** The text has been calm for a while, so the next part is a calm one unless a sign is right there. */
  get becomesCalm(): boolean {
    return this.#unitsSinceSign === calmAlready && !this.#isCalm;
  }

  /** Says that the text is not to be calm yet, but for another while. */
  stayBusy(): void {
    this.#unitsSinceSign = 0;
  }

  /** The part read last, as written. */
  get written(): string {
    return this.#written;
  }

  /** Where that begins, as written. */
  get partStart(): number {
    return this.#partStart;
  }

  /** How much further on than it is read the text behind the last part is written. */
  get shift(): number {
    return this.#keptStart + this.#from - this.#units;
  }

  /** Where what is read at an offset begins as written; at the end of all, where the next one will. */
  startOf(offset: number): number {
    return this.#map.startOf(offset);
  }

  /** Where what is read before an offset ends as written. */
  endOf(offset: number): number {
    return this.#map.endOf(offset);
  }

  /** What is read first of what is written from an offset on. */
  readOf(offset: number): number {
    return this.#map.readOf(offset);
  }

  /** The sign a written offset parts, if any. */
  signAround(offset: number): PlacedSign | undefined {
    return this.#map.around(offset);
  }

  /** Says that nobody will ask for what is written before an offset, or read there, any more. */
  forgetBefore(offset: number): void {
    this.#map.forgetBefore(offset);
  }

  get #isAtSign(): boolean {
    return this.#found !== undefined && "reading" in this.#found;
  }

  // Where the text that stands for itself ends.
  #endOfPlain(): number {
    if (this.#found === undefined) return this.#kept.length;
    return "reading" in this.#found ? this.#found.start : this.#found.waitsAt;
  }

  #readPlain(to: number): string {
    const said = this.#kept.slice(this.#from, to);
    this.#units += to - this.#from;
    this.#from = to;
    return said;
  }

  // Reads signs and what is between them, to the end or until it has been calm for a while.
  #readBusy(): string {
    let reading = "";
    for (;;) {
      const to = this.#endOfPlain();
      const calm = calmFrom(this.#kept, this.#from, to, this.#unitsSinceSign);
      if (calm >= 0) {
        reading += this.#readPlain(calm);
        this.#unitsSinceSign = calmAlready;
        return reading;
      }
      this.#unitsSinceSign += to - this.#from;
      if (this.#found === undefined || !("reading" in this.#found)) {
        return reading + this.#readPlain(to);
      }
      reading += this.#kept.slice(this.#from, to) + this.#found.reading;
      this.#note(this.#found, this.#from);
      this.#from = this.#found.end;
      this.#unitsSinceSign = 0;
      this.#found = this.#finder.find(this.#kept, this.#from, this.#isLast);
    }
  }

  #endPiece(): void {
    this.#kept = this.#kept.slice(this.#from);
    this.#keptStart += this.#from;
    this.#from = 0;
    this.#isRead = true;
  }

  #note({ start, end, reading, isText = false }: Sign, from: number): void {
    const readStart = this.#units + start - from;
    this.#units = readStart + reading.length;
    this.#firstSign = Math.min(this.#firstSign, readStart);
    if (reading.length === end - start && !isText) return;
    this.#map.add({
      readStart,
      readEnd: this.#units,
      start: this.#keptStart + start,
      end: this.#keptStart + end,
      isBreak: !isText && kindAt(reading, 0) === 0,
    });
  }
}

/**
 * Where between two places it is calm, as far as that depends on the text alone, or -1. `units` stand
 * between the last sign and the first place.
 */
function calmFrom(text: string, from: number, to: number, units: number): number {
  for (let at = from + Math.max(0, calmUnitsMin - units); at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x0a || (code === 0x20 && units + at - from >= calmWordUnitsMin)) return at + 1;
  }
  return -1;
}
