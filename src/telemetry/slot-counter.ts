import { Counter, type Registry } from "prom-client";
import { type LabelDefinition, LabelSlots } from "./label-slots.ts";

export interface SlotCounterOptions {
  readonly registry: Registry;
  readonly name: string;
  readonly help: string;
  readonly labels: readonly LabelDefinition[];
  readonly onOverflow?: (metric: string) => void;
}

/** A counter whose series are numbers in a typed array until somebody scrapes. */
export class SlotCounter extends Counter {
  readonly #slots: LabelSlots;
  #counts: Float64Array;

  constructor({ registry, name, help, labels, onOverflow }: SlotCounterOptions) {
    super({ name, help, labelNames: labels.map((label) => label.name), registers: [registry] });
    this.#slots = new LabelSlots(labels, () => onOverflow?.(name));
    this.#counts = new Float64Array(Math.max(16, this.#slots.labels.length));
  }

  /** Counts `amount` more for the series with these label values, in the order of the labels. */
  add(first?: string, second?: string, amount?: number): void {
    this.addTo(this.slotOf(first, second), amount);
  }

  /** The series with these label values, for who counts in it often; from now on it is shown. */
  slotOf(first?: string, second?: string): number {
    return this.#slots.of(first, second);
  }

  /** Counts `amount` more in the series that `slotOf` gave. */
  addTo(slot: number, amount = 1): void {
    if (slot >= this.#counts.length) this.#grow(slot);
    this.#counts[slot] = (this.#counts[slot] ?? 0) + amount;
  }

  override async get() {
    const metric = await super.get();
    const values = this.#slots.labels.map((labels, slot) => ({
      labels,
      value: this.#counts[slot] ?? 0,
    }));
    return { ...metric, values };
  }

  #grow(slot: number): void {
    const larger = new Float64Array(Math.max(slot + 1, this.#counts.length * 2));
    larger.set(this.#counts);
    this.#counts = larger;
  }
}
