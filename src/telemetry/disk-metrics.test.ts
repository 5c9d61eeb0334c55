import assert from "node:assert/strict";
import { test } from "node:test";
import { Registry } from "prom-client";
import { readMetrics } from "../../test/support/read-metrics.ts";
import { createDiskMetrics, type DiskReading } from "./disk-metrics.ts";
import { MetricSet } from "./metric-set.ts";

function setUp() {
  const registry = new Registry();
  const asked: string[] = [];
  const disk = {
    seconds: 100,
    answer: async (): ReturnType<DiskReading["statfs"]> => ({ blocks: 1_000, bavail: 250 }),
  };
  const metrics = createDiskMetrics(new MetricSet(registry), {
    statfs(path) {
      asked.push(path);
      return disk.answer();
    },
    monotonicSeconds: () => disk.seconds,
  });
  const ratio = async () =>
    readMetrics(await registry.metrics()).value("chancery_audit_disk_free_ratio");
  return { asked, disk, metrics, ratio };
}

test("no folder, no number", async () => {
  const { asked, ratio } = setUp();
  assert.equal(await ratio(), undefined);
  assert.deepEqual(asked, []);
});

test("the free share of the folder's disk is asked for when scraped, once in five seconds", async () => {
  const { asked, disk, metrics, ratio } = setUp();
  metrics.readFrom("/state");
  assert.deepEqual(asked, []);
  assert.deepEqual(await Promise.all([ratio(), ratio()]), [0.25, 0.25]);
  disk.answer = async () => ({ blocks: 1_000, bavail: 20 });
  disk.seconds += 4.9;
  assert.equal(await ratio(), 0.25);
  assert.deepEqual(asked, ["/state"]);
  disk.seconds += 0.2;
  assert.equal(await ratio(), 0.02);
});

test("a disk that cannot be asked shows no number, and comes back", async () => {
  const { disk, metrics, ratio } = setUp();
  metrics.readFrom("/state");
  disk.answer = () => Promise.reject(new Error("EIO"));
  assert.equal(await ratio(), undefined);
  disk.seconds += 5;
  disk.answer = async () => ({ blocks: 0, bavail: 0 });
  assert.equal(await ratio(), undefined);
  disk.seconds += 5;
  disk.answer = async () => ({ blocks: 10, bavail: 9 });
  assert.equal(await ratio(), 0.9);
});
