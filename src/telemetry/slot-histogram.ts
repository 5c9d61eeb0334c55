import { Histogram, type Registry } from "prom-client";
import { type LabelDefinition, LabelSlots } from "./label-slots.ts";

export interface SlotHistogramOptions {
  readonly registry: Registry;
  readonly name: string;
  readonly help: string;
  /** At most one, with a closed set of values. */
  readonly label?: Required<LabelDefinition>;
  /** Upper bounds in seconds, ascending; the one without bound comes on top. */
  readonly buckets: readonly number[];
}

/** A histogram of seconds whose buckets are numbers in typed arrays until somebody scrapes. */
export class SlotHistogram extends Histogram {
  readonly #name: string;
  readonly #help: string;
  readonly #slots: LabelSlots;
  readonly #bounds: readonly number[];
  /** For each slot one count per bound and one above, not yet cumulative. */
  readonly #counts: Float64Array;
  readonly #sums: Float64Array;

  constructor({ registry, name, help, label, buckets }: SlotHistogramOptions) {
    const labelNames = label === undefined ? [] : [label.name];
    super({ name, help, labelNames, buckets: [...buckets], registers: [registry] });
    this.#name = name;
    this.#help = help;
    this.#slots = new LabelSlots(label === undefined ? [] : [label]);
    // A place more than the closed set has: for `other`.
    const slots = this.#slots.labels.length + 1;
    this.#bounds = buckets;
    this.#counts = new Float64Array(slots * (buckets.length + 1));
    this.#sums = new Float64Array(slots);
  }

  /** Counts one duration; what is not a number of seconds from 0 up counts as 0. */
  add(seconds: number, label?: string): void {
    const value = Number.isNaN(seconds) ? 0 : Math.max(seconds, 0);
    const slot = this.#slots.of(label);
    let bucket = 0;
    while (bucket < this.#bounds.length && value > (this.#bounds[bucket] ?? 0)) bucket += 1;
    const place = slot * (this.#bounds.length + 1) + bucket;
    this.#counts[place] = (this.#counts[place] ?? 0) + 1;
    this.#sums[slot] = (this.#sums[slot] ?? 0) + value;
  }

  /** What prom-client reads a histogram by, for the text format and, through `get`, for JSON. */
  async getForPromString() {
    const values = this.#slots.labels.flatMap((labels, slot) => this.#series(labels, slot));
    return { name: this.#name, help: this.#help, type: "histogram", aggregator: "sum", values };
  }

  #series(labels: Readonly<Record<string, string>>, slot: number) {
    let count = 0;
    const start = slot * (this.#bounds.length + 1);
    const buckets = [...this.#bounds, "+Inf"].map((le, index) => {
      count += this.#counts[start + index] ?? 0;
      return { metricName: `${this.#name}_bucket`, labels: { ...labels, le }, value: count };
    });
    return [
      ...buckets,
      { metricName: `${this.#name}_sum`, labels, value: this.#sums[slot] ?? 0 },
      { metricName: `${this.#name}_count`, labels, value: count },
    ];
  }
}
