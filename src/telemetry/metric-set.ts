import { Counter, Gauge, type Registry } from "prom-client";
import { type LabelDefinition, seriesMax } from "./label-slots.ts";
import { SlotCounter } from "./slot-counter.ts";
import { SlotHistogram } from "./slot-histogram.ts";

/** Values of a label, each with its count. */
type Series = Iterable<readonly [string, number]>;

/** Label values in the order of the names, each with what is measured. */
type LabelledSeries = Iterable<readonly [values: readonly string[], value: number]>;

/** Makes the metrics of one registry, each by its name in audit-and-operations 6. */
export class MetricSet {
  readonly registry: Registry;
  readonly #overflow: Counter;
  readonly #histograms: SlotHistogram[] = [];

  constructor(registry: Registry) {
    this.registry = registry;
    this.#overflow = new Counter({
      name: "chancery_metric_overflow_total",
      help: "Values counted as other, or not shown, because a metric had all the series it may have.",
      labelNames: ["metric"],
      registers: [registry],
    });
  }

  counter(name: string, help: string, ...labels: readonly LabelDefinition[]): SlotCounter {
    const onOverflow = (metric: string) => this.#overflow.inc({ metric });
    return new SlotCounter({ registry: this.registry, name, help, labels, onOverflow });
  }

  histogram(
    name: string,
    help: string,
    buckets: readonly number[],
    label?: Required<LabelDefinition>,
  ): SlotHistogram {
    const { registry } = this;
    const histogram = new SlotHistogram({ registry, name, help, buckets, ...(label && { label }) });
    this.#histograms.push(histogram);
    return histogram;
  }

  /** By the bucket as the text format names it, the exemplar it has in OpenMetrics. */
  exemplars(): ReadonlyMap<string, string> {
    return new Map(this.#histograms.flatMap((histogram) => histogram.exemplars()));
  }

  /** A gauge without labels, read when scraped; not shown while it has no value. */
  gauge(name: string, help: string, read: () => number | undefined | Promise<number | undefined>) {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      async collect() {
        const value = await read();
        if (value === undefined) this.remove();
        else this.set(value);
      },
    });
  }

  /** A gauge whose series are asked for when scraped; those beyond the ceiling are not shown. */
  gaugeOf(
    name: string,
    help: string,
    labels: { readonly names: readonly string[]; readonly read: () => LabelledSeries },
  ): void {
    const bounded = (series: LabelledSeries) => this.#bounded(name, series);
    new Gauge({
      name,
      help,
      labelNames: [...labels.names],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [values, value] of bounded(labels.read())) {
          this.set(
            Object.fromEntries(labels.names.map((label, index) => [label, values[index] ?? ""])),
            value,
          );
        }
      },
    });
  }

  /** A counter whose series, each with its count, are asked for when scraped, as `gaugeOf`. */
  counterOf(
    name: string,
    help: string,
    label: { readonly name: string; readonly read: () => Series | Promise<Series> },
  ): void {
    const bounded = (series: Series) => this.#bounded(name, series);
    new Counter({
      name,
      help,
      labelNames: [label.name],
      registers: [this.registry],
      async collect() {
        const series = await label.read();
        this.reset();
        for (const [value, count] of bounded(series)) this.inc({ [label.name]: value }, count);
      },
    });
  }

  *#bounded<T>(metric: string, series: Iterable<T>): Iterable<T> {
    let shown = 0;
    for (const one of series) {
      shown += 1;
      if (shown > seriesMax) this.#overflow.inc({ metric });
      else yield one;
    }
  }
}
