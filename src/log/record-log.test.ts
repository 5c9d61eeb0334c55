import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { type Clock, Fault } from "../base/index.ts";
import { openRecordLog, type RecordLog } from "./index.ts";
import type { LogObserver } from "./log-observer.ts";
import type { CreateSegment, SegmentFile } from "./segment-file.ts";

let stateDir: string;
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "record-log-"));
});
afterEach(() => rmSync(stateDir, { recursive: true }));

class FakeClock implements Clock {
  micros = Date.parse("2026-11-21T08:00:00Z") * 1000;
  nowMicros() {
    return this.micros;
  }
  monotonicMicros() {
    return this.micros;
  }
}

/** Segments in memory, on a disk that can be told to fail. */
class FakeDisk {
  readonly segments = new Map<string, Buffer>();
  /** Bytes the disk takes before it is full; a write then ends short, the next one fails. */
  room = Number.POSITIVE_INFINITY;
  canCut = true;
  canCreate = true;

  readonly create: CreateSegment = (path) => {
    if (!this.canCreate) throw diskError("EROFS");
    const name = path.slice(path.lastIndexOf("/") + 1);
    this.segments.set(name, Buffer.alloc(0));
    return this.#file(name);
  };

  #file(name: string): SegmentFile {
    return {
      write: (bytes) => {
        const taken = Math.min(bytes.length, this.room);
        if (taken === 0) throw diskError("ENOSPC");
        this.room -= taken;
        this.segments.set(name, Buffer.concat([this.#content(name), bytes.subarray(0, taken)]));
        return taken;
      },
      cut: (length) => {
        if (!this.canCut) throw diskError("EIO");
        this.room += this.#content(name).length - length;
        this.segments.set(name, this.#content(name).subarray(0, length));
      },
      sync() {},
      close() {},
    };
  }

  #content(name: string): Buffer {
    return this.segments.get(name) ?? Buffer.alloc(0);
  }

  lines(): readonly string[] {
    const text = [...this.segments.values()].map(String).join("");
    return text.split("\n").slice(0, -1);
  }
}

function diskError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

function open(options: { disk?: FakeDisk; clock?: Clock; observer?: LogObserver } = {}) {
  let ids = 0;
  const { disk, clock = new FakeClock(), observer } = options;
  return openRecordLog({
    stateDir,
    origin: "gov.acme.example/eu1",
    clock,
    createId: () => `id-${ids++}`,
    ...(observer && { observer }),
    ...(disk && { createSegment: disk.create }),
  });
}

function append(log: RecordLog, text = "x"): number {
  return log.append(({ seq }) => `${seq} ${text}`);
}

function assertUnavailable(run: () => void): void {
  assert.throws(run, (error) => error instanceof Fault && error.code === "audit_unavailable");
}

test("a log is a folder of its own in a slot, and its name says which", async () => {
  const log = await open();
  append(log);
  log.commit();
  await log.close();
  const id = readFileSync(join(stateDir, "log/0/current"), "utf8");
  assert.match(id, /^[0-9a-f]{8}$/);
  assert.equal(log.origin, `gov.acme.example/eu1/0/${id}`);
  const folder = join(stateDir, "log/0", id);
  assert.equal(
    readFileSync(join(folder, "log.json"), "utf8"),
    `{"created":"2026-11-21T08:00:00.000000Z","format":1,"origin":"${log.origin}"}`,
  );
  assert.equal(readFileSync(join(folder, "segments/000000000000.jsonl"), "utf8"), "0 x\n");
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  assert.equal(statSync(join(folder, "segments/000000000000.jsonl")).mode & 0o777, 0o600);
});

test("a record is told its log, seq, id and time", async () => {
  const log = await open();
  log.append((position) => JSON.stringify(position));
  log.append((position) => JSON.stringify(position), "2026-11-21T07:59:59.000001Z");
  log.commit();
  await log.close();
  const lines = readLines(log).map((line) => JSON.parse(line));
  assert.deepEqual(lines, [
    { log: log.origin, seq: 0, id: "id-0", at: "2026-11-21T08:00:00.000000Z" },
    { log: log.origin, seq: 1, id: "id-1", at: "2026-11-21T07:59:59.000001Z" },
  ]);
});

test("nothing is written before commit, and all of a turn in one write", async () => {
  const disk = new FakeDisk();
  const log = await open({ disk });
  assert.equal(append(log, "a"), 0);
  assert.equal(append(log, "b"), 1);
  assert.equal(log.nextSeq, 2);
  assert.deepEqual(disk.lines(), []);
  log.commit();
  assert.deepEqual(disk.lines(), ["0 a", "1 b"]);
  log.commit();
  assert.deepEqual(disk.lines(), ["0 a", "1 b"]);
  await log.close();
});

test("close writes what is left", async () => {
  const disk = new FakeDisk();
  const log = await open({ disk });
  append(log, "last");
  await log.close();
  assert.deepEqual(disk.lines(), ["0 last"]);
});

test("an encoder that throws takes no seq", async () => {
  const disk = new FakeDisk();
  const log = await open({ disk });
  assert.throws(() =>
    log.append(() => {
      throw new Error("no record");
    }),
  );
  assert.equal(append(log), 0);
  await log.close();
});

test("a full disk undoes the whole turn and gives its seqs again", async () => {
  const disk = new FakeDisk();
  const told: unknown[] = [];
  const observer: LogObserver = {
    written: (records) => told.push(["written", records]),
    undone: (records, reason) => told.push(["undone", records, reason]),
  };
  const log = await open({ disk, observer });
  append(log, "kept");
  log.commit();
  disk.room = 5;
  append(log, "lost");
  append(log, "lost too");
  assertUnavailable(() => log.commit());
  assert.equal(log.nextSeq, 1);
  assert.equal(log.isWritable, false);
  assert.deepEqual(disk.lines(), ["0 kept"]);
  assert.equal(disk.segments.get("000000000000.jsonl")?.length, 7, "no part of a line is left");

  disk.room = Number.POSITIVE_INFINITY;
  assert.equal(append(log, "again"), 1);
  log.commit();
  assert.equal(log.isWritable, true);
  assert.deepEqual(disk.lines(), ["0 kept", "1 again"]);
  assert.deepEqual(told, [
    ["written", 1],
    ["undone", 2, "disk_full"],
    ["written", 1],
  ]);
  await log.close();
});

test("nothing is written behind the rest of a failed write that could not be cut off", async () => {
  const disk = new FakeDisk();
  const log = await open({ disk });
  append(log, "kept");
  log.commit();
  disk.room = 3;
  disk.canCut = false;
  append(log, "torn");
  assertUnavailable(() => log.commit());
  disk.room = Number.POSITIVE_INFINITY;
  append(log, "too early");
  assertUnavailable(() => log.commit());
  assert.equal(disk.segments.get("000000000000.jsonl")?.toString(), "0 kept\n1 t");
  disk.canCut = true;
  append(log, "mended");
  log.commit();
  assert.deepEqual(disk.lines(), ["0 kept", "1 mended"]);
  await log.close();
});

test("asked once a second, a log that failed tries the disk and leaves nothing behind", async () => {
  const disk = new FakeDisk();
  const clock = new FakeClock();
  const log = await open({ disk, clock });
  disk.room = 0;
  append(log);
  assertUnavailable(() => log.commit());
  disk.room = Number.POSITIVE_INFINITY;
  clock.micros += 999_999;
  assert.equal(log.isWritable, false, "not tried again within a second");
  disk.room = 100;
  clock.micros += 1;
  assert.equal(log.isWritable, false, "a record would not fit");
  disk.room = Number.POSITIVE_INFINITY;
  clock.micros += 1_000_000;
  assert.equal(log.isWritable, true);
  assert.deepEqual(disk.lines(), []);
  assert.equal(disk.segments.get("000000000000.jsonl")?.length, 0);
  append(log, "first");
  log.commit();
  assert.deepEqual(disk.lines(), ["0 first"]);
  await log.close();
});

test("a segment that cannot be created undoes the turn as well", async () => {
  const disk = new FakeDisk();
  const reasons: string[] = [];
  const observer: LogObserver = { written() {}, undone: (_, reason) => reasons.push(reason) };
  const log = await open({ disk, observer });
  disk.canCreate = false;
  append(log);
  assertUnavailable(() => log.commit());
  disk.canCreate = true;
  append(log, "later");
  log.commit();
  assert.deepEqual(disk.lines(), ["0 later"]);
  assert.deepEqual(reasons, ["write_error"]);
  await log.close();
});

test("a segment closes at 65,536 records and the next is named for its first", async () => {
  const disk = new FakeDisk();
  const log = await open({ disk });
  for (const count of [65_535, 1, 1]) {
    for (let index = 0; index < count; index += 1) append(log);
    log.commit();
  }
  assert.deepEqual([...disk.segments.keys()], ["000000000000.jsonl", "000000065536.jsonl"]);
  assert.equal(disk.segments.get("000000065536.jsonl")?.toString(), "65536 x\n");
  await log.close();
});

test("a turn that would not fit goes to the next segment as a whole", async () => {
  const disk = new FakeDisk();
  const log = await open({ disk });
  const megabytes = "m".repeat(8 * 1024 * 1024 - 10);
  for (let index = 0; index < 7; index += 1) {
    append(log, megabytes);
    log.commit();
  }
  append(log, megabytes);
  append(log, "small");
  append(log, "m".repeat(100));
  log.commit();
  assert.deepEqual([...disk.segments.keys()], ["000000000000.jsonl", "000000000007.jsonl"]);
  assert.equal(disk.lines().length, 10);
  await log.close();
});

test("a segment closes after an hour", async () => {
  const disk = new FakeDisk();
  const clock = new FakeClock();
  const log = await open({ disk, clock });
  append(log);
  log.commit();
  clock.micros += 3_600_000_000;
  append(log);
  log.commit();
  assert.deepEqual([...disk.segments.keys()], ["000000000000.jsonl", "000000000001.jsonl"]);
  await log.close();
});

test("two logs open at once have different slots, and a slot that was let go is taken", async () => {
  const first = await open();
  const second = await open();
  assert.match(first.origin, /\/0\/[0-9a-f]{8}$/);
  assert.match(second.origin, /\/1\/[0-9a-f]{8}$/);
  await first.close();
  const third = await open();
  assert.match(third.origin, /\/0\/[0-9a-f]{8}$/);
  assert.notEqual(third.origin, first.origin);
  assert.equal(readdirSync(join(stateDir, "log/0")).filter((name) => name.length === 8).length, 2);
  await second.close();
  await third.close();
});

test("a folder that cannot be made is a fault", async () => {
  const file = join(stateDir, "file");
  writeFileSync(file, "");
  await assert.rejects(
    openRecordLog({ stateDir: file, origin: "h", clock: new FakeClock(), createId: () => "" }),
    (error) => error instanceof Fault && error.code === "audit_unavailable",
  );
});

test("lines of any size and script come back as they were appended", async () => {
  const log = await open();
  const texts = ["", "ü€\u{1f600}", "l".repeat(200_000), "end"];
  for (const text of texts) log.append(() => text);
  log.commit();
  await log.close();
  assert.deepEqual(readLines(log), texts);
});

function readLines(log: RecordLog): readonly string[] {
  const [slot, id] = log.origin.split("/").slice(-2);
  const folder = join(stateDir, "log", String(slot), String(id), "segments");
  const text = readdirSync(folder)
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8"));
  return text.join("").split("\n").slice(0, -1);
}
