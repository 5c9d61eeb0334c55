import type { Usage } from "../domain/index.ts";
import type { MetricSet } from "./metric-set.ts";

/** As a record names them: what the model read, and what it wrote. */
const directions = ["in", "out"] as const;

/** What answers took, as their providers counted it. */
export interface TokenMetrics {
  /** These are the providers of the catalogs; each is shown from now on. */
  loaded(providers: readonly string[]): void;
  /** The tokens of one answer. `provider` is a name of the catalog, never of traffic. */
  counted(provider: string | undefined, usage: Usage): void;
}

export function createTokenMetrics(metrics: MetricSet): TokenMetrics {
  const tokens = metrics.counter(
    "chancery_tokens_total",
    "Tokens of answers, as their providers counted them.",
    { name: "direction", values: directions },
    { name: "provider" },
  );
  return {
    loaded(providers) {
      for (const provider of providers) {
        for (const direction of directions) tokens.slotOf(direction, provider);
      }
    },
    counted(provider = "other", usage) {
      for (const direction of directions) {
        const amount = usage[direction];
        if (amount !== undefined) tokens.add(direction, provider, amount);
      }
    },
  };
}
