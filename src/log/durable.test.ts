import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { appendDecision, folderOf, setLogStage, until } from "../../test/support/log-stage.ts";
import type { Anchor } from "./index.ts";
import { localDisk, type SegmentFile } from "./segment-file.ts";

/** A disk whose syncs come back when the test says so. */
class SlowDisk {
  readonly syncs: (() => void)[] = [];
  isSlow = false;

  readonly create = (path: string) => this.#slow(localDisk.create(path));
  readonly reopen = (path: string) => this.#slow(localDisk.reopen(path));

  #slow(file: SegmentFile): SegmentFile {
    return {
      write: (bytes) => file.write(bytes),
      cut: (length) => file.cut(length),
      sync: () => (this.isSlow ? new Promise((resolve) => this.syncs.push(resolve)) : file.sync()),
      syncNow: () => file.syncNow(),
      close: () => file.close(),
    };
  }
}

test("nobody outside knows of a checkpoint before the disk has it", async (t) => {
  const stage = setLogStage(t);
  const disk = new SlowDisk();
  const anchored: number[] = [];
  const anchor: Anchor = {
    name: "a",
    publish: async ({ note, size }) => {
      anchored.push(size);
      return note;
    },
  };
  const log = await stage.open({ disk, anchors: [anchor] });
  const checkpoint = join(folderOf(stage.stateDir, log), "checkpoint");
  await until(() => existsSync(checkpoint) && anchored.length > 0);
  const before = readFileSync(checkpoint, "utf8");
  disk.isSlow = true;
  appendDecision(log);
  log.commit();
  let isDurable: boolean | undefined;
  log.whenDurable(1, (is) => {
    isDurable = is;
  });
  stage.clock.advance(61_000);
  for (let round = 0; round < 50; round += 1) await new Promise(setImmediate);
  assert.equal(disk.syncs.length, 1, "one at a time");
  assert.equal(isDurable, undefined);
  assert.equal(log.durable?.checkpoint.size, 1);
  assert.equal(readFileSync(checkpoint, "utf8"), before);
  assert.ok(anchored.every((size) => size === 1));
  disk.isSlow = false;
  for (const done of disk.syncs) done();
  await until(() => readFileSync(checkpoint, "utf8") !== before);
  assert.equal(isDurable, true);
  await log.close();
});

test("the files follow what is durable within a second, and at once where tiles wait", async (t) => {
  const stage = setLogStage(t);
  const log = await stage.open();
  const folder = folderOf(stage.stateDir, log);
  const isFollowed = () => {
    const path = join(folder, "checkpoint");
    return existsSync(path) && readFileSync(path, "utf8") === log.durable?.checkpoint.note;
  };
  const commit = async (records: number) => {
    for (let count = 0; count < records; count += 1) appendDecision(log);
    log.commit();
    stage.clock.advance(50);
    await until(() => log.durable?.checkpoint.size === log.nextSeq);
  };
  await until(isFollowed);
  await commit(1);
  stage.clock.advance(1_000);
  await until(isFollowed);
  await commit(1024);
  await until(() => isFollowed() && existsSync(join(folder, "tile/0/003")));
  await commit(1);
  await log.close();
  assert.ok(isFollowed(), "and before the log is let go");
});
