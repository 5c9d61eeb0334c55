import assert from "node:assert/strict";
import { test } from "node:test";
import { Registry } from "prom-client";
import { readMetrics } from "../../test/support/read-metrics.ts";
import { MetricSet } from "./metric-set.ts";
import { createTokenMetrics } from "./token-metrics.ts";

test("tokens add up by direction and provider, and providers are there from the start", async () => {
  const registry = new Registry();
  const tokens = createTokenMetrics(new MetricSet(registry));
  tokens.loaded(["cloud", "local"]);
  tokens.counted("cloud", { in: 12, out: 3 });
  tokens.counted("cloud", { in: 8 });
  tokens.counted(undefined, { out: 1 });
  const { families } = readMetrics(await registry.metrics());
  assert.deepEqual(Object.fromEntries(families.get("chancery_tokens_total")?.samples ?? []), {
    'chancery_tokens_total{direction="in",provider="cloud"}': 20,
    'chancery_tokens_total{direction="out",provider="cloud"}': 3,
    'chancery_tokens_total{direction="in",provider="local"}': 0,
    'chancery_tokens_total{direction="out",provider="local"}': 0,
    'chancery_tokens_total{direction="out",provider="other"}': 1,
  });
});
