/** A part of a line that fits on a row of a terminal. */
export interface DisplayRow {
  /** UTF-16 offsets into the line; end exclusive. */
  readonly from: number;
  readonly to: number;
  /** As shown, one for each character between `from` and `to`. */
  readonly cells: readonly Cell[];
}

/** A character as it is shown. */
export interface Cell {
  /** UTF-16 offset into the line. */
  readonly at: number;
  readonly shown: string;
  /** Columns it takes: 0, 1 or 2. */
  readonly columns: number;
}

/** Columns of a row; lines that are longer go on in the next row, so that marks stay below them. */
const rowColumnsMax = 96;

/** A line as rows, one at least. Control characters and those that are not seen are made visible. */
export function toDisplayRows(line: string): readonly DisplayRow[] {
  const rows: DisplayRow[] = [];
  let cells: Cell[] = [];
  let columns = 0;
  let from = 0;
  let at = 0;
  for (const character of line) {
    const cell = { at, shown: visible(character), columns: columnsOf(character) };
    if (columns + cell.columns > rowColumnsMax) {
      rows.push({ from, to: at, cells });
      cells = [];
      columns = 0;
      from = at;
    }
    cells.push(cell);
    columns += cell.columns;
    at += character.length;
  }
  rows.push({ from, to: line.length, cells });
  return rows;
}

/** Where a part of the line begins in a row and how many columns it takes there. */
export function columnsBetween(
  { cells }: DisplayRow,
  start: number,
  end: number,
): { readonly column: number; readonly columns: number } {
  let column = 0;
  let columns = 0;
  for (const cell of cells) {
    if (cell.at < start) column += cell.columns;
    else if (cell.at < end) columns += cell.columns;
  }
  // Something that takes no room is still shown to be there.
  return { column, columns: Math.max(1, columns) };
}

/**
 * A terminal carries out control characters and turns text around at bidirectional ones: in a text that
 * somebody else wrote neither may happen, so the first show as their pictures and the rest as a dot.
 */
function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0x7f) return "\u2421";
  if (code < 0x20) return code === 0x09 ? " " : String.fromCodePoint(0x2400 + code);
  return unseen.test(character) ? "\u00b7" : character;
}

function columnsOf(character: string): number {
  if (unseen.test(character)) return 1;
  if (combining.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

/** C1 controls, format characters (zero-width, bidirectional, tags), separators, lone surrogates. */
const unseen = /[\u0080-\u009f\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const combining = /\p{M}/u;
/** Mostly what is wide in Unicode Standard Annex 11. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;
