import type { Label } from "../context/label.ts";
import type { Outlook } from "../outlook.ts";
import { Columns } from "./columns.ts";
import { digitsBetween } from "./readers.ts";

/** Longer cells are no header. */
const headerUnitsMax = 48;
const headerWordsMax = 4;
/** Digits a header may have: "address 2", "q1 2024". */
const headerDigitsMax = 4;
/** Lines in a row that do not fit end a table. */
const misfitsMax = 2;

/**
 * Tables whose cells are set apart by commas, semicolons, tabs or pipes: the first line that looks
 * like headers makes one, and lines that have not as many cells end it. Owned by one scan.
 */
export class Tables {
  /** The role of what sets cells apart, in the open table and in the line being read; 0: none yet. */
  #tableDelimiter = 0;
  #lineDelimiter = 0;
  #columns: Columns;
  /** Headers, should the line being read be some. */
  #headers: Columns;
  #mayBeHeader = true;
  /** Cells of the line that ended. */
  #cell = 0;
  #cellStart = 0;
  #misfits = 0;

  constructor(columns = new Columns(), headers = new Columns()) {
    this.#columns = columns;
    this.#headers = headers;
  }

  get isOpen(): boolean {
    return this.#tableDelimiter !== 0;
  }

  /** What sets the cells of the open table apart, as a role; 0 if there is no table. */
  get delimiter(): number {
    return this.#tableDelimiter;
  }

  /** Where the cell begins that is being read; offset into the whole text. */
  get cellStart(): number {
    return this.#cellStart;
  }

  /** What the column says that is being read. */
  get column(): Label | undefined {
    return this.#columns.at(this.#cell);
  }

  /** Whether a delimiter ends a cell of a header that is still possible, so its label is asked for. */
  asksForHeader(role: number, at: number): boolean {
    if (this.#tableDelimiter !== 0 || !this.#mayBeHeader) return false;
    if (this.#lineDelimiter === 0) this.#lineDelimiter = role;
    if (this.#lineDelimiter !== role) return false;
    this.#mayBeHeader = at - this.#cellStart <= headerUnitsMax;
    return this.#mayBeHeader;
  }

  /** A cell ended that may be a header. `text` begins at `base`. */
  addHeader(base: number, at: number, label: Label): void {
    const isHeader =
      label.words <= headerWordsMax &&
      digitsBetween(this.#cellStart - base, at - base) <= headerDigitsMax;
    if (isHeader) this.#headers.add(label);
    else this.#mayBeHeader = false;
  }

  /** A cell ends, and another one begins behind the delimiter at `at`. */
  endCell(at: number): void {
    this.#cell += 1;
    this.#cellStart = at + 1;
  }

  /** The line has a key of its own, so it is no header. */
  refuseHeader(): void {
    this.#mayBeHeader = false;
  }

  /** Whether the line that ends may have been a header, so that its last label is asked for. */
  mayEndHeader(at: number): boolean {
    if (this.#tableDelimiter !== 0 || this.#headers.count === 0) return false;
    this.#mayBeHeader &&= at - this.#cellStart <= headerUnitsMax;
    return this.#mayBeHeader;
  }

  /** The line ends. */
  endLine(isBlank: boolean): void {
    if (this.#tableDelimiter !== 0) this.#endRow(isBlank);
    else if (this.#mayBeHeader && this.#headers.count > 1 && this.#headers.saysSomething) {
      this.#open();
    }
    this.#headers.clear();
    this.#lineDelimiter = 0;
    this.#mayBeHeader = true;
    this.#cell = 0;
  }

  /** A line begins at `start`. */
  beginLine(start: number): void {
    this.#cellStart = start;
  }

  addOutlook(outlook: Outlook): void {
    outlook.add(this.#tableDelimiter);
    outlook.add(this.#lineDelimiter);
    outlook.add(this.#mayBeHeader);
    outlook.add(this.#cell);
    outlook.addPlace(this.#cellStart);
    this.#headers.addOutlook(outlook);
    if (!this.isOpen) return;
    outlook.add(this.#misfits);
    this.#columns.addOutlook(outlook);
  }

  fork(): Tables {
    const fork = new Tables(this.#columns.fork(), this.#headers.fork());
    fork.#tableDelimiter = this.#tableDelimiter;
    fork.#lineDelimiter = this.#lineDelimiter;
    fork.#mayBeHeader = this.#mayBeHeader;
    fork.#cell = this.#cell;
    fork.#cellStart = this.#cellStart;
    fork.#misfits = this.#misfits;
    return fork;
  }

  #open(): void {
    const columns = this.#headers;
    this.#headers = this.#columns;
    this.#columns = columns;
    this.#tableDelimiter = this.#lineDelimiter;
    this.#misfits = 0;
  }

  #endRow(isBlank: boolean): void {
    const fits = this.#cell + 1 === this.#columns.count;
    this.#misfits = fits ? 0 : this.#misfits + 1;
    if (isBlank || this.#misfits >= misfitsMax) this.#tableDelimiter = 0;
  }
}
