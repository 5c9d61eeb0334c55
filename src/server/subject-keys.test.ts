import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { FakeClock } from "../../test/support/fake-clock.ts";
import { Fault } from "../base/index.ts";
import { pseudonymOf } from "../identity/index.ts";
import { eraseSubjectKey, hasSubjectKey, SubjectKeys } from "./subject-keys.ts";

const ann = { tenant: "acme", issuer: "https://id.example", subject: "ann@corp.example" };
const bob = { ...ann, subject: "bob@corp.example" };

async function makeFolder(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "chancery-subjects-"));
  t.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

function open(t: TestContext, folder: string, clock = new FakeClock()): SubjectKeys {
  const keys = new SubjectKeys(folder, clock);
  t.after(() => keys.close());
  return keys;
}

test("each person has a key of the own, the same for all processes", async (t) => {
  const folder = await makeFolder(t);
  const [first, second] = [open(t, folder), open(t, folder)];
  const key = first.of(ann);
  assert.equal(first.of(ann), key);
  assert.ok(second.of(ann).secret.equals(key.secret));
  for (const other of [bob, { ...ann, tenant: "globex" }, { ...ann, issuer: undefined }]) {
    assert.ok(!first.of(other).secret.equals(key.secret));
  }
  assert.match(pseudonymOf(key, ann), /^s:[\w-]{22}$/);
});

test("the table names nobody, and is its owner's alone", async (t) => {
  const folder = await makeFolder(t);
  const keys = new SubjectKeys(folder, new FakeClock());
  keys.of(ann);
  keys.close();
  const bytes = await readFile(join(folder, "keys/subjects.sqlite"), "latin1");
  for (const word of ["ann@", "corp.example", "id.example"]) assert.ok(!bytes.includes(word));
  assert.equal((await stat(join(folder, "keys"))).mode & 0o777, 0o700);
});

test("an erased key is gone from the disk and, within a second, from every process", async (t) => {
  const folder = await makeFolder(t);
  const clock = new FakeClock();
  const keys = open(t, folder, clock);
  const [ofAnn, ofBob] = [keys.of(ann), keys.of(bob)];
  assert.ok(hasSubjectKey(folder, ann));
  assert.ok(eraseSubjectKey(folder, ann));
  assert.ok(!eraseSubjectKey(folder, ann));
  assert.ok(!hasSubjectKey(folder, ann));
  for (const name of ["subjects.sqlite", "subjects.sqlite-wal"]) {
    const bytes = await readFile(join(folder, "keys", name)).catch(() => Buffer.alloc(0));
    assert.ok(!bytes.includes(ofAnn.secret.export()), name);
  }
  clock.advance(1_000);
  assert.ok(!keys.of(ann).secret.equals(ofAnn.secret));
  assert.ok(keys.of(bob).secret.equals(ofBob.secret));
});

test("a table that cannot be used is a fault, and nobody has a key where there is none", async (t) => {
  const folder = await makeFolder(t);
  assert.equal(hasSubjectKey(folder, ann), false);
  await writeFile(join(folder, "keys"), "no folder");
  assert.throws(
    () => new SubjectKeys(folder, new FakeClock()),
    (error) => error instanceof Fault && error.code === "audit_unavailable",
  );
});
