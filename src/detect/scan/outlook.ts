import type { TopicSet } from "./context/topic-set.ts";

/** Further back no place counts: longer than any label or tag, and as long as a value behind one. */
const reachUnits = 256;

/**
 * What a scan knows of the text so far that bears on the text to come. Two scans with the same outlook
 * that have read the same text for a while find the same from there on. Places count by how far back
 * they lie, so the two may have read a different number of units before.
 */
export class Outlook {
  readonly #at: number;
  readonly #marks: number[] = [];

  /** `at`: up to where the scan was given the text. */
  constructor(at: number) {
    this.#at = at;
  }

  add(mark: number | boolean): void {
    this.#marks.push(Number(mark));
  }

  /** A place in the text so far; -1 and all that lies too far back to count are one. */
  addPlace(place: number): void {
    this.#marks.push(place < 0 ? reachUnits : Math.min(reachUnits, this.#at - place));
  }

  addTopics(topics: TopicSet | undefined): void {
    if (topics === undefined) this.#marks.push(-1);
    else topics.addTo(this.#marks);
  }

  equals(other: Outlook): boolean {
    const marks = this.#marks;
    return (
      marks.length === other.#marks.length &&
      marks.every((mark, index) => mark === other.#marks[index])
    );
  }
}
