import assert from "node:assert/strict";
import { test } from "node:test";
import { Registry } from "prom-client";
import { readMetrics } from "../../test/support/read-metrics.ts";
import { MetricSet } from "./metric-set.ts";

test("what is asked for when scraped has a ceiling of series too, and it is told", async () => {
  const registry = new Registry();
  const metrics = new MetricSet(registry);
  const many = Array.from({ length: 2_100 }, (_, index) => String(index));
  metrics.gaugeOf("chancery_some", "Some.", {
    names: ["one", "two"],
    read: () => many.map((value) => [[value, "x"], 1] as const),
  });
  metrics.counterOf("chancery_more_total", "More.", {
    name: "one",
    read: () => many.map((value) => [value, 2] as const),
  });
  const { families, value } = readMetrics(await registry.metrics());
  assert.equal(families.get("chancery_some")?.samples.size, 2_000);
  assert.equal(value('chancery_some{one="0",two="x"}'), 1);
  assert.equal(families.get("chancery_more_total")?.samples.size, 2_000);
  const scraped = readMetrics(await registry.metrics());
  for (const metric of ["chancery_some", "chancery_more_total"]) {
    const overflow = scraped.value(`chancery_metric_overflow_total{metric="${metric}"}`) ?? 0;
    assert.ok(overflow >= 100, `${metric} says so`);
  }
});
