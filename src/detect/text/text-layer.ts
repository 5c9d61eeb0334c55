import { kindAt } from "./character-kind.ts";
import { OffsetMap, type PlacedSign } from "./offset-map.ts";

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
  #hasSigns = false;

  /** `from`: how many units came before, all of which stand for themselves. */
  constructor(finder: SignFinder, from: number) {
    this.#finder = finder;
    this.#units = from;
    this.#keptStart = from;
  }

  /** Whether anything was read otherwise than it is written, so far. */
  get hasSigns(): boolean {
    return this.#hasSigns;
  }

  /** The end of the text that was given, but cannot be read yet. */
  get kept(): string {
    return this.#kept;
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

  #note({ start, end, reading }: Sign, from: number): void {
    const readStart = this.#units + start - from;
    this.#units = readStart + reading.length;
    this.#hasSigns = true;
    if (reading.length === end - start) return;
    this.#map.add({
      readStart,
      readEnd: this.#units,
      start: this.#keptStart + start,
      end: this.#keptStart + end,
      isBreak: kindAt(reading, 0) === 0,
    });
  }
}
