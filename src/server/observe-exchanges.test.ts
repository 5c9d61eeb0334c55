import assert from "node:assert/strict";
import { test } from "node:test";
import { readMetrics } from "../../test/support/read-metrics.ts";
import type { DecisionRecord } from "../record/index.ts";
import { createTelemetry } from "../telemetry/index.ts";
import { observeExchanges } from "./observe-exchanges.ts";

const decision: DecisionRecord = {
  exchange: "01a1fd1e-9060-7266-9625-1b601630ea14",
  point: "request",
  outcome: "permit",
  verdict: "allow",
  model: { requested: "large", used: "large-1", provider: "cloud" },
  mode: "enforce",
  fallback: "none",
  retainDays: 400,
  timeUs: { total: 10 },
};
const denied = { ...decision, outcome: "deny", verdict: "deny", final: true } as const;

async function countsOf(
  run: (observer: ReturnType<typeof observeExchanges>) => void,
  family: string,
): Promise<Record<string, number>> {
  const telemetry = createTelemetry({ version: "0.0.0" });
  try {
    run(observeExchanges(telemetry));
    const samples = readMetrics(await telemetry.metrics()).families.get(family)?.samples ?? [];
    return Object.fromEntries(
      [...samples].flatMap(([sample, count]) =>
        count === 0 ? [] : [[sample.replace(/^[a-z_]+/, ""), count]],
      ),
    );
  } finally {
    telemetry.close();
  }
}

const enforcement = "chancery_enforcement_total";

test("each effect of a permit counts as what was done", async () => {
  const applied = {
    redactions: "ok",
    headers: "ok",
    params: "ok",
    body: "ok",
    spans: 1,
  } as const;
  const counts = await countsOf((observer) => {
    observer.decided({ ...decision, applied });
    observer.decided({ ...decision, applied: { redactions: "none", spans: 0 } });
  }, enforcement);
  assert.deepEqual(counts, {
    '{effect="route",result="applied"}': 2,
    '{effect="redact",result="applied"}': 1,
    '{effect="redact",result="not_needed"}': 1,
    '{effect="headers",result="applied"}': 1,
    '{effect="params",result="applied"}': 1,
    '{effect="body",result="applied"}': 1,
  });
});

test("a deny counts as carried out only where the exchange ended by it", async () => {
  const counts = await countsOf((observer) => {
    observer.decided({ ...denied, end: "refused" });
    observer.decided({ ...denied, end: "server_error" });
    observer.closed({ ...denied, point: "response", end: "cut" });
    // An app that is only watched goes on.
    observer.decided({ ...denied, final: undefined, mode: "observe" });
  }, enforcement);
  assert.deepEqual(counts, {
    '{effect="refuse",result="applied"}': 2,
    '{effect="refuse",result="failed"}': 1,
    '{effect="refuse",result="not_needed"}': 1,
  });
});

test("an effect that could not be carried out counts as failed, unless nothing was to be changed", async () => {
  const run = (observer: ReturnType<typeof observeExchanges>) => {
    observer.faulted("redaction_impossible", "closed");
    observer.faulted("redaction_impossible", "open");
    observer.faulted("obligation_impossible", "closed");
    observer.faulted("json_invalid", "closed");
  };
  assert.deepEqual(await countsOf(run, enforcement), {
    '{effect="redact",result="failed"}': 1,
    '{effect="body",result="failed"}': 1,
  });
  assert.deepEqual(await countsOf(run, "chancery_redactions_total"), {
    '{class="other",result="failed"}': 1,
  });
  assert.deepEqual(await countsOf(run, "chancery_faults_total"), {
    '{code="redaction_impossible",answer="closed"}': 1,
    '{code="redaction_impossible",answer="open"}': 1,
    '{code="obligation_impossible",answer="closed"}': 1,
    '{code="json_invalid",answer="closed"}': 1,
  });
});
