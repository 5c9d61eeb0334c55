import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { stagePolicies, stageSnapshot } from "../../test/support/exchange-stage.ts";
import { type VersionedLayer, VersionStore } from "./version-store.ts";

function layers(): readonly VersionedLayer[] {
  return stageSnapshot()
    .versionsFor("acme")
    .layers.map(({ digest, id }) => ({
      namespace: id,
      digest,
      files: stagePolicies.filter(({ namespace }) => namespace === id),
    }));
}

describe("the store of versions", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "chancery-versions-"));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("gives each layer that served as it was, by its digest", async () => {
    await new VersionStore(folder).keep(layers());
    const store = new VersionStore(folder);
    for (const { digest, files, namespace } of layers()) {
      assert.deepEqual(await store.layer(namespace, digest), files);
    }
  });

  it("gives nothing of a layer that is not as it was, and keeps it anew", async () => {
    const [platform] = layers();
    assert.ok(platform);
    const { digest, namespace } = platform;
    await new VersionStore(folder).keep(layers());
    const path = join(folder, "sha256", digest.slice("sha256:".length), "files/baseline.yaml");
    await writeFile(path, `${await readFile(path, "utf8")} `);
    const store = new VersionStore(folder);
    assert.equal(await store.layer(namespace, digest), undefined);
    await store.keep(layers());
    assert.deepEqual(await store.layer(namespace, digest), platform.files);
  });

  it("gives a kill switch by its name and sequence", async () => {
    const store = new VersionStore(folder);
    const file = { path: "platform/all.yaml", namespace: "platform", text: "kind: KillSwitch" };
    await store.keepSwitch("platform/stop", 7, file);
    assert.equal((await store.killSwitch("platform/stop", 7))?.text, file.text);
    assert.equal(await store.killSwitch("platform/stop", 8), undefined);
  });

  it("looks nowhere but in its own folder", async () => {
    const store = new VersionStore(join(folder, "store"));
    await writeFile(join(folder, "stop@1"), "kind: KillSwitch");
    assert.equal(await store.killSwitch("../../stop", 1), undefined);
    assert.equal(await store.layer("platform", "sha256:../.."), undefined);
  });
});
