import type { PlacedSign } from "../text/offset-map.ts";
import type { CandidateScan } from "./candidate-scan.ts";
import type { Candidate } from "./family.ts";
import type { Outlook } from "./outlook.ts";
import type { Reading } from "./reading.ts";

/** Layers that are only put in once a text has something for them. */
export interface Opening {
  /**
   * Where in a piece of text there can first be something, or -1. `before`: the end of what came
   * before; `isLast`: no more text comes.
   */
  find(piece: string, before: string, isLast: boolean): number;
  /** The layers around a reading that was given the first `from` units, of which `before` is the end. */
  open(inner: Reading, from: number, before: string): Reading;
}

/** Units of the text before that layers may want to see. */
const beforeUnits = 32;

/**
 * Takes a text as another reading does until something comes that is to be read otherwise. Where that
 * is depends on the text alone, so the pieces it comes in change nothing.
 */
export class LazyReading implements Reading {
  #inner: Reading;
  readonly #opening: Opening;
  #isOpen = false;
  /** Units read so far, and the end of them. */
  #units: number;
  #before = "";

  /** `inner` has read the first `from` units, and belongs to this reading from now on. */
  constructor(inner: Reading, from: number, opening: Opening) {
    this.#inner = inner;
    this.#units = from;
    this.#opening = opening;
  }

  get settled(): number {
    return this.#inner.settled;
  }

  read(piece: string, isLast: boolean): void {
    const at = this.#isOpen ? 0 : this.#opening.find(piece, this.#before, isLast);
    if (!this.#isOpen && at >= 0) {
      if (at > 0) this.#readPlain(piece.slice(0, at), false);
      this.#inner = this.#opening.open(this.#inner, this.#units, this.#before);
      this.#isOpen = true;
    }
    if (this.#isOpen) this.#inner.read(at > 0 ? piece.slice(at) : piece, isLast);
    else this.#readPlain(piece, isLast);
  }

  take(): readonly Candidate[] {
    return this.#inner.take();
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

  #readPlain(piece: string, isLast: boolean): void {
    this.#inner.read(piece, isLast);
    if (isLast) return;
    this.#units += piece.length;
    const isEnough = piece.length >= beforeUnits;
    this.#before = (isEnough ? piece : this.#before + piece).slice(-beforeUnits);
  }
}
