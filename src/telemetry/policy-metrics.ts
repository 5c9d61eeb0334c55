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

const rollbackTriggers = ["operator", "health"] as const;

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
  /** An operator put a version back that served before, or the guards of a ramp did. */
  rolledBack(trigger: (typeof rollbackTriggers)[number]): void;
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
  metrics.gaugeOf("chancery_policy_info", "The layers of the serving policy snapshot.", {
    names: ["layer", "version", "digest"],
    *read() {
      for (const { digest, id, version = "" } of read().layers) {
        const layer = labelOf(id);
        const short = digest.replace(/^sha256:/, "").slice(0, digestDigits);
        if (layer !== otherLayer) yield [[layer, version, short], 1];
      }
    },
  });
  metrics.gaugeOf(
    "chancery_policy_age_seconds",
    "Time since a layer was last known to be the newest; under other the oldest of the rest.",
    {
      names: ["layer"],
      *read() {
        const oldest = new Map<string, number>();
        for (const { confirmedAtMs, id } of read().layers) {
          const layer = labelOf(id);
          oldest.set(layer, Math.min(oldest.get(layer) ?? confirmedAtMs, confirmedAtMs));
        }
        // A wall clock that was set back must not make anything come from the future.
        for (const [layer, at] of oldest) yield [[layer], Math.max(0, nowMs() - at) / 1000];
      },
    },
  );
  metrics.gaugeOf("chancery_policy_conflicts", "Problems of the policies that were found last.", {
    names: ["severity"],
    *read() {
      const { error, warning } = read().problems;
      yield [["error"], error];
      yield [["warning"], warning];
    },
  });
  const rollbacks = metrics.counter(
    "chancery_policy_rollbacks_total",
    "Returns to rules that served before, by who went back.",
    { name: "trigger", values: rollbackTriggers },
  );
  return {
    readFrom(reader) {
      read = reader;
    },
    loaded(layer, result) {
      const label = labelOf(layer);
      // All of them at once, so that none is a series without a past when it is counted first.
      for (const possible of loadResults) loads.slotOf(label, possible);
      loads.add(label, result);
    },
    rolledBack: (trigger) => rollbacks.add(trigger),
  };
}
