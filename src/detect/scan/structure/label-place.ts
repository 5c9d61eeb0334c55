import type { Outlook } from "../outlook.ts";

const unset = -1;

/**
 * Where the label begins that is being read, should it turn out to be one: behind the last mark that
 * parts labels, in a string, a tag or a flag. Owned by one scan; offsets into the whole text.
 */
export class LabelPlace {
  /** Behind the last mark that parts labels. */
  start = 0;
  /** Where a tag or flag opened that has not ended; -1 for none. */
  tagStart = unset;
  flagStart = unset;
  #isInString = false;
  #stringEnd = unset;

  /** Between two quotation marks. */
  get isInString(): boolean {
    return this.#isInString;
  }

  /** A quotation mark stands at `at`. */
  toggleString(at: number): void {
    this.#isInString = !this.#isInString;
    if (this.#isInString) this.start = at + 1;
    else this.#stringEnd = at;
  }

  /** Where the label before a mark at `at` begins: no word of it stands in a string further back. */
  startBefore(at: number): number {
    const isBehindString = this.#stringEnd > this.start && this.#stringEnd < at - 1;
    return isBehindString ? this.#stringEnd + 1 : this.start;
  }

  /** The line ends: strings and flags do not reach across. */
  endLine(): void {
    this.#isInString = false;
    this.#stringEnd = unset;
    this.flagStart = unset;
  }

  addOutlook(outlook: Outlook): void {
    outlook.add(this.#isInString);
    outlook.addPlace(this.start);
    outlook.addPlace(this.#stringEnd);
    outlook.addPlace(this.tagStart);
    outlook.addPlace(this.flagStart);
  }

  fork(): LabelPlace {
    const fork = new LabelPlace();
    fork.start = this.start;
    fork.tagStart = this.tagStart;
    fork.flagStart = this.flagStart;
    fork.#isInString = this.#isInString;
    fork.#stringEnd = this.#stringEnd;
    return fork;
  }
}
