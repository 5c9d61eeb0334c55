import type { Label } from "../context/label.ts";
import type { Outlook } from "../outlook.ts";
import { Columns } from "./columns.ts";

/** How far a bracket may stand from what announces it. */
const gapUnitsMax = 24;

const states = { outside: 0, columns: 1, between: 2, row: 3 } as const;

/** `INSERT INTO table (columns) VALUES (row), (row);` of SQL (ISO/IEC 9075-2). Owned by one scan. */
export class Statements {
  #state: number = states.outside;
  readonly #columns: Columns;
  #cell = 0;
  /** Where the last bracket closed. */
  #closedAt = 0;
  /** Brackets open within a row. */
  #depth = 0;

  constructor(columns = new Columns()) {
    this.#columns = columns;
  }

  /** The names of columns are being read. */
  get isInColumns(): boolean {
    return this.#state === states.columns;
  }

  /** Values of a row are being read, and no call within it. */
  get isInRow(): boolean {
    return this.#state === states.row && this.#depth === 0;
  }

  /** What the name says of the column that is being read. */
  get column(): Label | undefined {
    return this.#columns.at(this.#cell);
  }

  /** A bracket opens. `follows`: whether `INTO`, or `VALUES` shortly before, announces it. */
  open(at: number, follows: { readonly into: boolean; readonly values: boolean }): void {
    if (this.#state === states.row) {
      this.#depth += 1;
      return;
    }
    const isRow = this.#state === states.between;
    if (isRow && (follows.values || at - this.#closedAt <= gapUnitsMax)) {
      this.#state = states.row;
      this.#cell = 0;
      return;
    }
    this.#state = follows.into ? states.columns : states.outside;
    if (follows.into) this.#columns.clear();
  }

  /** The name of a column ends. */
  addColumn(label: Label): void {
    this.#columns.add(label);
  }

  /** A value of a row ends. */
  endCell(): void {
    this.#cell += 1;
  }

  /** A bracket closes. */
  close(at: number): void {
    if (this.#state === states.row && this.#depth > 0) this.#depth -= 1;
    else if (this.#state !== states.outside) {
      this.#state = states.between;
      this.#closedAt = at;
    }
  }

  /** The statement ends. */
  end(): void {
    if (this.#state === states.between) this.#state = states.outside;
  }

  addOutlook(outlook: Outlook): void {
    outlook.add(this.#state);
    if (this.#state === states.outside) return;
    this.#columns.addOutlook(outlook);
    outlook.add(this.#cell);
    outlook.addPlace(this.#closedAt);
    outlook.add(this.#depth);
  }

  fork(): Statements {
    const fork = new Statements(this.#columns.fork());
    fork.#state = this.#state;
    fork.#cell = this.#cell;
    fork.#closedAt = this.#closedAt;
    fork.#depth = this.#depth;
    return fork;
  }
}
