import assert from "node:assert/strict";
import { access, mkdtemp, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { digestOf, sha256Hex } from "../signing/index.ts";
import type { VersionedLayer } from "./version-entry.ts";
import { VersionRetention } from "./version-retention.ts";
import { VersionStore } from "./version-store.ts";

const dayMs = 86_400_000;
const startMs = Date.UTC(2026, 2, 2);

function layerOf(text: string): VersionedLayer {
  const files = [{ path: "acme/app.yaml", namespace: "acme", text }];
  return { namespace: "acme", digest: digestOf({ "app.yaml": sha256Hex(text) }), files };
}

describe("the retention of versions", () => {
  const [former, latter] = [layerOf("kind: App # 1"), layerOf("kind: App # 2")];
  const stop = { path: "platform/stop.yaml", namespace: "platform", text: "kind: KillSwitch" };
  let folder: string;
  let store: VersionStore;
  let retention: VersionRetention;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "chancery-versions-"));
    store = new VersionStore(folder);
    retention = new VersionRetention(folder);
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  const pathOf = ({ digest }: VersionedLayer) => join(folder, "sha256", digest.slice(7));
  const idle = async (nowMs: number) => (await retention.findIdle(nowMs)).map(({ name }) => name);
  const isThere = (path: string) =>
    access(path).then(
      () => true,
      () => false,
    );

  it("finds what served until a day ago, and not what was marked since", async () => {
    await store.keep([former], startMs);
    await store.keepSwitch("platform/stop", 1, stop, startMs);
    assert.deepEqual(await idle(startMs + dayMs), []);
    assert.deepEqual(await idle(startMs + dayMs + 1), [former.digest, "platform/stop@1"]);
    await store.refresh(startMs + dayMs);
    assert.deepEqual(await idle(startMs + dayMs + 1), []);
    await store.keep([latter], startMs + 2 * dayMs);
    await store.keepSwitch("platform/stop", 2, stop, startMs + 2 * dayMs);
    assert.deepEqual(await idle(startMs + 2 * dayMs + 1), [], "both served until now");
    await store.refresh(startMs + 4 * dayMs);
    assert.deepEqual(await idle(startMs + 4 * dayMs), [former.digest, "platform/stop@1"]);
  });

  it("takes away all of a version, and leaves nothing beside it", async () => {
    await store.keep([former], startMs);
    await store.keepSwitch("platform/stop", 1, stop, startMs);
    for (const version of await retention.findIdle(startMs + 2 * dayMs)) {
      assert.ok(await retention.remove(version));
      assert.equal(await retention.remove(version), false, "it is gone");
    }
    const left = await readdir(folder, { recursive: true });
    assert.deepEqual(left.sort(), ["killswitches", "killswitches/platform", "sha256"]);
  });

  it("leaves what another process lets serve again, or has it kept anew", async () => {
    await store.keep([former], startMs);
    await store.keepSwitch("platform/stop", 1, stop, startMs);
    const versions = await retention.findIdle(startMs + 2 * dayMs);
    const other = new VersionStore(folder);
    await other.keep([former], startMs + 2 * dayMs);
    await other.keepSwitch("platform/stop", 1, stop, startMs + 2 * dayMs);
    for (const version of versions) assert.equal(await retention.remove(version), false);
    assert.deepEqual(await store.layer("acme", former.digest), former.files);
    assert.equal((await store.killSwitch("platform/stop", 1))?.text, stop.text);

    await rm(folder, { recursive: true });
    await other.refresh(startMs + 3 * dayMs);
    assert.deepEqual(await store.layer("acme", former.digest), former.files);
    assert.equal((await store.killSwitch("platform/stop", 1))?.text, stop.text);
  });

  it("does not keep what comes back from being kept again", async () => {
    await store.keep([former], startMs);
    await store.keep([latter], startMs);
    for (const version of await retention.findIdle(startMs + 2 * dayMs)) {
      await retention.remove(version);
    }
    assert.equal(await store.layer("acme", former.digest), undefined);
    await store.keep([former], startMs + 2 * dayMs);
    assert.deepEqual(await store.layer("acme", former.digest), former.files);
  });

  it("puts back what is whole after a crash, and takes away what may not be", async () => {
    await store.keep([former, latter], startMs);
    await store.keepSwitch("platform/stop", 1, stop, startMs);
    const switchPath = join(folder, "killswitches/platform/stop@1");
    await rename(pathOf(former), `${pathOf(former)}.leaving`);
    await rename(switchPath, `${switchPath}.leaving`);
    await rename(pathOf(latter), `${pathOf(latter)}.gone`);
    await rm(join(`${pathOf(latter)}.gone`, "files"), { recursive: true });
    await retention.recover(startMs);
    assert.deepEqual(await store.layer("acme", former.digest), former.files);
    assert.equal((await store.killSwitch("platform/stop", 1))?.text, stop.text);
    assert.deepEqual(await readdir(join(folder, "sha256")), [former.digest.slice(7)]);
  });

  it("takes away drafts that nobody finishes, and no others", async () => {
    await store.keep([former], startMs);
    const old = `${pathOf(former)}.0b7f3a52-6f3c-4c39-9a57-1f0c5d1e2a3b`;
    await rename(pathOf(former), old);
    await utimes(old, startMs / 1000, startMs / 1000);
    await retention.recover(startMs + dayMs);
    assert.ok(await isThere(old));
    await retention.recover(startMs + dayMs + 1);
    assert.deepEqual(await readdir(join(folder, "sha256")), []);
  });

  it("keeps a version of a store that knew no marks, from now on as long as any", async () => {
    await store.keep([former], startMs);
    await rm(join(pathOf(former), "served"));
    assert.deepEqual(await retention.findIdle(startMs + 9 * dayMs, true), []);
    assert.equal(await isThere(join(pathOf(former), "served")), false, "only looked at");
    assert.deepEqual(await idle(startMs + 9 * dayMs), []);
    const { mtimeMs } = await stat(join(pathOf(former), "served"));
    assert.equal(mtimeMs, startMs + 9 * dayMs);
    assert.deepEqual(await idle(startMs + 10 * dayMs + 1), [former.digest]);
  });

  it("is of a store that is not there yet: nothing", async () => {
    const none = new VersionRetention(join(folder, "none"));
    await none.recover(startMs);
    assert.deepEqual(await none.findIdle(startMs), []);
    assert.deepEqual(await readdir(folder), []);
  });
});
