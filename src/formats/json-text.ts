import { type BareNumber, JsonLexer } from "./json-lexer.ts";

/** A replacement in one piece of text; offsets are UTF-16 units into that piece. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/**
 * A text that may itself be JSON, such as the arguments of a tool call, in the pieces in which it
 * comes. It fits edits to the JSON, so that what parsed before parses after: a number that stands
 * bare becomes a string, whatever strings it is nested in. Other text is edited as it is.
 */
export class JsonText {
  readonly #numbers: BareNumber[] = [];
  readonly #lexer: JsonLexer;
  #length = 0;
  /** The last number of which a part was passed on before the rest was known. */
  #begun: { number: BareNumber; isQuoted: boolean; changedTo: number } | undefined;

  /** `isAnyJson`: a lone number is JSON as well; elsewhere it is text. */
  constructor(isAnyJson = false) {
    this.#lexer = new JsonLexer(this.#numbers, { isAnyValue: isAnyJson });
  }

  /** True for text in which nothing needs to be fitted, so far. */
  get isPlain(): boolean {
    return this.#numbers.length === 0;
  }

  /** True once it is certain that the text is no object or array. */
  get isOver(): boolean {
    return this.#lexer.isOver;
  }

  /** Takes the next piece and returns its offset in the whole text. */
  push(piece: string): number {
    const start = this.#length;
    this.#length += piece.length;
    const lexer = this.#lexer;
    for (let index = 0; index < piece.length && !lexer.isOver; index += 1) {
      lexer.unit(piece.charCodeAt(index), start + index, start + index + 1);
    }
    return start;
  }

  /**
   * The edits, sorted, of the piece that was pushed at `offset`, as they can be made. To be asked of
   * every piece in order, edited or not: a number may go on in the next.
   */
  fit(offset: number, piece: string, edits: readonly TextEdit[]): readonly TextEdit[] {
    // In place: the lexer adds to this very list.
    while (isBehind(this.#numbers[0], offset)) this.#numbers.shift();
    const fitted: TextEdit[] = [];
    let next = 0;
    const take = (isTaken: (edit: TextEdit) => boolean) => {
      const first = next;
      while (next < edits.length && isTaken(edits[next] as TextEdit)) next += 1;
      return edits.slice(first, next);
    };
    for (const number of this.#numbers) {
      const start = Math.max(number.start - offset, 0);
      if (start >= piece.length) break;
      const end = Math.min(number.end - offset, piece.length);
      // The one that was begun, of which nothing more has come yet.
      if (end <= start) continue;
      fitted.push(...this.#asText(take((edit) => edit.start < start)));
      const inside = take((edit) => edit.start < end && edit.end <= end);
      fitted.push(...this.#fitNumber(number, { offset, piece, start, end }, inside));
    }
    return [...fitted, ...this.#asText(take(() => true))];
  }

  /** The edits of the part of a number that is in a piece. */
  #fitNumber(number: BareNumber, part: NumberPart, edits: readonly TextEdit[]) {
    const { offset, start, end } = part;
    if (number.start >= offset) {
      if (this.isOver) return edits;
      const isQuoted = edits.length > 0;
      this.#begun = { number, isQuoted, changedTo: -1 };
      const { quote } = number;
      return isQuoted ? [{ start, end, replacement: quote + applied(part, edits) + quote }] : [];
    }
    if (this.#begun?.number !== number) this.#begun = { number, isQuoted: false, changedTo: -1 };
    const begun = this.#begun;
    // The string that took its place was closed at once, so nothing more belongs in it.
    if (begun.isQuoted) return [{ start, end, replacement: "" }];
    // It has begun as a number, so a number it must stay.
    return edits.map((edit) => {
      const replacement = begun.changedTo === offset + edit.start ? "" : "1";
      begun.changedTo = offset + edit.end;
      return { ...edit, replacement };
    });
  }

  #asText(edits: readonly TextEdit[]): readonly TextEdit[] {
    return this.#lexer.isJson ? edits.map(withPlainReplacement) : edits;
  }
}

/** The edits of one text that is all there, as they can be made. */
export function fitToJson(
  text: string,
  edits: readonly TextEdit[],
  isAnyJson = false,
): readonly TextEdit[] {
  const json = new JsonText(isAnyJson);
  json.push(text);
  return json.isOver ? edits : json.fit(0, text, edits);
}

/** Where a part of a number stands in the piece that was pushed at `offset`. */
interface NumberPart {
  readonly offset: number;
  readonly piece: string;
  readonly start: number;
  readonly end: number;
}

function isBehind(number: BareNumber | undefined, offset: number): boolean {
  return number !== undefined && !number.isOpen && number.end <= offset;
}

function applied({ piece, start, end }: NumberPart, edits: readonly TextEdit[]): string {
  let text = "";
  let position = start;
  for (const edit of edits) {
    text += piece.slice(position, edit.start) + withPlainReplacement(edit).replacement;
    position = edit.end;
  }
  return text + piece.slice(position, end);
}

/**
 * A replacement that means the same in any number of strings within strings: what would have to be
 * escaped there gives way to something like it.
 */
function withPlainReplacement(edit: TextEdit): TextEdit {
  const replacement = edit.replacement
    .replaceAll('"', "'")
    .replaceAll("\\", "/")
    .replaceAll(/\p{Cc}/gu, " ");
  return replacement === edit.replacement ? edit : { ...edit, replacement };
}
