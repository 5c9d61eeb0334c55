import { invariant } from "../base/index.ts";
import type { Edit, TextRange } from "../domain/index.ts";
import { fitToJson, type JsonText, type TextEdit } from "./json-text.ts";
import { applySplices, type Splice } from "./splice.ts";
import { ByteCursor, encodeReplacement, type TextStyle, textStyles } from "./text-style.ts";

/** Numbers per text in the list of places: first byte, byte after the last, style. */
const numbersPerText = 3;
const nullBytes = Buffer.from("null");
/** No texts. */
export const noTexts: TextRange = Object.freeze({ first: 0, after: 0 });

/** A second copy of some texts, as JSON that can be `null`. */
interface Mirror {
  /** The texts it repeats: indexes from `first` to before `after`. */
  readonly first: number;
  readonly after: number;
  readonly start: number;
  readonly end: number;
}

/** A piece of a text that goes on over events, by its offset there. */
interface Part {
  readonly whole: JsonText;
  readonly offset: number;
}

/** Where the only text of an event stands. */
export interface SoleText {
  readonly start: number;
  readonly end: number;
  readonly style: TextStyle;
}

/** The texts of one body or event together with where in the bytes each of them stands. */
export class TextIndex<Item extends { readonly text: string }> {
  /** The texts in the order they were added; `Edit.span` is an index into them. */
  readonly items: Item[] = [];
  readonly #places: number[] = [];
  readonly #mirrors: Mirror[] = [];
  /** Indexes of texts that are JSON of any kind. */
  #anyJson: Set<number> | undefined;
  /** By index, the texts that are parts of JSON. */
  #parts: Map<number, Part> | undefined;
  /** Indexes of the texts by where they begin; made when it is asked for. */
  #byPlace: readonly number[] | undefined;

  /** Adds the text that stands in the bytes from `start` to `end`, quotes left out. */
  add(item: Item, start: number, end: number, style: TextStyle): void {
    this.items.push(item);
    this.#places.push(start, end, style);
  }

  /** Where the one text is, if there is one, and nothing that repeats it. */
  get sole(): SoleText | undefined {
    if (this.items.length !== 1 || this.#mirrors.length > 0 || this.#anyJson !== undefined) {
      return undefined;
    }
    const [start = 0, end = 0, style] = this.#places;
    return { start, end, style: style as TextStyle };
  }

  /** The texts that stand in the bytes from `start` to `end`, all of which were added in a row. */
  within(start: number, end: number): TextRange {
    if (this.#byPlace?.length !== this.items.length) {
      this.#byPlace = [...this.items.keys()].sort((a, b) => this.#startOf(a) - this.#startOf(b));
    }
    let low = 0;
    let high = this.#byPlace.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#startOf(this.#byPlace[middle] as number) < start) low = middle + 1;
      else high = middle;
    }
    const first = this.#byPlace[low];
    if (first === undefined || this.#startOf(first) >= end) return noTexts;
    let after = first;
    while (after < this.items.length && this.#isBetween(after, start, end)) after += 1;
    return { first, after };
  }

  #startOf(index: number): number {
    return this.#places[index * numbersPerText] as number;
  }

  #isBetween(index: number, start: number, end: number): boolean {
    const at = this.#startOf(index);
    return start <= at && at < end;
  }

  /** Says that the last text added is JSON of any kind. */
  isAnyJson(): void {
    this.#anyJson ??= new Set();
    this.#anyJson.add(this.items.length - 1);
  }

  /** Says that the last text added is the next piece of a text that may be JSON. */
  continues(whole: JsonText): void {
    const index = this.items.length - 1;
    const offset = whole.push((this.items[index] as Item).text);
    if (whole.isOver && whole.isPlain) return;
    this.#parts ??= new Map();
    this.#parts.set(index, { whole, offset });
  }

  /**
   * Says that the JSON value from `start` to `end` repeats the texts from `first` to before `after`. An edit
   * of one of them replaces it by `null`: a token list gives a masked value away piece by piece.
   */
  addMirror(first: number, start: number, end: number, after = this.items.length): void {
    this.#mirrors.push({ first, after, start, end });
  }

  /** The bytes with these edits of the texts; the same buffer when they change nothing. */
  applyEdits(bytes: Buffer, edits: readonly Edit[]): Buffer {
    if (edits.length === 0 && !this.#hasNumbers()) return bytes;
    return applySplices(bytes, this.toSplices(bytes, edits));
  }

  /** What these edits come to in the bytes; edits that change nothing come to nothing. */
  toSplices(bytes: Buffer, edits: readonly Edit[]): Splice[] {
    const sorted = edits
      .filter((edit) => this.#changesText(edit))
      .sort((a, b) => a.span - b.span || a.start - b.start || a.end - b.end);
    const splices: Splice[] = [];
    for (const [span, own] of this.#bySpan(sorted)) this.#editText(bytes, span, own, splices);
    for (const mirror of this.#editedMirrors(sorted)) splices.push({ ...mirror, bytes: nullBytes });
    return splices;
  }

  /** Where the mirrors stand of which a text, or what they say by themselves, is edited. */
  #editedMirrors(sorted: readonly Edit[]): Iterable<{ start: number; end: number }> {
    const edited = new Map<number, { start: number; end: number }>();
    for (const { span } of sorted) {
      const [start = 0, end = 0, style] = this.#places.slice(span * numbersPerText);
      if (style === textStyles.mirror) edited.set(start, { start, end });
    }
    for (const mirror of this.#mirrors) {
      const { start, end } = mirror;
      if (hasSpanWithin(sorted, mirror)) edited.set(start, { start, end });
    }
    return edited.values();
  }

  /** True where a part may have to change because of one before it. */
  #hasNumbers(): boolean {
    if (this.#parts === undefined) return false;
    for (const { whole } of this.#parts.values()) if (!whole.isPlain) return true;
    return false;
  }

  /** Sorted edits by text, in order, with the parts that have none. */
  #bySpan(sorted: readonly Edit[]): readonly [number, readonly Edit[]][] {
    const bySpan = new Map<number, Edit[]>();
    for (const edit of sorted) {
      const own = bySpan.get(edit.span);
      if (own === undefined) bySpan.set(edit.span, [edit]);
      else own.push(edit);
    }
    for (const span of this.#parts?.keys() ?? []) if (!bySpan.has(span)) bySpan.set(span, []);
    return [...bySpan].sort(([a], [b]) => a - b);
  }

  /** Adds what the edits of one text, sorted, come to. */
  #editText(bytes: Buffer, span: number, edits: readonly TextEdit[], splices: Splice[]): void {
    const start = this.#places[span * numbersPerText] as number;
    const end = this.#places[span * numbersPerText + 1] as number;
    const style = this.#places[span * numbersPerText + 2] as TextStyle;
    const { text } = this.items[span] as Item;
    if (style === textStyles.mirror) return;
    if (style === textStyles.number) {
      splices.push({ start, end, bytes: Buffer.from(JSON.stringify(edited(text, edits))) });
      return;
    }
    const part = this.#parts?.get(span);
    const fitted =
      part === undefined
        ? fitToJson(text, edits, this.#anyJson?.has(span))
        : part.whole.fit(part.offset, text, edits);
    const cursor = new ByteCursor(bytes, start, style);
    let last = 0;
    for (const edit of fitted) {
      invariant(edit.start >= last, "edits of a text do not overlap");
      last = edit.end;
      const from = cursor.moveTo(edit.start, "down");
      const to = cursor.moveTo(edit.end, edit.end > edit.start ? "up" : "down");
      splices.push({ start: from, end: to, bytes: encodeReplacement(edit.replacement, style) });
    }
  }

  #changesText(edit: Edit): boolean {
    const text = this.items[edit.span]?.text;
    invariant(text !== undefined, "an edit names a text of its body");
    const isInside = 0 <= edit.start && edit.start <= edit.end && edit.end <= text.length;
    invariant(isInside, "an edit lies inside its text");
    return text.slice(edit.start, edit.end) !== edit.replacement;
  }
}

function edited(text: string, edits: readonly TextEdit[]): string {
  let result = "";
  let position = 0;
  for (const edit of edits) {
    invariant(edit.start >= position, "edits of a text do not overlap");
    result += text.slice(position, edit.start) + edit.replacement;
    position = edit.end;
  }
  return result + text.slice(position);
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
