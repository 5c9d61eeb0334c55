import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Fault } from "../base/index.ts";
import { erasePseudonymKey, hasPseudonymKey } from "./erase-pseudonyms.ts";
import { createContentKeys, createPseudonymKeys } from "./pseudonym-keys.ts";

async function makeFolder(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "chancery-keys-"));
  t.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

function clockAt(iso: string) {
  const clock = {
    now: Date.parse(iso) * 1000,
    nowMicros: () => clock.now,
    monotonicMicros: () => 0,
  };
  return clock;
}

test("each tenant has a key of 32 bytes for the month, kept for the owner alone", async (t) => {
  const folder = await makeFolder(t);
  const keyOf = createPseudonymKeys(folder, clockAt("2026-11-30T23:59:59Z"));
  const acme = keyOf("acme");
  assert.equal(acme.number, 202611);
  assert.equal(acme.secret.symmetricKeySize, 32);
  assert.equal(keyOf("acme"), acme);
  assert.ok(!keyOf("globex").secret.equals(acme.secret));
  const directory = join(folder, "keys", "pseudonyms");
  assert.deepEqual((await readdir(directory)).sort(), ["acme-202611", "globex-202611"]);
  assert.equal((await stat(join(directory, "acme-202611"))).mode & 0o777, 0o600);
  assert.equal((await stat(directory)).mode & 0o777, 0o700);
});

test("another process, or one started again, has the same key", async (t) => {
  const folder = await makeFolder(t);
  const clock = clockAt("2026-11-21T00:00:00Z");
  const first = createPseudonymKeys(folder, clock)("acme");
  assert.ok(createPseudonymKeys(folder, clock)("acme").secret.equals(first.secret));
});

test("the first moment of a month in UTC brings a new key", async (t) => {
  const clock = clockAt("2026-12-31T23:59:59.999Z");
  const keyOf = createPseudonymKeys(await makeFolder(t), clock);
  const december = keyOf("acme");
  clock.now += 1_000;
  const january = keyOf("acme");
  assert.deepEqual([december.number, january.number], [202612, 202701]);
  assert.ok(!january.secret.equals(december.secret));
});

test("an erased key of the month is replaced within a second, by one key for all processes", async (t) => {
  const folder = await makeFolder(t);
  const clock = clockAt("2026-11-21T00:00:00Z");
  const processes = [createPseudonymKeys(folder, clock), createPseudonymKeys(folder, clock)];
  const [before] = processes.map((keyOf) => keyOf("acme"));
  erasePseudonymKey(folder, "acme", 202611);
  assert.ok(!hasPseudonymKey(folder, "acme", 202611));
  clock.now += 1_000_000;
  const [first, second] = processes.map((keyOf) => keyOf("acme"));
  assert.ok(first !== undefined && before !== undefined);
  assert.ok(!first.secret.equals(before.secret));
  assert.ok(second?.secret.equals(first.secret));
});

test("keys of content are others than those of pseudonyms", async (t) => {
  const folder = await makeFolder(t);
  const clock = clockAt("2026-11-21T00:00:00Z");
  const [content, pseudonyms] = [createContentKeys, createPseudonymKeys].map((create) =>
    create(folder, clock)("acme"),
  );
  assert.equal(content?.number, 202611);
  assert.ok(pseudonyms && !content.secret.equals(pseudonyms.secret));
});

test("a key that cannot be had is a fault, not a record without it", async (t) => {
  const folder = await makeFolder(t);
  await writeFile(join(folder, "keys"), "no folder");
  const isFault = (error: unknown) => error instanceof Fault && error.code === "audit_unavailable";
  const keyOf = createPseudonymKeys(folder, clockAt("2026-11-21T00:00:00Z"));
  assert.throws(() => keyOf("acme"), isFault);
  const other = await makeFolder(t);
  createPseudonymKeys(other, clockAt("2026-11-21T00:00:00Z"))("acme");
  await writeFile(join(other, "keys", "pseudonyms", "acme-202611"), "short");
  const again = createPseudonymKeys(other, clockAt("2026-11-21T00:00:00Z"));
  assert.throws(() => again("acme"), isFault);
});
