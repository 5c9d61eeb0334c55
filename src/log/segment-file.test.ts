import assert from "node:assert/strict";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Fault } from "../base/index.ts";
import { openRecordLog } from "./index.ts";
import { createDiskSegment, DiskSegment } from "./segment-file.ts";

function inFolder(run: (folder: string) => void | Promise<void>) {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), "segment-"));
    try {
      await run(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
}

const clock = { nowMicros: () => 0, monotonicMicros: () => 0 };

test(
  "a segment appends, cuts back and appends again",
  inFolder((folder) => {
    const path = join(folder, "s");
    const segment = createDiskSegment(path);
    assert.equal(segment.write(Buffer.from("one\ntwo\n")), 8);
    segment.cut(4);
    segment.write(Buffer.from("three\n"));
    segment.sync();
    segment.close();
    assert.equal(readFileSync(path, "utf8"), "one\nthree\n");
  }),
);

test(
  "a segment never opens a file that is there",
  inFolder((folder) => {
    const path = join(folder, "s");
    writeFileSync(path, "other");
    assert.throws(() => createDiskSegment(path), /EEXIST/);
  }),
);

test(
  "what a real descriptor refuses is a fault that names the reason, and the turn is undone",
  inFolder(async (folder) => {
    const path = join(folder, "s");
    writeFileSync(path, "");
    for (const [descriptor, code] of [
      [openSync(path, "r"), "EBADF"],
      [openSync("/dev/full", "a"), "ENOSPC"],
    ] as const) {
      const log = await openRecordLog({
        stateDir: folder,
        origin: "h",
        clock,
        createId: () => "id",
        createSegment: () => new DiskSegment(descriptor),
      });
      log.append(() => "lost");
      assert.throws(
        () => log.commit(),
        (error) => error instanceof Fault && String(error.cause).includes(code),
      );
      assert.equal(log.isWritable, false);
      assert.equal(log.nextSeq, 0);
      closeSync(descriptor);
    }
    assert.equal(readFileSync(path, "utf8"), "");
  }),
);
