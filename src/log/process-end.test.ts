import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, test } from "node:test";
import { openRecordLog } from "./index.ts";

let stateDir: string;
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "process-end-"));
});
afterEach(() => rmSync(stateDir, { recursive: true }));

const clock = {
  nowMicros: () => Date.now() * 1000,
  monotonicMicros: () => performance.now() * 1000,
};

/** Opens a log, says its origin, then says after each commit which seq is written. */
const writer = `
  import { openRecordLog } from ${JSON.stringify(import.meta.resolve("./index.ts"))};
  const clock = { nowMicros: () => Date.now() * 1000, monotonicMicros: () => performance.now() * 1000 };
  const log = await openRecordLog({ stateDir: process.argv[1], origin: "h", clock, createId: () => "id" });
  process.stdout.write(log.origin + "\\n");
  const turn = () => {
    for (let count = 0; count < 7; count += 1) log.append(({ seq }) => JSON.stringify({ seq, text: "x".repeat(seq % 2000) }));
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

test("what was committed outlives kill -9, whole and in order", async () => {
  for (const lines of [20, 60]) {
    const [origin = "", ...seqs] = await killAfter(startWriter(), lines);
    const folder = join(stateDir, "log", origin.replace(/^h\//, ""), "segments");
    const text = readdirSync(folder)
      .sort()
      .map((name) => readFileSync(join(folder, name), "utf8"))
      .join("");
    // The kernel may have been stopped within the write that nobody was told of.
    const whole = text.slice(0, text.lastIndexOf("\n")).split("\n");
    for (const [seq, line] of whole.entries()) assert.equal(JSON.parse(line).seq, seq);
    assert.ok(whole.length > Number(seqs.at(-1)), "every seq that was told is there");
  }
});

test("a living process keeps its slot and a dead one does not", async () => {
  const child = startWriter();
  assert.ok(child.stdout);
  const [origin] = await once(createInterface({ input: child.stdout }), "line");
  assert.match(String(origin), /^h\/0\//);

  const beside = await openRecordLog({ stateDir, origin: "h", clock, createId: () => "id" });
  assert.match(beside.origin, /^h\/1\//);
  await beside.close();

  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
  const after = await openRecordLog({ stateDir, origin: "h", clock, createId: () => "id" });
  assert.match(after.origin, /^h\/0\//);
  await after.close();
});
