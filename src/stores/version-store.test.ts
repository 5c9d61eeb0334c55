import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { openDraft } from "../../test/support/bundles.ts";
import { stagePolicies, stageSnapshot } from "../../test/support/exchange-stage.ts";
import { BundleError } from "../bundle/index.ts";
import { encodeEnvelope, sha256Hex } from "../signing/index.ts";
import { readVersion, type VersionedLayer } from "./version-entry.ts";
import { VersionStore } from "./version-store.ts";

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

  it("keeps what was signed beside the files, each envelope once, and for an auditor to read", async () => {
    const [platform] = layers();
    assert.ok(platform);
    const { files, namespace } = platform;
    const texts = Object.fromEntries(files.map(({ path, text }) => [path.slice(9), text]));
    const note = { path: "platform/note.yaml", namespace, text: "# Nothing but a note.\n" };
    const drafts = [1, 2].map((sequence) => {
      const signed = { ...texts, "note.yaml": note.text };
      return openDraft({ namespace, files: signed, signers: ["root"], sequence });
    });
    for (const { envelope } of [...drafts, ...drafts]) {
      const signed = { envelope: encodeEnvelope(envelope), others: [note] };
      await new VersionStore(folder).keep([{ ...platform, signed }]);
    }
    const entry = join(folder, "sha256", platform.digest.slice("sha256:".length));
    const kept = await readVersion(entry);
    assert.equal(kept?.digest, platform.digest);
    assert.deepEqual(kept.paths, Object.keys(texts));
    const bySequence = kept.bundles.toSorted((a, b) => a.manifest.sequence - b.manifest.sequence);
    assert.deepEqual(
      bySequence.map(({ envelopeBytes }) => Buffer.from(envelopeBytes ?? [])),
      drafts.map(({ envelope }) => Buffer.from(encodeEnvelope(envelope))),
    );
    for (const { files: found } of kept.bundles) {
      assert.deepEqual(
        found.map(({ path }) => path),
        drafts[0]?.files.map(({ path }) => path),
      );
    }
    const store = new VersionStore(folder);
    assert.deepEqual(await store.layer(namespace, platform.digest), files);
    const copy = join(folder, "copy");
    await cp(entry, copy, { recursive: true });
    assert.deepEqual((await readVersion(copy))?.digest, platform.digest);
    assert.equal(await readVersion(join(folder, "none")), undefined);
  });

  it("says of an entry in which a byte is another that it is not what was kept", async () => {
    const [platform] = layers();
    assert.ok(platform);
    const { digest, namespace } = platform;
    const texts = Object.fromEntries(platform.files.map(({ path, text }) => [path.slice(9), text]));
    const { envelope } = openDraft({ namespace, files: texts, signers: ["root"] });
    const signed = { envelope: encodeEnvelope(envelope), others: [] };
    await new VersionStore(folder).keep([{ ...platform, signed }]);
    const entry = join(folder, "sha256", digest.slice("sha256:".length));
    const hash = sha256Hex(signed.envelope);
    for (const name of ["list.json", "files/baseline.yaml", `bundles/${hash}/bundle.json`]) {
      const path = join(entry, name);
      const good = await readFile(path);
      const bad = Buffer.from(good);
      bad[40] = (bad[40] ?? 0) ^ 1;
      await writeFile(path, bad);
      await assert.rejects(readVersion(entry), /is not what was kept/, name);
      await writeFile(path, good);
    }
    const other = join(folder, "sha256", hash);
    await cp(entry, other, { recursive: true });
    await assert.rejects(readVersion(other), /is not what was kept/, "under another name");
    await rename(join(entry, "bundles", hash), join(entry, "bundles", digest.slice(7)));
    await assert.rejects(readVersion(entry), /is not what was kept/);
  });

  it("takes no other list for one, whatever the entry is called", async () => {
    const entry = join(folder, "copy");
    await mkdir(entry);
    for (const list of ["", "no list", "null", "[]", '"list"', '{"app.yaml":7}']) {
      await writeFile(join(entry, "list.json"), list);
      await assert.rejects(readVersion(entry), BundleError, list);
    }
  });

  it("keeps what was signed of a layer that an older store has without it", async () => {
    const [platform] = layers();
    assert.ok(platform);
    const { digest, namespace } = platform;
    await new VersionStore(folder).keep([platform]);
    const entry = join(folder, "sha256", digest.slice("sha256:".length));
    await rm(join(entry, "served"));
    const texts = Object.fromEntries(platform.files.map(({ path, text }) => [path.slice(9), text]));
    const { envelope } = openDraft({ namespace, files: texts, signers: ["root"] });
    const signed = { envelope: encodeEnvelope(envelope), others: [] };
    await new VersionStore(folder).keep([{ ...platform, signed }]);
    assert.equal((await readVersion(entry))?.bundles.length, 1);
    assert.deepEqual((await readdir(entry)).sort(), ["bundles", "files", "list.json", "served"]);
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
