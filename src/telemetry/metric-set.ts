import { Counter, Gauge, type Registry } from "prom-client";
import type { LabelDefinition } from "./label-slots.ts";
import { SlotCounter } from "./slot-counter.ts";
import { SlotHistogram } from "./slot-histogram.ts";

/** Values of a label, each with its count. */
type Series = Iterable<readonly [string, number]>;

/** Makes the metrics of one registry, each by its name in audit-and-operations 6. */
export class MetricSet {
  readonly registry: Registry;
  readonly #overflow: Counter;

  constructor(registry: Registry) {
    this.registry = registry;
    this.#overflow = new Counter({
      name: "chancery_metric_overflow_total",
      help: "Values counted as other because a metric had all the series it may have.",
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
    return new SlotHistogram({ registry, name, help, buckets, ...(label && { label }) });
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

  /** A counter whose series, each with its count, are asked for when scraped. */
  counterOf(
    name: string,
    help: string,
    label: { readonly name: string; readonly read: () => Series | Promise<Series> },
  ): void {
    new Counter({
      name,
      help,
      labelNames: [label.name],
      registers: [this.registry],
      async collect() {
        const series = await label.read();
        this.reset();
        for (const [value, count] of series) this.inc({ [label.name]: value }, count);
      },
    });
  }
}
