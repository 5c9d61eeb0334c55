import { OffsetMap } from "./offset-map.ts";

/** Something written in a text that stands for something else. */
export interface Sign {
  /** Where it is written. */
  readonly start: number;
  readonly end: number;
  /** What it is read as; empty if it is passed over. */
  readonly reading: string;
}

/** A sign may begin here, which only more text can tell. */
export interface OpenSign {
  readonly waitsAt: number;
}

/** One way of writing characters as others. */
export interface SignFinder {
  /**
   * The first sign at or after `from`, if any. Whatever the text after it, the answer must be the
   * same; where it could be another one, the sign is open. `isLast`: no more text comes.
   */
  find(text: string, from: number, isLast: boolean): Sign | OpenSign | undefined;
}

/**
 * Undoes one way of writing in a text that comes in pieces, and knows what stood where. What is read
 * does not depend on the pieces: an open sign is kept until it is whole.
 */
export class TextLayer {
  readonly #finder: SignFinder;
  readonly #map = new OffsetMap();
  /** Units read so far. */
  #units: number;
  /** Written, but not read yet. */
  #kept = "";
  /** Where that begins, as written. */
  #keptStart: number;

  /** `from`: how many units came before, all of which stand for themselves. */
  constructor(finder: SignFinder, from: number) {
    this.#finder = finder;
    this.#units = from;
    this.#keptStart = from;
  }

  /** What the text with this next piece reads as, as far as that can be told. */
  read(piece: string, isLast: boolean): string {
    const text = this.#kept + piece;
    let reading = "";
    let from = 0;
    let found = this.#finder.find(text, 0, isLast);
    while (found !== undefined && "reading" in found) {
      reading += text.slice(from, found.start) + found.reading;
      this.#note(found, from);
      from = found.end;
      found = this.#finder.find(text, from, isLast);
    }
    const to = found === undefined ? text.length : found.waitsAt;
    this.#units += to - from;
    this.#kept = text.slice(to);
    this.#keptStart += to;
    return reading + text.slice(from, to);
  }

  /** Where what is read at an offset begins as written; at the end of all, where the next one will. */
  startOf(offset: number): number {
    return this.#map.startOf(offset);
  }

  /** Where what is read before an offset ends as written. */
  endOf(offset: number): number {
    return this.#map.endOf(offset);
  }

  /** Says that nobody will ask for what was read before an offset any more. */
  forgetBefore(offset: number): void {
    this.#map.forgetBefore(offset);
  }

  #note(sign: Sign, from: number): void {
    const readStart = this.#units + sign.start - from;
    this.#units = readStart + sign.reading.length;
    if (sign.reading.length === sign.end - sign.start) return;
    const start = this.#keptStart + sign.start;
    this.#map.add(readStart, this.#units, start, this.#keptStart + sign.end);
  }
}
