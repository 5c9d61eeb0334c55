import { Gauge } from "prom-client";
import type { MetricSet } from "./metric-set.ts";

const loadResults = [
  "active",
  "unchanged",
  "bad_signature",
  "bad_schema",
  "bad_compile",
  "bad_tests",
] as const;
type PolicyLoadResult = (typeof loadResults)[number];

/** A layer of the serving snapshot, as `PolicyVersions` has it. */
interface ServingLayer {
  readonly id: string;
  readonly version?: string;
  /** `sha256:` and hex. */
  readonly digest: string;
  /** When it was last known to be the newest, in milliseconds since 1970. */
  readonly confirmedAtMs: number;
}

/** What serves, and what is wrong with what was found. */
interface PolicyReading {
  readonly layers: readonly ServingLayer[];
  /** Problems of the set that was found last. */
  readonly problems: { readonly error: number; readonly warning: number };
}

/** What policies count. */
export interface PolicyMetrics {
  /** From now on a scrape asks here what serves. */
  readFrom(read: () => PolicyReading): void;
  /** One attempt to load a layer; `active` and `unchanged` say that it is as new as can be. */
  loaded(layer: string, result: PolicyLoadResult): void;
}

/** Hex digits of a digest that are enough to tell versions apart in a label. */
const digestDigits = 12;

/** Names of layers that are labels of their own; a tenant beyond them is `other`. */
const layersMax = 100;
const otherLayer = "other";

/** `nowMs` is the time in milliseconds since 1970. */
export function createPolicyMetrics(metrics: MetricSet, nowMs: () => number): PolicyMetrics {
  const known = new Set<string>();
  const labelOf = (layer: string) => {
    if (known.size < layersMax) known.add(layer);
    return known.has(layer) ? layer : otherLayer;
  };
  let read = (): PolicyReading => ({ layers: [], problems: { error: 0, warning: 0 } });
  const loads = metrics.counter(
    "chancery_policy_loads_total",
    "Attempts to load policies.",
    { name: "layer" },
    { name: "result", values: loadResults },
  );
  const gauge = (name: string, help: string, labelNames: string[], fill: (to: Gauge) => void) =>
    new Gauge({
      ...{ name, help, labelNames, registers: [metrics.registry] },
      collect() {
        this.reset();
        fill(this);
      },
    });
  gauge(
    "chancery_policy_info",
    "The layers of the serving policy snapshot.",
    ["layer", "version", "digest"],
    (info) => {
      for (const { digest, id, version = "" } of read().layers) {
        const layer = labelOf(id);
        const short = digest.replace(/^sha256:/, "").slice(0, digestDigits);
        if (layer !== otherLayer) info.set({ layer, version, digest: short }, 1);
      }
    },
  );
  gauge(
    "chancery_policy_age_seconds",
    "Time since a layer was last known to be the newest; under other the oldest of the rest.",
    ["layer"],
    (age) => {
      const oldest = new Map<string, number>();
      for (const { confirmedAtMs, id } of read().layers) {
        const layer = labelOf(id);
        oldest.set(layer, Math.min(oldest.get(layer) ?? confirmedAtMs, confirmedAtMs));
      }
      // A wall clock that was set back must not make anything come from the future.
      for (const [layer, at] of oldest) age.set({ layer }, Math.max(0, nowMs() - at) / 1000);
    },
  );
  gauge(
    "chancery_policy_conflicts",
    "Problems of the policies that were found last.",
    ["severity"],
    (conflicts) => {
      const { error, warning } = read().problems;
      conflicts.set({ severity: "error" }, error);
      conflicts.set({ severity: "warning" }, warning);
    },
  );
  return {
    readFrom(reader) {
      read = reader;
    },
    loaded: (layer, result) => loads.add(labelOf(layer), result),
  };
}
