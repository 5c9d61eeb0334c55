import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createUuidV7 } from "../../src/base/index.ts";
import { findLogs, verifyLogs } from "../../src/evidence/index.ts";
import { createDiskFiles } from "../../src/log/disk-files.ts";
import { openRecordLog, type RecordLog, type RecordLogOptions } from "../../src/log/index.ts";
import { parseVerifierKey, readNoteSigner } from "../../src/signing/index.ts";
import type { Cleanup } from "./chancery-process.ts";
import { FakeClock } from "./fake-clock.ts";

/** A folder for the logs of a test, under a clock that the test moves. */
export interface LogStage {
  readonly stateDir: string;
  readonly clock: FakeClock;
  /** Opens the log of the next free slot. */
  open(options?: Partial<RecordLogOptions>): Promise<RecordLog>;
}

export function setLogStage(t: Cleanup): LogStage {
  const stateDir = mkdtempSync(join(tmpdir(), "log-stage-"));
  t.after(() => rmSync(stateDir, { recursive: true, force: true }));
  const clock = new FakeClock();
  const createId = createUuidV7(
    () => clock.nowMicros(),
    (bytes) => bytes.fill(7),
  );
  return {
    stateDir,
    clock,
    open: (options = {}) =>
      openRecordLog({
        ...{ stateDir, origin: "gov.acme.example/eu1", clock, timers: clock, createId },
        readFreeRatio: () => Promise.resolve(undefined),
        ...options,
      }),
  };
}

/** Waits for what the disk or the network brings about; fails where it does not come. */
export async function until(isThere: () => boolean): Promise<void> {
  for (let round = 0; round < 5_000 && !isThere(); round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  assert.ok(isThere());
}

let exchanges = 0;

/** Appends a decision without closing, and gives its `seq`. */
export function appendDecision(
  log: Pick<RecordLog, "append">,
  role: { readonly exchange?: string; readonly mayBeLate?: boolean; readonly text?: string } = {},
): number | undefined {
  exchanges += 1;
  const exchange =
    role.exchange ?? `01a1fd1e-9060-7266-9625-${String(exchanges).padStart(12, "0")}`;
  const { mayBeLate = false, text } = role;
  return log.append(
    ({ at, id, late, log: origin, seq }) =>
      `{"at":"${at}","exchange":"${exchange}","id":"${id}","kind":"decision",${late === true ? '"late":true,' : ""}"log":"${origin}","seq":${seq},${text === undefined ? "" : `"text":"${text}",`}"v":1}`,
    { kind: "decision", exchange, isOpening: true, mayBeLate },
  );
}

/** Appends the closing of an exchange. */
export function appendClosing(
  log: Pick<RecordLog, "append">,
  exchange: string,
): number | undefined {
  return log.append(
    ({ at, id, late, log: origin, seq }) =>
      `{"at":"${at}","exchange":"${exchange}","id":"${id}","kind":"closing",${late === true ? '"late":true,' : ""}"log":"${origin}","seq":${seq},"v":1}`,
    { kind: "closing", exchange, mayBeLate: true },
  );
}

/** The folder of a log below a state directory. */
export function folderOf(stateDir: string, { origin }: Pick<RecordLog, "origin">): string {
  return join(stateDir, "log", ...origin.split("/").slice(-2));
}

/** All lines of a log, checkpoint lines too. */
export function readLines(folder: string): readonly string[] {
  const names = readdirSync(join(folder, "segments")).filter((name) => name.endsWith(".jsonl"));
  const texts = names.sort().map((name) => readFileSync(join(folder, "segments", name), "utf8"));
  return texts.join("").split("\n").slice(0, -1);
}

/** One record as it was written. */
export type LogRecord = { readonly kind: string; readonly seq: number } & Readonly<
  Record<string, unknown>
>;

/** All records of a log; what stands behind the last line feed is none. */
export function readLogRecords(folder: string): readonly LogRecord[] {
  return readLines(folder)
    .map((line) => JSON.parse(line) as LogRecord)
    .filter(({ kind }) => kind !== undefined);
}

/** The verifier key of a log without root. */
export function keyOf(stateDir: string, { origin }: Pick<RecordLog, "origin">): string {
  const [slot, id] = origin.split("/").slice(-2);
  const pem = readFileSync(join(stateDir, "keys", "log", `${slot}-${id}.pem`), "utf8");
  return readNoteSigner(origin, pem)?.verifierKey ?? "";
}

/** What an auditor finds in all logs below a state directory, who trusts these verifier keys. */
export function audit(stateDir: string, keys: readonly string[], allowTail = false) {
  const logs = findLogs(createDiskFiles(join(stateDir, "log")));
  const trusted = keys.flatMap((key) => parseVerifierKey(key) ?? []);
  return verifyLogs({ logs, trusted, allowTail });
}
