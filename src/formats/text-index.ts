import { invariant } from "../base/index.ts";
import type { Edit } from "../domain/index.ts";
import { applySplices, type Splice } from "./splice.ts";
import { ByteCursor, encodeReplacement, type TextStyle } from "./text-style.ts";

/** Numbers per text in the list of places: first byte, byte after the last, style. */
const numbersPerText = 3;
const nullBytes = Buffer.from("null");

/** A second copy of some texts, as JSON that can be `null`. */
interface Mirror {
  /** The texts it repeats: indexes from `first` to before `after`. */
  readonly first: number;
  readonly after: number;
  readonly start: number;
  readonly end: number;
}

/** The texts of one body or event together with where in the bytes each of them stands. */
export class TextIndex<Item extends { readonly text: string }> {
  /** The texts in the order they were added; `Edit.span` is an index into them. */
  readonly items: Item[] = [];
  readonly #places: number[] = [];
  readonly #mirrors: Mirror[] = [];

  /** Adds the text that stands in the bytes from `start` to `end`, quotes left out. */
  add(item: Item, start: number, end: number, style: TextStyle): void {
    this.items.push(item);
    this.#places.push(start, end, style);
  }

  /**
   * Says that the JSON value from `start` to `end` repeats the texts added since `first`. An edit
   * of one of them replaces it by `null`: a token list gives a masked value away piece by piece.
   */
  addMirror(first: number, start: number, end: number): void {
    this.#mirrors.push({ first, after: this.items.length, start, end });
  }

  /** The bytes with these edits of the texts; the same buffer when they change nothing. */
  applyEdits(bytes: Buffer, edits: readonly Edit[]): Buffer {
    return edits.length === 0 ? bytes : applySplices(bytes, this.toSplices(bytes, edits));
  }

  /** What these edits come to in the bytes; edits that change nothing come to nothing. */
  toSplices(bytes: Buffer, edits: readonly Edit[]): Splice[] {
    const sorted = edits
      .filter((edit) => this.#changesText(edit))
      .sort((a, b) => a.span - b.span || a.start - b.start || a.end - b.end);
    const splices: Splice[] = [];
    let last: Edit | undefined;
    let cursor: ByteCursor | undefined;
    for (const edit of sorted) {
      const style = this.#places[edit.span * numbersPerText + 2] as TextStyle;
      const isSameText: boolean = last?.span === edit.span;
      invariant(!isSameText || edit.start >= (last?.end ?? 0), "edits of a text do not overlap");
      if (!isSameText || cursor === undefined) {
        cursor = new ByteCursor(bytes, this.#places[edit.span * numbersPerText] as number, style);
      }
      const start = cursor.moveTo(edit.start, "down");
      const end = cursor.moveTo(edit.end, edit.end > edit.start ? "up" : "down");
      splices.push({ start, end, bytes: encodeReplacement(edit.replacement, style) });
      last = edit;
    }
    for (const mirror of this.#mirrors) {
      if (hasSpanWithin(sorted, mirror))
        splices.push({ start: mirror.start, end: mirror.end, bytes: nullBytes });
    }
    return splices;
  }

  #changesText(edit: Edit): boolean {
    const text = this.items[edit.span]?.text;
    invariant(text !== undefined, "an edit names a text of its body");
    const isInside = 0 <= edit.start && edit.start <= edit.end && edit.end <= text.length;
    invariant(isInside, "an edit lies inside its text");
    return text.slice(edit.start, edit.end) !== edit.replacement;
  }
}

/** By bisection: an answer may have as many mirrors as it has edits. */
function hasSpanWithin(sorted: readonly Edit[], mirror: Mirror): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as Edit).span < mirror.first) low = middle + 1;
    else high = middle;
  }
  const next = sorted[low];
  return next !== undefined && next.span < mirror.after;
}
