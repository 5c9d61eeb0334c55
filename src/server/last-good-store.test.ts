import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { createLastGoodStore, type StoredPolicies } from "./last-good-store.ts";

const stored: StoredPolicies = {
  confirmedAtMs: new Map([["platform", 1_700_000_000_000]]),
  files: [{ path: "platform/a.yaml", namespace: "platform", text: "kind: Platform\n" }],
};

async function makeStateDir(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "chancery-store-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test("what was saved is loaded by a later start, and readable by its owner alone", async (t) => {
  const stateDir = await makeStateDir(t);
  await createLastGoodStore(stateDir, ["/p"]).save(stored);
  assert.deepEqual(await createLastGoodStore(stateDir, ["/p"]).load(), stored);
  const { mode } = await stat(join(stateDir, "snapshots", "last-good"));
  assert.equal(mode & 0o777, 0o600);
});

test("none, one and many files are saved as they are", async (t) => {
  const store = createLastGoodStore(await makeStateDir(t), ["/p"]);
  for (const count of [0, 1, 3]) {
    const files = Array.from({ length: count }, (_, index) => ({
      path: `acme/${index}.yaml`,
      namespace: "acme",
      text: `"quoted" \n é \ud800 ${index}`,
    }));
    await store.save({ ...stored, files });
    assert.deepEqual(await store.load(), { ...stored, files });
  }
});

test("nothing is loaded before anything was saved, or for other sources", async (t) => {
  const stateDir = await makeStateDir(t);
  const store = createLastGoodStore(stateDir, ["/p"]);
  assert.equal(await store.load(), undefined);
  await store.save(stored);
  assert.equal(await createLastGoodStore(stateDir, ["/other"]).load(), undefined);
});

test("a damaged file is none, wherever it is damaged", async (t) => {
  const stateDir = await makeStateDir(t);
  const store = createLastGoodStore(stateDir, ["/p"]);
  await store.save(stored);
  const path = join(stateDir, "snapshots", "last-good");
  const whole = await readFile(path);
  for (let place = 0; place < whole.length; place += 7) {
    const damaged = Buffer.from(whole);
    damaged[place] = (damaged[place] ?? 0) ^ 1;
    await writeFile(path, damaged);
    assert.equal(await store.load(), undefined, `flipped at ${place}`);
    await writeFile(path, whole.subarray(0, place));
    assert.equal(await store.load(), undefined, `cut at ${place}`);
  }
});
