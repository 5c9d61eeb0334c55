import { Gauge } from "prom-client";
import { seriesMax } from "./label-slots.ts";
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

/** A layer of the active snapshot, as `PolicyVersions` has it. */
interface ActiveLayer {
  readonly id: string;
  readonly version?: string;
  /** `sha256:` and hex. */
  readonly digest: string;
}

/** What loading policies counts. */
export interface PolicyMetrics {
  /** These layers serve from now on, instead of those before; each is new as of now. */
  activated(layers: readonly ActiveLayer[]): void;
  /** One attempt to load a layer; `active` and `unchanged` say that it is as new as can be. */
  loaded(layer: string, result: PolicyLoadResult): void;
}

/** Hex digits of a digest that are enough to tell versions apart in a label. */
const digestDigits = 12;

/** `monotonicSeconds` never goes back. */
export function createPolicyMetrics(
  metrics: MetricSet,
  monotonicSeconds: () => number,
): PolicyMetrics {
  const confirmedAt = new Map<string, number>();
  const loads = metrics.counter(
    "chancery_policy_loads_total",
    "Attempts to load policies.",
    { name: "layer" },
    { name: "result", values: loadResults },
  );
  const info = new Gauge({
    name: "chancery_policy_info",
    help: "The layers of the active policy snapshot.",
    labelNames: ["layer", "version", "digest"],
    registers: [metrics.registry],
  });
  new Gauge({
    name: "chancery_policy_age_seconds",
    help: "Time since a layer was last known to be the newest.",
    labelNames: ["layer"],
    registers: [metrics.registry],
    collect() {
      this.reset();
      const now = monotonicSeconds();
      for (const [layer, at] of confirmedAt) this.set({ layer }, now - at);
    },
  });
  return {
    activated(layers) {
      info.reset();
      confirmedAt.clear();
      for (const { id, version, digest } of layers.slice(0, seriesMax)) {
        const short = digest.replace(/^sha256:/, "").slice(0, digestDigits);
        info.set({ layer: id, version: version ?? "", digest: short }, 1);
        confirmedAt.set(id, monotonicSeconds());
      }
    },
    loaded(layer, result) {
      loads.add(layer, result);
      const isNewest = result === "active" || result === "unchanged";
      if (isNewest && confirmedAt.has(layer)) confirmedAt.set(layer, monotonicSeconds());
    },
  };
}
