import assert from "node:assert/strict";
import { test } from "node:test";
import { readMetrics } from "../../test/support/read-metrics.ts";
import { createTelemetry } from "./index.ts";

/** The table of audit-and-operations 6: each metric there is, with its type and labels. */
const present: Readonly<Record<string, readonly [type: string, ...labels: string[]]>> = {
  exchanges_total: ["counter", "result"],
  decisions_total: ["counter", "point", "verdict"],
  decision_seconds: ["histogram", "point"],
  message_seconds: ["histogram", "event"],
  detect_seconds: ["histogram", "detector"],
  rule_matches_total: ["counter", "layer", "effect"],
  rule_hits_total: ["counter", "rule"],
  enforcement_total: ["counter", "effect", "result"],
  redactions_total: ["counter", "class", "result"],
  faults_total: ["counter", "code", "answer"],
  bypass_total: ["counter", "reason"],
  shadow_changes_total: ["counter", "change"],
  policy_info: ["gauge", "layer", "version", "digest"],
  policy_age_seconds: ["gauge", "layer"],
  policy_loads_total: ["counter", "layer", "result"],
  policy_rollbacks_total: ["counter", "trigger"],
  policy_conflicts: ["gauge", "severity"],
  feedback_total: ["counter", "kind"],
  leaks_total: ["counter", "surface", "class"],
  drift_score: ["gauge", "signal"],
  drift_alerts_total: ["counter", "signal"],
  audit_records_total: ["counter", "kind"],
  audit_incomplete_total: ["counter", "field"],
  audit_lost_total: ["counter", "reason"],
  audit_write_seconds: ["histogram"],
  audit_commit_seconds: ["histogram"],
  audit_commit_records: ["histogram"],
  audit_unsigned_records: ["gauge"],
  audit_checkpoint_age_seconds: ["gauge"],
  audit_anchor_age_seconds: ["gauge", "anchor"],
  audit_anchor_failures_total: ["counter", "anchor"],
  audit_recoveries_total: ["counter", "result"],
  audit_disk_free_ratio: ["gauge"],
  sink_lag_records: ["gauge", "sink"],
  sink_lag_seconds: ["gauge", "sink"],
  sink_sent_total: ["counter", "sink"],
  sink_errors_total: ["counter", "sink", "reason"],
  signing_key_age_seconds: ["gauge"],
  streams_active: ["gauge"],
  sessions_active: ["gauge"],
  buffered_bytes: ["gauge"],
  streams_total: ["counter", "end"],
  sessions_closed_total: ["counter", "reason"],
  wire_errors_total: ["counter", "kind"],
  limits_hit_total: ["counter", "limit"],
  event_loop_lag_seconds: ["histogram"],
  event_loop_utilization: ["gauge"],
  tokens_total: ["counter", "direction", "provider"],
  quota_refusals_total: ["counter", "unit"],
  build_info: ["gauge", "version", "node", "revision"],
};

/** The rest of the table, by the part that moves them: none of these parts exists yet. */
const awaited: Readonly<Record<string, readonly string[]>> = {
  "worker processes": ["policy_skew", "worker_restarts_total"],
  "admission under overload": ["overload_level", "inflight_limit", "shed_total"],
};

/** Of section 6 as well, in its text. */
const beyondTheTable: typeof present = {
  metric_overflow_total: ["counter", "metric"],
  // The table has the time of classifiers, and nothing for what goes wrong with them.
  classifier_faults_total: ["counter", "classifier", "fault"],
  // Nor has it the cache of findings.
  detect_cache_lookups_total: ["counter", "result"],
  detect_cache_bytes: ["gauge"],
};

test("the metrics are those of the table, but for parts that do not exist yet", async () => {
  const telemetry = createTelemetry({ version: "1.2.3" });
  try {
    const { families } = readMetrics(await telemetry.metrics());
    const ours = [...families.keys()].filter((name) => name.startsWith("chancery_"));
    const expected = Object.entries({ ...present, ...beyondTheTable });
    assert.deepEqual(ours.sort(), expected.map(([name]) => `chancery_${name}`).sort());
    for (const [name, [type]] of expected) {
      assert.equal(families.get(`chancery_${name}`)?.type, type, name);
    }
    for (const name of Object.values(awaited).flat()) assert.ok(!(name in present), name);
    assert.ok(families.has("process_cpu_user_seconds_total"));
    assert.ok(families.has("nodejs_heap_size_used_bytes"));
    assert.equal(telemetry.contentType, "text/plain; version=0.0.4; charset=utf-8");
  } finally {
    telemetry.close();
  }
});

test("each metric has the labels of the table, in every series", async () => {
  const drift = { windowSeconds: 0, referenceSeconds: 0, exchangesMin: 1, alertScore: 1 };
  const telemetry = createTelemetry({ version: "1.2.3", drift });
  try {
    for (let exchange = 0; exchange < 3; exchange += 1) {
      telemetry.drift.observed("acme", { side: "request", findings: [] });
    }
    telemetry.policy.loaded("platform", "active");
    telemetry.policy.readFrom(() => ({
      layers: [{ id: "platform", version: "1.0.0", digest: "sha256:00", confirmedAtMs: 0 }],
      problems: { error: 0, warning: 0 },
    }));
    telemetry.exchange.redacted("pii.email", "ok");
    telemetry.tokens.loaded(["cloud"]);
    telemetry.disk.readFrom(import.meta.dirname);
    telemetry.sinks.sent("siem", 1);
    telemetry.sinks.failed("siem", "away", 1);
    telemetry.sinks.readFrom(() => [{ name: "siem", lagRecords: 0, lagSeconds: 0 }]);
    telemetry.log.anchorFailed("w1");
    telemetry.log.readFrom(() => ({
      unsignedRecords: 0,
      checkpointAgeSeconds: 0,
      keyAgeSeconds: 0,
      anchorAgeSeconds: new Map([["w1", undefined]]),
    }));
    const { families } = readMetrics(await telemetry.metrics());
    for (const [name, [, ...labels]] of Object.entries(present)) {
      const samples = [...(families.get(`chancery_${name}`)?.samples.keys() ?? [])];
      assert.ok(samples.length > 0, `${name} has a series`);
      for (const sample of samples) {
        const found = [...sample.matchAll(/[{,]([a-z]+)="/g)].map(([, label = ""]) => label);
        assert.deepEqual(found.filter((label) => label !== "le").sort(), labels.toSorted(), sample);
      }
    }
  } finally {
    telemetry.close();
  }
});
