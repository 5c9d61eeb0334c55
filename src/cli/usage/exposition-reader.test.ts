import assert from "node:assert/strict";
import { test } from "node:test";
import { createTelemetry } from "../../telemetry/index.ts";
import { UsageError } from "../usage-error.ts";
import { ExpositionReader } from "./exposition-reader.ts";

function usageIn(text: string, writtenMs = 5_000_000) {
  const reader = new ExpositionReader("metrics");
  for (const line of text.split("\n")) reader.read(line);
  return reader.usage(writtenMs);
}

test("what a server says is understood, in both formats", async () => {
  const telemetry = createTelemetry({ version: "1.2.3" });
  try {
    const rules = ["p/a/hit", "p/a/idle"];
    telemetry.rules.loaded(rules.map((name) => ({ name, layer: "global", effect: "deny" })));
    for (const id of ["p/a/hit", "p/a/gone"]) {
      telemetry.rules.matched({ id, layer: "global", effect: "deny", match: "T" });
    }
    const nowMs = Date.now();
    for (const text of [await telemetry.metrics(), await telemetry.openMetrics()]) {
      const { fromMs, untilMs, lastUses, listed } = usageIn(text, nowMs);
      // The start of a process is told in whole seconds, to the nearest.
      assert.ok(fromMs <= nowMs + 1000 && nowMs - fromMs < 3_600_000);
      assert.equal(untilMs, nowMs);
      assert.deepEqual([...lastUses], [["p/a/hit", nowMs]]);
      assert.deepEqual([...(listed ?? [])], rules);
    }
  } finally {
    telemetry.close();
  }
});

test("of several processes in one text the one that began last says how long is covered", () => {
  const text = [
    'process_start_time_seconds{instance="a"} 3000',
    'chancery_rule_hits_total{instance="a",rule="p/a/r"} 0 4000000',
    'process_start_time_seconds{instance="b"} 1000',
    'chancery_rule_hits_total{instance="b",rule="p/a/r"} 2 4000000',
    'chancery_rule_hits_total{instance="b",rule="other"} 7 4000000',
  ];
  const { fromMs, lastUses, listed } = usageIn(text.join("\n"));
  assert.equal(fromMs, 3_000_000);
  assert.deepEqual([...lastUses.keys()], ["p/a/r"]);
  assert.deepEqual([...(listed ?? [])], ["p/a/r"]);
});

test("a text that does not say since when it counts is none", () => {
  assert.throws(() => usageIn('chancery_rule_hits_total{rule="p/a/r"} 0'), UsageError);
  assert.throws(() => usageIn("process_start_time_seconds soon"), UsageError);
});
