import assert from "node:assert/strict";
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { FakeClock } from "../../../test/support/fake-clock.ts";
import { holdOf } from "../../../test/support/hold-stage.ts";
import type { HoldBook } from "../../evidence/index.ts";
import { BackOff } from "../back-off.ts";
import { Cursor } from "../cursor.ts";
import { CursorFile } from "../cursor-file.ts";
import type { Bucket } from "./bucket.ts";
import { BucketHolds } from "./bucket-holds.ts";
import { HoldState } from "./hold-state.ts";
import { SegmentMemory } from "./segment-memory.ts";
import { sealPathOf, segmentPathOf } from "./segment-objects.ts";

const origin = "gov.acme.example/0/5f0c2a91";
const at = "2026-11-21T09:00:00.000000Z";
const [acme, globex] = [holdOf("h1", "acme"), holdOf("h2", "globex")];
const onAcme: HoldBook = { inForce: [acme], lifted: new Set(["h2"]) };
const onGlobex: HoldBook = { inForce: [globex], lifted: new Set(["h1"]) };
const onBoth: HoldBook = { inForce: [acme, globex], lifted: new Set() };
const onNone: HoldBook = { inForce: [], lifted: new Set(["h1", "h2"]) };

/** What a process leaves that ended right before or after a call: its files, and what is held. */
interface Remains {
  readonly folder: string;
  readonly held: ReadonlySet<string>;
}

/** Two sealed segments that were sent, one for each tenant. */
function setSent(t: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), "hold-crashes-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const stateDir = join(root, "state");
  const segments = join(stateDir, "log/0/5f0c2a91/segments");
  mkdirSync(segments, { recursive: true });
  for (const [first, tenant] of ["acme", "globex"].entries()) {
    const folder = join(stateDir, "log/0/5f0c2a91");
    writeFileSync(join(folder, segmentPathOf(first)), `{"at":"${at}","tenant":"${tenant}"}\n`);
    writeFileSync(join(folder, sealPathOf(first)), `{"count":1,"first":${first}}`);
  }
  return stateDir;
}

/** Runs until nothing is due, and gives what is held then and, if watched, what a crash would leave. */
async function run(
  stateDir: string,
  book: HoldBook,
  held: ReadonlySet<string> = new Set(),
  isWatched = false,
): Promise<{ readonly held: ReadonlySet<string>; readonly remains: readonly Remains[] }> {
  const store = new Set(held);
  const remains: Remains[] = [];
  const leave = () => {
    if (!isWatched) return;
    const folder = `${stateDir}-${remains.length}`;
    cpSync(stateDir, folder, { recursive: true });
    remains.push({ folder, held: new Set(store) });
  };
  const bucket: Bucket = {
    put: () => Promise.reject(new Error("nothing is to be sent")),
    async hold(key, isHeld) {
      leave();
      if (isHeld) store.add(key);
      else store.delete(key);
      leave();
      return true;
    },
    close: () => undefined,
  };
  const cursor = new Cursor(new CursorFile(stateDir, "vault"));
  cursor.move(origin, { segment: 2, byte: 0, seq: 2 });
  const clock = new FakeClock();
  const troubles: string[] = [];
  const holds = new BucketHolds({
    ...{ name: "vault", bucket, cursor, readHolds: () => book, backOff: new BackOff(() => 0.5) },
    state: new HoldState(stateDir, "vault"),
    memory: new SegmentMemory(stateDir, "vault"),
    listLogs: () => [{ origin, folder: join(stateDir, "log/0/5f0c2a91"), durableSize: 2 }],
    observer: {
      sent: () => undefined,
      failed: (_sink, trouble) => troubles.push(trouble),
      stopped: () => undefined,
    },
    nowMicros: () => clock.nowMicros(),
    monotonicMicros: () => clock.monotonicMicros(),
    withDeadline: (until, call) => call(until),
  });
  await holds.look();
  while (holds.isPressing) await holds.step(new AbortController().signal);
  assert.deepEqual(troubles, []);
  leave();
  return { held: store, remains };
}

function keysOf(book: HoldBook): readonly string[] {
  return ["acme", "globex"].flatMap((tenant, first) =>
    book.inForce.some((hold) => hold.tenant === tenant)
      ? [sealPathOf(first), segmentPathOf(first)].map((path) => `${origin}/${path}`)
      : [],
  );
}

test("wherever a process ends, the next one brings the bucket to the holds of its time", async (t) => {
  const books = [onNone, onAcme, onGlobex, onBoth];
  let crashes = 0;
  for (const [before, during] of [
    [onNone, onBoth],
    [onBoth, onAcme],
    [onBoth, onNone],
  ] as const) {
    const stateDir = setSent(t);
    const settled = await run(stateDir, before);
    assert.deepEqual([...settled.held].sort(), [...keysOf(before)].sort());
    const { remains } = await run(stateDir, during, settled.held, true);
    crashes += remains.length;
    for (const { folder, held } of remains) {
      for (const [index, after] of books.entries()) {
        const copy = `${folder}-then-${index}`;
        cpSync(folder, copy, { recursive: true });
        const result = await run(copy, after, held);
        assert.deepEqual([...result.held].sort(), [...keysOf(after)].sort());
      }
    }
  }
  assert.equal(crashes, 9 + 5 + 9);
});

test("notes that are lost let go of nothing, and hold what is to be held", async (t) => {
  const stateDir = setSent(t);
  const { held } = await run(stateDir, onBoth);
  rmSync(join(stateDir, "sinks/vault.holds"));
  const after = await run(stateDir, onAcme, held);
  assert.deepEqual([...after.held].sort(), [...held].sort());
  const noted = await run(stateDir, onNone, after.held);
  assert.deepEqual([...noted.held].sort(), [...keysOf(onGlobex)].sort());
});

test("a line of the memory that a crash left unfinished spoils no other", async (t) => {
  const stateDir = setSent(t);
  mkdirSync(join(stateDir, "sinks"), { recursive: true });
  const path = join(stateDir, "sinks/vault.segments");
  const torn = `{"origin":"${origin}","fir`;
  writeFileSync(path, torn);
  await run(stateDir, onBoth);
  const memory = new SegmentMemory(stateDir, "vault");
  await memory.add({ origin, first: 2, content: { tenants: {}, holds: [] } });
  // As a full disk leaves it, of which the same process goes on.
  appendFileSync(path, torn);
  await memory.add({ origin, first: 3, content: { tenants: {}, holds: [] } });
  const remembered: number[] = [];
  for await (const { content, first } of memory.read()) {
    assert.ok(content !== undefined);
    remembered.push(first);
  }
  assert.deepEqual(remembered.sort(), [0, 1, 2, 3]);
});

test("of a segment whose line in the memory is none the segment itself says which hold keeps it", async (t) => {
  const stateDir = setSent(t);
  mkdirSync(join(stateDir, "sinks"), { recursive: true });
  for (const content of [
    "null",
    "{}",
    "7",
    '{"tenants":null,"holds":[]}',
    '{"tenants":{"acme":7}}',
  ]) {
    const line = `{"origin":"${origin}","first":0,"content":${content}}`;
    writeFileSync(join(stateDir, "sinks/vault.segments"), `${line}\n`);
    const { held } = await run(stateDir, onAcme);
    assert.deepEqual([...held].sort(), [...keysOf(onAcme)].sort(), content);
    rmSync(join(stateDir, "sinks"), { recursive: true });
    mkdirSync(join(stateDir, "sinks"));
  }
});
