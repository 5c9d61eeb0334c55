import { Label } from "../context/label.ts";
import type { Outlook } from "../outlook.ts";

/** Columns beyond these have no label. */
const columnsMax = 64;

/** What the headers of columns say, in order. Owned by a table. */
export class Columns {
  /** Made when first needed. */
  #labels: Label[] | undefined;
  #count = 0;
  #saysSomething = false;

  get count(): number {
    return this.#count;
  }

  /** One of the headers says something. */
  get saysSomething(): boolean {
    return this.#saysSomething;
  }

  /** What the header of a column says, if it has one. */
  at(column: number): Label | undefined {
    return column < this.#count ? this.#labels?.[column] : undefined;
  }

  add(label: Label): void {
    const column = this.#count;
    this.#count += 1;
    if (column >= columnsMax) return;
    this.#labels ??= [];
    this.#labels[column] ??= new Label();
    this.#labels[column].copy(label);
    this.#saysSomething ||= label.saysSomething;
  }

  clear(): void {
    this.#count = 0;
    this.#saysSomething = false;
  }

  addOutlook(outlook: Outlook): void {
    outlook.add(this.#count);
    const labels = Math.min(this.#count, columnsMax);
    for (let column = 0; column < labels; column += 1) this.#labels?.[column]?.addOutlook(outlook);
  }

  fork(): Columns {
    const fork = new Columns();
    fork.#count = this.#count;
    fork.#saysSomething = this.#saysSomething;
    fork.#labels = this.#labels?.map((label) => {
      const copy = new Label();
      copy.copy(label);
      return copy;
    });
    return fork;
  }
}
