/** Columns of the table. */
const columns = 5;
const readStartColumn = 0;
const readEndColumn = 1;
const startColumn = 2;
const endColumn = 3;
/** 1 if it is read as a break, else 0. */
const breakColumn = 4;
/** Rows nobody asks for any more are dropped once there are this many. */
const dropRowsMin = 256;

/** Something written that is read as something of another length, and where. */
export interface PlacedSign {
  /** As read; empty if what was written is passed over. */
  readonly readStart: number;
  readonly readEnd: number;
  /** As written. */
  readonly start: number;
  readonly end: number;
  /** It is read as a character that no value reaches across. */
  readonly isBreak: boolean;
}

/**
 * Where each UTF-16 unit of a text as it is read stands in the text as it was written, and back. Holds
 * one row for each stretch that is read as something of another length, so plain text between them is
 * free.
 */
export class OffsetMap {
  readonly #table: number[] = [];

  /** Adds a stretch that stands for its reading, all for all. In the order of the text. */
  add({ readStart, readEnd, start, end, isBreak }: PlacedSign): void {
    const last = this.#table.length - columns;
    const isPassedOver = readStart === readEnd && this.#table[last] === readStart;
    // What is passed over unit by unit is one stretch, or a flood of it would fill the memory.
    if (isPassedOver) this.#table[last + endColumn] = end;
    else this.#table.push(readStart, readEnd, start, end, isBreak ? 1 : 0);
  }

  /** Where what the unit at `offset` stands for begins. */
  startOf(offset: number): number {
    const row = this.#lastRow(readStartColumn, offset);
    if (row < 0) return offset;
    const readEnd = this.#value(row, readEndColumn);
    if (offset < readEnd) return this.#value(row, startColumn);
    return this.#value(row, endColumn) + offset - readEnd;
  }

  /** Where what the unit before `offset` stands for ends. */
  endOf(offset: number): number {
    const row = this.#lastRow(readStartColumn, offset - 1);
    if (row < 0) return offset;
    return this.#value(row, endColumn) + Math.max(0, offset - this.#value(row, readEndColumn));
  }

  /** What is read first of what is written from `offset` on; behind the stretch it stands within. */
  readOf(offset: number): number {
    const row = this.#lastRow(startColumn, offset - 1);
    if (row < 0) return offset;
    return this.#value(row, readEndColumn) + Math.max(0, offset - this.#value(row, endColumn));
  }

  /** The stretch a written offset parts, if any. What is passed over may be parted anywhere. */
  around(offset: number): PlacedSign | undefined {
    const row = this.#lastRow(startColumn, offset - 1);
    if (row < 0 || offset >= this.#value(row, endColumn)) return undefined;
    const readStart = this.#value(row, readStartColumn);
    const readEnd = this.#value(row, readEndColumn);
    if (readStart === readEnd) return undefined;
    const start = this.#value(row, startColumn);
    const end = this.#value(row, endColumn);
    return { readStart, readEnd, start, end, isBreak: this.#value(row, breakColumn) === 1 };
  }

  /** Says that nobody will ask for what is written before `offset`, or read there, any more. */
  forgetBefore(offset: number): void {
    if (this.#table.length < dropRowsMin * columns) return;
    const row = this.#lastRow(startColumn, offset - 1);
    if (row >= dropRowsMin) this.#table.splice(0, row * columns);
  }

  // The last row that begins at or before a unit, or -1: by bisection, since a row tells how all that
  // follows it is shifted.
  #lastRow(column: number, offset: number): number {
    let low = 0;
    let high = this.#table.length / columns;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#value(middle, column) <= offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  #value(row: number, column: number): number {
    return this.#table[row * columns + column] ?? 0;
  }
}
