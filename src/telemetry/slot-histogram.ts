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

/** A measurement that stands for its bucket, and the trace it was made in. */
interface Exemplar {
  readonly traceId: string;
  readonly value: number;
  /** Seconds since 1970. */
  readonly at: number;
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
  /** By the place in the counts; the last one of each bucket. */
  readonly #exemplars = new Map<number, Exemplar>();

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

  /**
   * Counts one duration; what is not a number of seconds from 0 up counts as 0. `traceId`: of a trace
   * that is kept, to be shown beside the bucket.
   */
  add(seconds: number, label?: string, traceId?: string): void {
    const value = Number.isNaN(seconds) ? 0 : Math.max(seconds, 0);
    const slot = this.#slots.of(label);
    let bucket = 0;
    while (bucket < this.#bounds.length && value > (this.#bounds[bucket] ?? 0)) bucket += 1;
    const place = slot * (this.#bounds.length + 1) + bucket;
    this.#counts[place] = (this.#counts[place] ?? 0) + 1;
    this.#sums[slot] = (this.#sums[slot] ?? 0) + value;
    if (traceId !== undefined)
      this.#exemplars.set(place, { traceId, value, at: Date.now() / 1000 });
  }

  /** By the bucket as the text format names it, the exemplar as OpenMetrics writes it. */
  exemplars(): readonly (readonly [bucket: string, exemplar: string])[] {
    const perSlot = this.#bounds.length + 1;
    return [...this.#exemplars].map(([place, { at, traceId, value }]) => {
      const labels = Object.entries(this.#slots.labels[Math.floor(place / perSlot)] ?? {});
      const le = this.#bounds[place % perSlot] ?? "+Inf";
      const named = [...labels, ["le", le]].map(([name, of]) => `${name}="${of}"`).join(",");
      return [
        `${this.#name}_bucket{${named}}`,
        `# {trace_id="${traceId}"} ${value} ${at.toFixed(3)}`,
      ];
    });
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
