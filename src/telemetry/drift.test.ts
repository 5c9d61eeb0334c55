import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readMetrics } from "../../test/support/read-metrics.ts";
import { DriftSeries, type DriftSettings, type DriftSignal } from "./drift-series.ts";
import { createTelemetry } from "./index.ts";

const settings: DriftSettings = {
  windowSeconds: 100,
  referenceSeconds: 300,
  exchangesMin: 200,
  alertScore: 0.25,
};

const email = (confidencePct: number) => [{ class: "pii.email", confidencePct }];
const nothing: readonly never[] = [];

/** A series, and the alerts it gave. */
function openSeries() {
  const alerts: DriftSignal[] = [];
  const series = new DriftSeries(settings, 0, (signal) => alerts.push(signal));
  let now = 0;
  return {
    alerts,
    series,
    /** A window of requests; so many of each hundred hold an address. */
    window({ exchanges = 400, withEmail = 50, confidencePct = 95, seconds = 100 } = {}) {
      for (let exchange = 0; exchange < exchanges; exchange += 1) {
        const findings = exchange % 100 < withEmail ? email(confidencePct) : nothing;
        series.observed({ side: "request", findings }, now + (exchange * seconds) / exchanges);
      }
      now += seconds;
    },
  };
}

describe("drift", () => {
  it("is not there while traffic is as it was", () => {
    const { alerts, series, window } = openSeries();
    for (let count = 0; count < 8; count += 1) window();
    assert.ok((series.scores.class_mix ?? 1) < 0.01);
    assert.ok((series.scores.confidence ?? 1) < 0.01);
    assert.deepEqual(alerts, []);
  });

  it("is told once for a window that holds something else, and again for the way back", () => {
    const { alerts, series, window } = openSeries();
    for (let count = 0; count < 6; count += 1) window();
    window({ withEmail: 2 });
    window();
    assert.ok((series.scores.class_mix ?? 0) > 0.25);
    assert.deepEqual(alerts, ["class_mix"]);
  });

  it("of confidence is told where as much is found, but less surely", () => {
    const { alerts, series, window } = openSeries();
    for (let count = 0; count < 6; count += 1) window();
    window({ confidencePct: 45 });
    window();
    assert.ok((series.scores.class_mix ?? 1) < 0.01);
    assert.ok((series.scores.confidence ?? 0) > 0.25);
    assert.deepEqual(alerts, ["confidence"]);
  });

  it("gives no alert before it has seen a whole reference", () => {
    const { alerts, series, window } = openSeries();
    window();
    window({ withEmail: 2 });
    window();
    assert.ok((series.scores.class_mix ?? 0) > 0.25);
    assert.deepEqual(alerts, []);
  });

  it("waits for enough exchanges before it closes a window", () => {
    const { series, window } = openSeries();
    for (let count = 0; count < 6; count += 1) window({ exchanges: 30 });
    assert.equal(series.scores.class_mix, undefined);
  });

  it("forgets what is older than the reference, and so gets used to a change", () => {
    const { series, window } = openSeries();
    for (let count = 0; count < 6; count += 1) window();
    for (let count = 0; count < 8; count += 1) window({ withEmail: 2 });
    assert.ok((series.scores.class_mix ?? 1) < 0.01);
  });

  it("says nothing of confidences where too little was found", () => {
    const { series, window } = openSeries();
    for (let count = 0; count < 6; count += 1) window({ withEmail: 1 });
    assert.ok((series.scores.class_mix ?? 1) < 0.01);
    assert.equal(series.scores.confidence, undefined);
  });
});

describe("metrics of drift", () => {
  it("show the highest score of any tenant, and never a tenant", async () => {
    const drift = { windowSeconds: 0, referenceSeconds: 0, exchangesMin: 100, alertScore: 0.25 };
    const telemetry = createTelemetry({ version: "1.2.3", drift });
    const window = (tenant: string, findings: ReturnType<typeof email>) => {
      for (let exchange = 0; exchange < 100; exchange += 1) {
        telemetry.drift.observed(tenant, { side: "request", findings });
      }
    };
    try {
      for (let tenant = 0; tenant < 9; tenant += 1) window(`calm-${tenant}`, []);
      window("changing", []);
      for (let tenant = 0; tenant < 9; tenant += 1) window(`calm-${tenant}`, []);
      window("changing", email(95));
      for (let tenant = 0; tenant < 9; tenant += 1) window(`calm-${tenant}`, []);
      window("changing", email(95));
      const text = await telemetry.metrics();
      const metrics = readMetrics(text);
      assert.ok((metrics.value('chancery_drift_score{signal="tenant_class_mix"}') ?? 0) > 0.25);
      assert.ok((metrics.value('chancery_drift_score{signal="class_mix"}') ?? 1) < 0.25);
      assert.equal(metrics.value('chancery_drift_alerts_total{signal="tenant_class_mix"}'), 1);
      assert.ok(!text.includes("changing"));
      const { tenants } = telemetry.drift.status() as { tenants: { tenant: string }[] };
      assert.equal(tenants[0]?.tenant, "changing");
    } finally {
      telemetry.close();
    }
  });

  it("watch a hundred tenants one by one, and no more", () => {
    const telemetry = createTelemetry({ version: "1.2.3" });
    for (let tenant = 0; tenant < 150; tenant += 1) {
      telemetry.drift.observed(`${tenant}`, { side: "request", findings: [] });
    }
    telemetry.close();
    const { tenantsTotal, tenants } = telemetry.drift.status() as {
      tenantsTotal: number;
      tenants: readonly unknown[];
    };
    assert.deepEqual([tenantsTotal, tenants.length], [100, 20]);
  });
});
