import type { CursorFile, Refusal } from "./cursor-file.ts";
import { type Position, start } from "./log-source.ts";

/** A person has to look before more lines than this are passed over. */
const refusalsMax = 1_000;

/**
 * How far a sink is. What is on the disk is never ahead of what the receiver has: whoever starts from
 * it sends lines again, and leaves none out.
 */
export class Cursor {
  readonly #file: CursorFile;
  readonly #positions = new Map<string, Position>();
  #refused: readonly Refusal[] = [];
  #isRead = false;
  #isDirty = false;

  constructor(file: CursorFile) {
    this.#file = file;
  }

  /** Reads the file, once. Rejects with what the disk says; it may be tried again. */
  async open(): Promise<void> {
    if (this.#isRead) return;
    const { positions, refused } = (await this.#file.read()) ?? { positions: [], refused: [] };
    for (const [origin, position] of positions) this.#positions.set(origin, position);
    this.#refused = refused;
    this.#isRead = true;
  }

  /** From now on everything is sent again: what the file said is not to be had. */
  startOver(): void {
    this.#isRead = true;
  }

  get isRead(): boolean {
    return this.#isRead;
  }

  /** By log, up to where; empty until it was read. */
  get positions(): ReadonlyMap<string, Position> {
    return this.#positions;
  }

  /** Lines named as refused. */
  get refusals(): number {
    return this.#refused.length;
  }

  get isFull(): boolean {
    return this.#refused.length >= refusalsMax;
  }

  of(origin: string): Position {
    return this.#positions.get(origin) ?? start;
  }

  move(origin: string, position: Position, refused: readonly Refusal[] = []): void {
    this.#positions.set(origin, position);
    if (refused.length > 0) this.#refused = [...this.#refused, ...refused];
    this.#isDirty = true;
  }

  /** Brings what changed to the disk. Rejects with what that says; then it is still to be saved. */
  async save(): Promise<void> {
    if (!this.#isDirty) return;
    await this.#file.write({ positions: this.#positions, refused: this.#refused });
    this.#isDirty = false;
  }
}
