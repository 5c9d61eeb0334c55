import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, test } from "node:test";
import {
  audit,
  folderOf,
  keyOf,
  readLogRecords,
  setLogStage,
} from "../../test/support/log-stage.ts";

let stateDir: string;
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "process-end-"));
});
afterEach(() => rmSync(stateDir, { recursive: true }));

/**
 * Opens a log and says its origin; from then on says after each turn which seq is written, and each
 * time the durable mark moves how far it is. Every second exchange stays open.
 */
const writer = `
  import { randomFillSync } from "node:crypto";
  import { openRecordLog } from ${JSON.stringify(import.meta.resolve("./index.ts"))};
  import { createUuidV7 } from ${JSON.stringify(import.meta.resolve("../base/index.ts"))};
  const clock = { nowMicros: () => Date.now() * 1000, monotonicMicros: () => performance.now() * 1000 };
  const timers = { after: (ms, run) => { const timer = setTimeout(run, ms); return { cancel: () => clearTimeout(timer), restart() {} }; } };
  const createId = createUuidV7(() => clock.nowMicros(), randomFillSync);
  const log = await openRecordLog({ stateDir: process.argv[1], origin: "h", clock, timers, createId });
  process.stdout.write(log.origin + "\\n");
  log.onDurable(({ checkpoint }) => process.stdout.write("durable " + checkpoint.size + "\\n"));
  const append = (kind, exchange) =>
    log.append(
      ({ at, id, log: origin, seq }) =>
        JSON.stringify({ at, exchange, id, kind, log: origin, seq, text: "x".repeat(seq % 2000 + 1), v: 1 }),
      { kind, exchange, isOpening: kind === "decision", mayBeLate: false },
    );
  const turn = () => {
    for (let count = 0; count < 7; count += 1) {
      const exchange = createId();
      append("decision", exchange);
      if (count % 2 === 0) append("closing", exchange);
    }
    log.commit();
    process.stdout.write(log.nextSeq - 1 + "\\n");
    setImmediate(turn);
  };
  turn();
`;

function startWriter(): ChildProcess {
  return spawn(process.execPath, ["--input-type=module", "--eval", writer, stateDir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** Reads what the writer says until it said `lines` lines, then kills it. */
async function killAfter(child: ChildProcess, lines: number): Promise<readonly string[]> {
  assert.ok(child.stdout);
  const exited = once(child, "exit");
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (said.length === lines) child.kill("SIGKILL");
  }
  await exited;
  return said;
}

test("thirty processes killed in a row lose nothing that was told, and leave one good log", async () => {
  let origin = "";
  for (let kill = 0; kill < 30; kill += 1) {
    const [name = "", ...said] = await killAfter(startWriter(), 2 + kill * 3);
    if (origin !== "") assert.equal(name, origin, "the log is gone on with");
    origin = name;
    const records = readLogRecords(folderOf(stateDir, { origin }));
    const written = Math.max(0, ...said.map(Number).filter((seq) => !Number.isNaN(seq)));
    for (const [seq, record] of records.entries()) assert.equal(record.seq, seq);
    assert.ok(records.length > written, `every seq that was told is there after kill ${kill}`);
  }
  const last = await killAfter(startWriter(), 3);
  assert.equal(last[0], origin);
  const report = audit(stateDir, [keyOf(stateDir, { origin })], true);
  assert.deepEqual(report.logs[0]?.problems, []);
  assert.ok((report.logs[0]?.kinds["open"] ?? 0) >= 31);
});

test("a living process keeps its slot and a dead one does not", async (t) => {
  const stage = setLogStage(t);
  const child = startWriter();
  assert.ok(child.stdout);
  const [origin] = await once(createInterface({ input: child.stdout }), "line");
  assert.match(String(origin), /^h\/0\//);

  const beside = await stage.open({ stateDir, origin: "h" });
  assert.match(beside.origin, /^h\/1\//);
  await beside.close();

  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
  const after = await stage.open({ stateDir, origin: "h" });
  assert.equal(after.origin, origin, "its log is taken up");
  await after.close();
});
