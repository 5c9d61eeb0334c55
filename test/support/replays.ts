import assert from "node:assert/strict";
import { join } from "node:path";
import type { PolicyFile } from "../../src/policy/index.ts";
import {
  type ReplayableRecord,
  type VersionSource,
  Versions,
  verifyRecords,
} from "../../src/replay/index.ts";
import { VersionStore } from "../../src/stores/index.ts";
import { readRecords } from "./envoy-stage.ts";
import type { WrittenRecord } from "./exchange-stage.ts";

/** The policies of a test as a store of versions has them. */
export function sourceOf(files: readonly PolicyFile[]): VersionSource {
  return {
    layer: (namespace) => Promise.resolve(files.filter((one) => one.namespace === namespace)),
    killSwitch: () => Promise.resolve(undefined),
  };
}

/** Records as they would be read from a log. */
export async function* asLog(records: readonly WrittenRecord[]): AsyncGenerator<ReplayableRecord> {
  let seq = 0;
  for (const json of records) {
    yield { kind: json.kind, log: "test", seq, json };
    seq += 1;
  }
}

/** Decides all that a server recorded again, by the versions it kept; nothing differs. */
export async function assertStateReplays(stateDir: string): Promise<void> {
  const versions = new Versions(new VersionStore(join(stateDir, "snapshots")), "0.0.0");
  const records = await readRecords(stateDir);
  const report = await verifyRecords(asLog(records), versions);
  assert.deepEqual(report.differences, []);
}

/** Decides records again by these policies; nothing differs. Gives how many were decided. */
export async function assertReplays(
  records: readonly WrittenRecord[],
  files: readonly PolicyFile[],
): Promise<number> {
  const report = await verifyRecords(asLog(records), new Versions(sourceOf(files), "0.0.0"));
  assert.deepEqual(report.differences, []);
  return report.same;
}
