import { gap } from "../text/folds.ts";
import { WordHash, type WordTable } from "./word-table.ts";

/** Follows a text word by word from where an entry of a list may begin. */
export interface WordFollower {
  begin(): void;
  /** Takes the next letter or digit of a word, folded. */
  add(fold: number): void;
  /** Takes what stands between two words, and answers whether an entry may go on behind it. */
  part(text: string, from: number, to: number): boolean;
  /** `goesOn` and `isEntry` for all so far; the last word began at `from`. */
  flags(text: string, from: number): number;
}

/** Follows the entries of a dictionary. */
export class TableFollower implements WordFollower {
  readonly #table: WordTable;
  readonly #hash = new WordHash();

  constructor(table: WordTable) {
    this.#table = table;
  }

  begin(): void {
    this.#hash.begin();
  }

  add(fold: number): void {
    this.#hash.add(fold);
  }

  part(): boolean {
    this.#hash.add(gap);
    return true;
  }

  flags(): number {
    return this.#table.flagsOf(this.#hash);
  }
}
