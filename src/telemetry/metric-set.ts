import { Counter, Gauge, type Registry } from "prom-client";
import type { LabelDefinition } from "./label-slots.ts";
import { SlotCounter } from "./slot-counter.ts";
import { SlotHistogram } from "./slot-histogram.ts";

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

  /** A gauge without labels, read when scraped. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }
}
