import assert from "node:assert/strict";
import { test } from "node:test";
import { Registry } from "prom-client";
import { readMetrics } from "../../test/support/read-metrics.ts";
import { MetricSet } from "./metric-set.ts";
import { createRuleMetrics } from "./rule-metrics.ts";

function setUp() {
  const registry = new Registry();
  const rules = createRuleMetrics(new MetricSet(registry));
  return {
    rules,
    hit: (id: string, times = 1) => {
      for (let time = 0; time < times; time += 1) {
        rules.matched({ id, layer: "global", effect: "deny", match: "T" });
      }
    },
    hits: async () => {
      const { families } = readMetrics(await registry.metrics());
      const samples = families.get("chancery_rule_hits_total")?.samples ?? new Map();
      const named = [...samples].map(([sample, value]) => [/rule="(.*)"/.exec(sample)?.[1], value]);
      return Object.fromEntries(named) as Record<string, number>;
    },
    value: async (sample: string) => readMetrics(await registry.metrics()).value(sample),
  };
}

const named = (...names: readonly string[]) =>
  names.map((name) => ({ name, layer: "global", effect: "deny" }) as const);

const many = (count: number) =>
  named(...Array.from({ length: count }, (_, index) => `acme/many/r${index}`));

test("each loaded rule is shown before it ever matched, so that stale ones are seen", async () => {
  const { hits, rules } = setUp();
  rules.loaded(named("platform/base/a", "platform/base/b"));
  assert.deepEqual(await hits(), { "platform/base/a": 0, "platform/base/b": 0, other: 0 });
});

test("a rule counts once per decision, by name and by layer and effect", async () => {
  const { hits, rules, value } = setUp();
  rules.loaded([{ name: "acme/app/note", layer: "app", effect: "warn" }]);
  rules.matched({ id: "acme/app/note", layer: "app", effect: "warn", match: "T" });
  rules.matched({ id: "acme/app/note", layer: "app", effect: "warn", match: "E" });
  assert.equal((await hits())["acme/app/note"], 2);
  assert.equal(await value('chancery_rule_matches_total{layer="app",effect="warn"}'), 2);
  assert.equal(await value('chancery_rule_matches_total{layer="global",effect="deny"}'), 0);
});

test("the first 500 in load order have a series, and the rest is other", async () => {
  const { hit, hits, rules, value } = setUp();
  rules.loaded(many(502));
  hit("acme/many/r499", 2);
  hit("acme/many/r500", 3);
  hit("acme/many/r501", 4);
  const found = await hits();
  assert.equal(Object.keys(found).length, 501);
  assert.equal(found["acme/many/r499"], 2);
  assert.equal(found["other"], 7);
  assert.equal(await value('chancery_rule_matches_total{layer="global",effect="deny"}'), 9);
});

test("a reload lets a rule go on counting where it was, wherever it stands now", async () => {
  const { hit, hits, rules } = setUp();
  rules.loaded(named("p/a/one", "p/a/two"));
  hit("p/a/one", 1);
  hit("p/a/two", 2);
  rules.loaded(named("p/a/new", "p/a/two", "p/a/one"));
  hit("p/a/two", 5);
  hit("p/a/new", 3);
  assert.deepEqual(await hits(), { "p/a/one": 1, "p/a/two": 7, "p/a/new": 3, other: 0 });
});

test("a rule that has a series does not lose it to rules that come before it", async () => {
  const { hit, hits, rules } = setUp();
  rules.loaded(named("z/last/rule"));
  hit("z/last/rule", 4);
  rules.loaded([...many(600), ...named("z/last/rule")]);
  hit("z/last/rule");
  hit("acme/many/r498", 2);
  hit("acme/many/r499", 3);
  const found = await hits();
  assert.equal(found["z/last/rule"], 5);
  assert.equal(found["acme/many/r498"], 2);
  assert.equal(found["other"], 3);
});

test("a rule that is gone is shown no more; exchanges that still meet it count as other", async () => {
  const { hit, hits, rules } = setUp();
  rules.loaded(named("p/a/kept", "p/a/gone"));
  hit("p/a/gone", 8);
  rules.loaded(named("p/a/kept"));
  hit("p/a/gone");
  assert.deepEqual(await hits(), { "p/a/kept": 0, other: 1 });
  rules.loaded(named("p/a/kept"));
  assert.deepEqual(await hits(), { "p/a/kept": 0, other: 1 });
});
