import assert from "node:assert/strict";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { appendDecision, setLogStage } from "../../test/support/log-stage.ts";
import { Fault } from "../base/index.ts";
import { DiskSegment, localDisk, type SegmentFile } from "./segment-file.ts";

test("a segment appends, cuts back and appends again", async (t) => {
  const path = join(setLogStage(t).stateDir, "s");
  const segment = localDisk.create(path);
  assert.equal(segment.write(Buffer.from("one\ntwo\n")), 8);
  segment.cut(4);
  segment.write(Buffer.from("three\n"));
  segment.syncNow();
  // Closing waits for a sync that is under way.
  const synced = segment.sync();
  segment.close();
  await synced;
  assert.equal(readFileSync(path, "utf8"), "one\nthree\n");
});

test("a segment is made only where no file is, and gone on with behind what is there", (t) => {
  const path = join(setLogStage(t).stateDir, "s");
  writeFileSync(path, "other\n");
  assert.throws(() => localDisk.create(path), /EEXIST/);
  const segment = localDisk.reopen(path);
  segment.write(Buffer.from("more\n"));
  segment.close();
  assert.equal(readFileSync(path, "utf8"), "other\nmore\n");
});

test("what a real descriptor refuses is a fault that names the reason, and the turn is undone", async (t) => {
  const stage = setLogStage(t);
  const path = join(stage.stateDir, "s");
  writeFileSync(path, "");
  for (const [descriptor, code] of [
    [openSync(path, "r"), "EBADF"],
    [openSync("/dev/full", "a"), "ENOSPC"],
  ] as const) {
    let isOpen = false;
    const bad = new DiskSegment(descriptor);
    // The log itself is opened on a disk that takes it.
    const spoil = (file: SegmentFile): SegmentFile => ({
      write: (bytes) => (isOpen ? bad.write(bytes) : file.write(bytes)),
      cut: (length) => file.cut(length),
      sync: () => file.sync(),
      syncNow: () => file.syncNow(),
      close: () => file.close(),
    });
    const log = await stage.open({
      disk: {
        create: (name) => spoil(localDisk.create(name)),
        reopen: (name) => spoil(localDisk.reopen(name)),
      },
    });
    const { nextSeq } = log;
    isOpen = true;
    appendDecision(log);
    assert.throws(
      () => log.commit(),
      (error) => error instanceof Fault && String(error.cause).includes(code),
    );
    assert.equal(log.isWritable, false);
    assert.equal(log.nextSeq, nextSeq);
    isOpen = false;
    await log.close();
    closeSync(descriptor);
  }
  assert.equal(readFileSync(path, "utf8"), "");
});
