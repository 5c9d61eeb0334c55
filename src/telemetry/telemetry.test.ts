import assert from "node:assert/strict";
import { test } from "node:test";
import { readMetrics } from "../../test/support/read-metrics.ts";
import { createTelemetry, type Telemetry } from "./index.ts";

const scrape = async (telemetry: Telemetry) => readMetrics(await telemetry.metrics());

function tested(claim: string, run: (telemetry: Telemetry) => Promise<void>): void {
  test(claim, async () => {
    const telemetry = createTelemetry({ version: "1.2.3", revision: "abc" });
    try {
      await run(telemetry);
    } finally {
      telemetry.close();
    }
  });
}

tested(
  "OpenMetrics names families of counters without their suffix, and ends",
  async (telemetry) => {
    telemetry.exchange.ended("evaluated", "complete");
    const text = await telemetry.openMetrics();
    assert.match(text, /^# TYPE chancery_exchanges counter$/m);
    assert.match(text, /^# HELP chancery_exchanges Exchanges/m);
    assert.match(text, /^chancery_exchanges_total\{result="evaluated"\} 1$/m);
    assert.match(text, /^# TYPE chancery_decision_seconds histogram$/m);
    assert.ok(!text.includes("\n\n"));
    assert.ok(text.endsWith("\n# EOF\n"));
    const { value } = await scrape(telemetry);
    assert.equal(value('chancery_exchanges_total{result="evaluated"}'), 1);
  },
);

tested("a bucket shows the last trace that is kept, in OpenMetrics alone", async (telemetry) => {
  const [first, last] = ["a".repeat(32), "b".repeat(32)];
  telemetry.exchange.decided("request", "allow", 300, first);
  telemetry.exchange.decided("request", "allow", 400, last);
  telemetry.exchange.decided("request", "allow", 400);
  telemetry.transport.messageSeconds("trailers", 60, first);
  const text = await telemetry.openMetrics();
  const exemplars = text.split("\n").filter((line) => line.includes(" # "));
  assert.deepEqual(
    exemplars.map((line) => line.replace(/ \d+\.\d{3}$/, " TIME")),
    [
      `chancery_decision_seconds_bucket{point="request",le="0.0005"} 3 # {trace_id="${last}"} 0.0004 TIME`,
      `chancery_message_seconds_bucket{event="trailers",le="+Inf"} 1 # {trace_id="${first}"} 60 TIME`,
    ],
  );
  assert.doesNotMatch(await telemetry.metrics(), /trace_id/);
});

tested("a rollback is counted by who went back", async (telemetry) => {
  telemetry.policy.rolledBack("health");
  const { value } = await scrape(telemetry);
  assert.equal(value('chancery_policy_rollbacks_total{trigger="health"}'), 1);
  assert.equal(value('chancery_policy_rollbacks_total{trigger="operator"}'), 0);
});

tested("what exchanges count is scraped", async (telemetry) => {
  const { exchange } = telemetry;
  exchange.decided("request", "deny", 300);
  exchange.decided("request", "deny", 60_000);
  exchange.detected("rules", 700);
  exchange.enforced("refuse", "applied");
  exchange.redacted("pii.email", "ok");
  exchange.redacted("pii", "ok", 3);
  exchange.faulted("json_too_deep", "closed");
  exchange.bypassed("route");
  exchange.ended("evaluated", "refused");
  exchange.ended("bypassed");
  exchange.held(4096);
  const { value } = await scrape(telemetry);
  assert.equal(value('chancery_decisions_total{point="request",verdict="deny"}'), 2);
  assert.equal(value('chancery_decisions_total{point="response",verdict="allow"}'), 0);
  assert.equal(value('chancery_decision_seconds_bucket{point="request",le="0.00025"}'), 0);
  assert.equal(value('chancery_decision_seconds_bucket{point="request",le="0.0005"}'), 1);
  assert.equal(value('chancery_decision_seconds_bucket{point="request",le="0.05"}'), 1);
  assert.equal(value('chancery_decision_seconds_bucket{point="request",le="+Inf"}'), 2);
  assert.equal(value('chancery_decision_seconds_count{point="request"}'), 2);
  assert.equal(value('chancery_decision_seconds_sum{point="request"}'), 0.0603);
  assert.equal(value('chancery_detect_seconds_bucket{detector="rules",le="0.001"}'), 1);
  assert.equal(value('chancery_detect_seconds_bucket{detector="rules",le="0.0005"}'), 0);
  assert.equal(value('chancery_enforcement_total{effect="refuse",result="applied"}'), 1);
  assert.equal(value('chancery_redactions_total{class="pii",result="ok"}'), 4);
  assert.equal(value('chancery_faults_total{code="json_too_deep",answer="closed"}'), 1);
  assert.equal(value('chancery_limits_hit_total{limit="json_depth"}'), 1);
  assert.equal(value('chancery_bypass_total{reason="route"}'), 1);
  assert.equal(value('chancery_exchanges_total{result="evaluated"}'), 1);
  assert.equal(value('chancery_streams_total{end="refused"}'), 1);
  assert.equal(value("chancery_buffered_bytes"), 4096);
});

tested("what the transport and the log count is scraped", async (telemetry) => {
  const { transport, log } = telemetry;
  transport.sessionOpened();
  transport.sessionOpened();
  transport.sessionClosed("peer");
  transport.streamOpened();
  transport.streamOpened();
  transport.streamEnded();
  transport.wireError("malformed");
  transport.messageSeconds("response_body", 0.05);
  log.recorded("decision");
  log.written(3, 0.0002);
  log.undone(2, "disk_full");
  log.truncated(["findings", "rules"]);
  const { value } = await scrape(telemetry);
  assert.equal(value("chancery_sessions_active"), 1);
  assert.equal(value('chancery_sessions_closed_total{reason="peer"}'), 1);
  assert.equal(value("chancery_streams_active"), 1);
  assert.equal(value('chancery_wire_errors_total{kind="malformed"}'), 1);
  assert.equal(value('chancery_message_seconds_bucket{event="response_body",le="0.05"}'), 1);
  assert.equal(value('chancery_message_seconds_bucket{event="response_body",le="0.025"}'), 0);
  assert.equal(value('chancery_audit_records_total{kind="decision"}'), 1);
  assert.equal(value('chancery_audit_write_seconds_bucket{le="0.00025"}'), 1);
  assert.equal(value("chancery_audit_write_seconds_count"), 1);
  assert.equal(value('chancery_audit_lost_total{reason="disk_full"}'), 2);
  assert.equal(value('chancery_audit_incomplete_total{field="rules"}'), 1);
  assert.equal(value('chancery_audit_incomplete_total{field="findings"}'), 1);
  assert.equal(value('chancery_audit_incomplete_total{field="facts"}'), 0);
});

tested("a bound that is a fault counts once, whoever saw it", async (telemetry) => {
  telemetry.transport.limitHit("message_bytes");
  telemetry.exchange.faulted("message_too_large", "closed");
  telemetry.transport.limitHit("stream_resets");
  const { value } = await scrape(telemetry);
  assert.equal(value('chancery_limits_hit_total{limit="message_bytes"}'), 1);
  assert.equal(value('chancery_limits_hit_total{limit="stream_resets"}'), 1);
});

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

tested("a scrape shows the layers that serve at that moment", async (telemetry) => {
  const { policy } = telemetry;
  const confirmedAtMs = Date.now() - 5_000;
  let layers = [{ id: "old", version: "1.0.0", digest, confirmedAtMs }];
  policy.readFrom(() => ({ layers, problems: { error: 1, warning: 2 } }));
  await telemetry.metrics();
  layers = [
    { id: "platform", version: "4.2.0", digest, confirmedAtMs },
    { id: "acme", version: "", digest, confirmedAtMs: Date.now() + 60_000 },
  ];
  policy.loaded("platform", "active");
  policy.loaded("acme", "bad_compile");
  const { families, value } = await scrape(telemetry);
  const info = families.get("chancery_policy_info");
  assert.deepEqual(
    [...(info?.samples.keys() ?? [])],
    [
      'chancery_policy_info{layer="platform",version="4.2.0",digest="0123456789ab"}',
      'chancery_policy_info{layer="acme",version="",digest="0123456789ab"}',
    ],
  );
  const ages = families.get("chancery_policy_age_seconds")?.samples;
  assert.equal(ages?.size, 2);
  assert.ok((ages.get('chancery_policy_age_seconds{layer="platform"}') ?? 0) >= 5);
  assert.equal(ages.get('chancery_policy_age_seconds{layer="acme"}'), 0);
  assert.equal(value('chancery_policy_loads_total{layer="platform",result="active"}'), 1);
  assert.equal(value('chancery_policy_loads_total{layer="acme",result="bad_compile"}'), 1);
  assert.equal(value('chancery_policy_conflicts{severity="error"}'), 1);
  assert.equal(value('chancery_policy_conflicts{severity="warning"}'), 2);
});

tested(
  "a tenant beyond the first hundred layers is other, as old as the oldest",
  async (telemetry) => {
    const { policy } = telemetry;
    const now = Date.now();
    const layers = Array.from({ length: 150 }, (_, index) => ({
      id: `tenant-${index}`,
      digest,
      confirmedAtMs: now - index * 1_000,
    }));
    policy.readFrom(() => ({ layers, problems: { error: 0, warning: 0 } }));
    for (const { id } of layers) policy.loaded(id, "active");
    const { families, value } = await scrape(telemetry);
    assert.equal(families.get("chancery_policy_info")?.samples.size, 100);
    assert.equal(families.get("chancery_policy_age_seconds")?.samples.size, 101);
    assert.ok((value('chancery_policy_age_seconds{layer="other"}') ?? 0) >= 149);
    assert.equal(value('chancery_policy_loads_total{layer="other",result="active"}'), 50);
  },
);

tested("names from policy cannot break the text or make series without end", async (telemetry) => {
  const { exchange } = telemetry;
  exchange.redacted('odd"\n\\', "ok");
  for (let index = 0; index < 3_000; index += 1) exchange.redacted(`c${index}`, "ok");
  const { families, value } = await scrape(telemetry);
  assert.ok((families.get("chancery_redactions_total")?.samples.size ?? 0) <= 2_001);
  assert.equal(value('chancery_redactions_total{class="other",result="ok"}'), 1_002);
  assert.equal(value('chancery_metric_overflow_total{metric="chancery_redactions_total"}'), 1_002);
});

tested("a duration that makes no sense counts as none and spoils no sum", async (telemetry) => {
  telemetry.transport.messageSeconds("trailers", Number.NaN);
  telemetry.transport.messageSeconds("trailers", -1);
  const { value } = await scrape(telemetry);
  assert.equal(value('chancery_message_seconds_sum{event="trailers"}'), 0);
  assert.equal(value('chancery_message_seconds_count{event="trailers"}'), 2);
});

tested("the build says what is running", async (telemetry) => {
  const { value } = await scrape(telemetry);
  const node = process.versions.node;
  assert.equal(value(`chancery_build_info{version="1.2.3",revision="abc",node="${node}"}`), 1);
});
