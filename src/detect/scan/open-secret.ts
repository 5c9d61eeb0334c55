import {
  jsonWebTokenKind,
  jsonWebTokenPct,
  type OpenToken,
  openTokenAt,
  readToken,
} from "../secret/json-web-token.ts";
import {
  type KeyBlock,
  openBlock,
  privateKeyKind,
  privateKeyPct,
  readBlock,
  shiftBlock,
} from "../secret/private-key.ts";
import { findingUnitsMax } from "./bounds.ts";
import type { Candidate } from "./family.ts";

/**
 * A private key or a token that may have any length: it is read in a mode of its own, and reported in
 * touching pieces while it is. What begins like a key may turn out to be none. Owned by one scan; all
 * offsets are into its buffer.
 */
export class OpenSecret {
  readonly #block: KeyBlock | undefined;
  readonly #token: OpenToken | undefined;
  /** Up to where it is reported. */
  #pieceStart: number;

  private constructor(
    pieceStart: number,
    block: KeyBlock | undefined,
    token: OpenToken | undefined,
  ) {
    this.#pieceStart = pieceStart;
    this.#block = block;
    this.#token = token;
  }

  /** What may be a key, whose opening marker stands at `start` and ends at `opened`. */
  static key(start: number, opened: number): OpenSecret {
    return new OpenSecret(start, openBlock(start, opened), undefined);
  }

  /** A token that begins at `start` and fills the text to `to`, with more to come. */
  static token(text: string, start: number, to: number): OpenSecret {
    return new OpenSecret(start, undefined, openTokenAt(text, start, to));
  }

  get isKey(): boolean {
    return this.#block !== undefined;
  }

  /** Up to where all was found and reported. */
  get reportedTo(): number {
    return this.#pieceStart;
  }

  /** Once it is over: where the text behind it begins, which of what is no key is all but its marker. */
  get end(): number {
    const block = this.#block;
    return block !== undefined && !block.isKey ? block.opened : this.#sureEnd;
  }

  /** Reads on as far as the text goes. True when it is over. `isLast`: no more text comes. */
  read(text: string, isLast: boolean): boolean {
    if (this.#block !== undefined) return readBlock(text, this.#block, isLast);
    return this.#token === undefined || readToken(text, this.#token, isLast);
  }

  /** The next piece of full length, if there is one. */
  nextPiece(): Candidate | undefined {
    const isFull = this.#sureEnd - this.#pieceStart >= findingUnitsMax;
    return isFull ? this.#pieceTo(this.#pieceStart + findingUnitsMax) : undefined;
  }

  /** Once it is over: what is left of it, if anything. */
  lastPiece(): Candidate | undefined {
    const end = this.#sureEnd;
    return end > this.#pieceStart ? this.#pieceTo(end) : undefined;
  }

  /** The buffer drops its first units. */
  shift(units: number): void {
    this.#pieceStart -= units;
    if (this.#block !== undefined) shiftBlock(this.#block, units);
    if (this.#token !== undefined) this.#token.at -= units;
  }

  /** The same for a text that began alike and may go on otherwise. */
  fork(): OpenSecret {
    const block = this.#block === undefined ? undefined : { ...this.#block };
    const token = this.#token === undefined ? undefined : { ...this.#token };
    return new OpenSecret(this.#pieceStart, block, token);
  }

  // End of what is surely part of it.
  get #sureEnd(): number {
    if (this.#token !== undefined) return this.#token.at;
    return this.#block?.isKey === true ? this.#block.sureEnd : this.#pieceStart;
  }

  #pieceTo(end: number): Candidate {
    const start = this.#pieceStart;
    this.#pieceStart = end;
    return this.#block === undefined
      ? { kind: jsonWebTokenKind, start, end, confidencePct: jsonWebTokenPct }
      : { kind: privateKeyKind, start, end, confidencePct: privateKeyPct };
  }
}
