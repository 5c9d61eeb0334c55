import type { MetricSet } from "./metric-set.ts";

/** What a cache of findings has done so far, and what it holds. */
interface CacheReading {
  readonly hits: number;
  readonly misses: number;
  readonly bytes: number;
}

/** How often texts were known already, and what knowing them takes. */
export interface FindingsCacheMetrics {
  /** From now on a scrape asks here. */
  readFrom(read: () => CacheReading): void;
}

export function createFindingsCacheMetrics(metrics: MetricSet): FindingsCacheMetrics {
  let read = (): CacheReading => ({ hits: 0, misses: 0, bytes: 0 });
  metrics.counterOf(
    "chancery_detect_cache_lookups_total",
    "Lookups of texts among those that were scanned before, by whether they were there.",
    {
      name: "result",
      *read() {
        const { hits, misses } = read();
        yield ["hit", hits];
        yield ["miss", misses];
      },
    },
  );
  metrics.gauge(
    "chancery_detect_cache_bytes",
    "Memory that kept findings take, as estimated.",
    () => read().bytes,
  );
  return {
    readFrom(reader) {
      read = reader;
    },
  };
}
