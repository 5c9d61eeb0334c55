/** Columns of the table: where a stretch begins and ends, first as read and then as written. */
const columns = 4;
/** Rows nobody asks for any more are dropped once there are this many. */
const dropRowsMin = 256;

/**
 * Where each UTF-16 unit of a text as it is read stands in the text as it was written. Holds one row
 * for each stretch that is read as something of another length, so plain text between them is free.
 */
export class OffsetMap {
  readonly #table: number[] = [];

  /**
   * Says that the units from `readStart` to `readEnd` stand for those written from `start` to `end`,
   * all for all; none if what was written is passed over. In the order of the text, not overlapping.
   */
  add(readStart: number, readEnd: number, start: number, end: number): void {
    const last = this.#table.length - columns;
    // What is passed over unit by unit is one stretch, or a flood of it would fill the memory.
    if (readStart === readEnd && this.#table[last] === readStart) this.#table[last + 3] = end;
    else this.#table.push(readStart, readEnd, start, end);
  }

  /** Where what the unit at `offset` stands for begins. */
  startOf(offset: number): number {
    const row = this.#rowAt(offset);
    if (row < 0) return offset;
    const readEnd = this.#value(row, 1);
    return offset < readEnd ? this.#value(row, 2) : this.#value(row, 3) + offset - readEnd;
  }

  /** Where what the unit before `offset` stands for ends. */
  endOf(offset: number): number {
    const row = this.#rowAt(offset - 1);
    if (row < 0) return offset;
    return this.#value(row, 3) + Math.max(0, offset - this.#value(row, 1));
  }

  /** Says that nobody will ask for units before `offset` any more. */
  forgetBefore(offset: number): void {
    const row = this.#rowAt(offset);
    if (row >= dropRowsMin) this.#table.splice(0, row * columns);
  }

  // The last row that begins at or before a unit, or -1: by bisection, since a row tells how all that
  // follows it is shifted.
  #rowAt(offset: number): number {
    let low = 0;
    let high = this.#table.length / columns;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#value(middle, 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  #value(row: number, column: number): number {
    return this.#table[row * columns + column] ?? 0;
  }
}
