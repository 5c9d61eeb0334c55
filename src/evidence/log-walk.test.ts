import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LogBuilder } from "../../test/support/log-builder.ts";
import { MemoryFiles } from "../../test/support/memory-files.ts";
import { formatCheckpoint, signNote } from "../signing/index.ts";
import { LineReader, LogWalk, type Step } from "./index.ts";

const log = new LogBuilder().open().exchanges(3);
const other = new LogBuilder(`${log.origin}2`).open().exchanges(3);
const [key = "", open = "", decision = ""] = log.records;

/** What each of these lines turns out to be, and the walk that took them. */
function walk(lines: readonly string[]): { steps: readonly Step[]; walked: LogWalk } {
  const files = new MemoryFiles();
  files.put("lines", lines.map((line) => `${line}\n`).join(""));
  const reader = new LineReader(files, "lines");
  const walked = new LogWalk({ origin: log.origin });
  const steps: Step[] = [];
  while (reader.next()) steps.push(walked.take(reader));
  return { steps, walked };
}

function lastStep(...lines: readonly string[]): Step | undefined {
  return walk(lines).steps.at(-1);
}

/** A checkpoint line of the first two records, with a valid signature whatever it says. */
function checkpointLine(
  change: { origin?: string; size?: number; root?: Uint8Array } = {},
): string {
  const root = walk([key, open]).walked.range.root();
  const text = formatCheckpoint({ origin: log.origin, size: 2, root, ...change });
  return JSON.stringify({ checkpoint: signNote(text, [log.signer]) });
}

describe("a walk", () => {
  test("takes records in order, and checkpoints of what it took", () => {
    const { steps, walked } = walk([key, open, checkpointLine(), decision]);
    assert.deepEqual(steps, ["record", "record", "checkpoint", "record"]);
    assert.equal(walked.size, 3);
    assert.equal(walked.checkpoint?.size, 2);
  });

  test("takes no record out of its place or of another log", () => {
    assert.equal(lastStep(open), "line_misplaced");
    assert.equal(lastStep(key, decision), "line_misplaced");
    assert.equal(lastStep(key, key), "line_misplaced");
    assert.equal(lastStep(other.records[0] ?? ""), "line_misplaced");
  });

  test("takes no checkpoint of another log, size or root, and none twice, however well signed", () => {
    assert.equal(lastStep(key, open, checkpointLine()), "checkpoint");
    for (const change of [{ origin: other.origin }, { size: 3 }, { size: 1 }]) {
      assert.equal(lastStep(key, open, checkpointLine(change)), "checkpoint_differs");
    }
    const root = Buffer.alloc(32);
    assert.equal(lastStep(key, open, checkpointLine({ root })), "checkpoint_differs");
    assert.equal(lastStep(key, open, checkpointLine(), checkpointLine()), "checkpoint_differs");
  });

  test("takes no line that is not in its one form, and stays where it was", () => {
    const lax = ["", "{}", ` ${key}`, `${key} `, checkpointLine().replace(":", ": ")];
    const more = checkpointLine().replace("}", ',"more":1}');
    for (const line of [...lax, more, '{"checkpoint":1}', '{"checkpoint":"a"}']) {
      const { steps, walked } = walk([key, line, open]);
      assert.deepEqual(steps, ["record", "line_not_canonical", "record"], line);
      assert.equal(walked.size, 2);
    }
  });
});
