/**
 * Keys for the texts of events that a format does not know. Such an event could be a piece of a text
 * that goes on in the next of its kind, so those in a row are read as one; whatever else comes ends
 * them, for nothing may wait on an event nobody knows.
 */
export class UnknownEvents {
  #kind: string | undefined;
  #count = 0;

  /** The key of the texts of an event of this kind; what it ends is added to `ends`. */
  keyOf(kind: string, ends: string[]): string {
    if (this.#kind !== kind) {
      this.interrupt(ends);
      this.#kind = kind;
      this.#count += 1;
    }
    return this.#key();
  }

  /** Another event came. */
  interrupt(ends: string[]): void {
    if (this.#kind === undefined) return;
    ends.push(`${this.#key()}/`);
    this.#kind = undefined;
  }

  #key(): string {
    return `unknown${this.#count}`;
  }
}
