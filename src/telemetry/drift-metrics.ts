import {
  type DriftSample,
  type DriftScores,
  DriftSeries,
  type DriftSettings,
  type DriftSignal,
  driftSignals,
} from "./drift-series.ts";
import type { MetricSet } from "./metric-set.ts";

/** Tenants watched one by one (audit-and-operations 6); the rest only with all traffic. */
const tenantsMax = 100;

/** Tenants shown to people. */
const tenantsShownMax = 20;

const signals = [...driftSignals, ...driftSignals.map((signal) => `tenant_${signal}` as const)];

/** Watches whether what is found changes, in all traffic and in that of each tenant. */
export interface DriftMetrics {
  /** What one side of an exchange was found to hold. */
  observed(tenant: string | undefined, sample: DriftSample): void;
  /** The scores of all traffic, and those of the tenants that changed most. */
  status(): object;
}

/**
 * `monotonicSeconds` is the time of a clock that only goes forward. A tenant is never a label: as
 * `tenant_class_mix` and `tenant_confidence` the highest score of any is shown, and `status` names it.
 */
export function createDriftMetrics(
  metrics: MetricSet,
  settings: DriftSettings,
  monotonicSeconds: () => number,
): DriftMetrics {
  const alerts = metrics.counter(
    "chancery_drift_alerts_total",
    "Windows in which what was found was not what was found before.",
    { name: "signal", values: signals },
  );
  const open = (prefix: "" | "tenant_") =>
    new DriftSeries(settings, monotonicSeconds(), (signal) => alerts.add(`${prefix}${signal}`));
  const all = open("");
  const tenants = new Map<string, DriftSeries>();
  metrics.gaugeOf(
    "chancery_drift_score",
    "Population stability index of the last whole window; for tenants the highest of any.",
    {
      names: ["signal"],
      *read() {
        for (const signal of driftSignals) {
          const score = all.scores[signal];
          if (score !== undefined) yield [[signal], score];
          const highest = highestOf(tenants.values(), signal);
          if (highest !== undefined) yield [[`tenant_${signal}`], highest];
        }
      },
    },
  );
  return {
    observed(tenant, sample) {
      const now = monotonicSeconds();
      all.observed(sample, now);
      if (tenant === undefined) return;
      let series = tenants.get(tenant);
      if (series === undefined) {
        if (tenants.size >= tenantsMax) return;
        series = open("tenant_");
        tenants.set(tenant, series);
      }
      series.observed(sample, now);
    },
    status: () => ({
      all: rounded(all.scores),
      tenants: [...tenants]
        .map(([tenant, { scores }]) => ({ tenant, ...rounded(scores) }))
        .sort((a, b) => worst(b) - worst(a))
        .slice(0, tenantsShownMax),
      tenantsTotal: tenants.size,
    }),
  };
}

function highestOf(series: Iterable<DriftSeries>, signal: DriftSignal): number | undefined {
  let highest: number | undefined;
  for (const { scores } of series) {
    const score = scores[signal];
    if (score !== undefined && (highest === undefined || score > highest)) highest = score;
  }
  return highest;
}

interface ShownScores {
  readonly classMix: number | null;
  readonly confidence: number | null;
}

/** In thousandths; null: too little was seen to tell. */
function rounded(scores: DriftScores): ShownScores {
  const show = (score: number | undefined) =>
    score === undefined ? null : Math.round(score * 1000) / 1000;
  return { classMix: show(scores.class_mix), confidence: show(scores.confidence) };
}

function worst({ classMix, confidence }: ShownScores): number {
  return Math.max(classMix ?? 0, confidence ?? 0);
}
