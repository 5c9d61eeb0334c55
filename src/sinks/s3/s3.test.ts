import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { folderOf, keyOf } from "../../../test/support/log-stage.ts";
import { findMinio, startMinio, startStrictStore } from "../../../test/support/object-store.ts";
import { createOwnTrust } from "../../../test/support/own-trust.ts";
import { setSinkStage, timersOf, until } from "../../../test/support/sink-stage.ts";
import { findLogs, listSeals, readSeal, verifyLogs } from "../../evidence/index.ts";
import { createDiskFiles } from "../../log/disk-files.ts";
import { parseVerifierKey } from "../../signing/index.ts";
import { createS3Anchor, openBucket, type SinkConfig } from "../index.ts";

const hourMicros = 3_600_000_000;
/** A store that syncs each object takes its time on a disk that others use. */
const patient = { timers: timersOf(4) };
const minio = await findMinio();
const stores = {
  "a store that takes what the API allows": startStrictStore,
  ...(minio === undefined ? {} : { MinIO: (t: TestContext) => startMinio(t, minio) }),
};

for (const [name, startStore] of Object.entries(stores)) {
  describe(name, () => {
    async function stageOf(t: TestContext) {
      let offset = 0;
      const clock = {
        nowMicros: () => Date.now() * 1000,
        monotonicMicros: () => performance.now() * 1000 + offset,
      };
      const [stage, store] = await Promise.all([setSinkStage(t, { clock }), startStore(t)]);
      const credentialFile = join(stage.stateDir, "s3.key");
      writeFileSync(credentialFile, store.credential);
      const bucket = { bucket: "audit", region: "eu-1", endpoint: store.endpoint, credentialFile };
      const config: SinkConfig = { name: "vault", kind: "s3", ...bucket, prefix: "eu1/" };
      /** So many records, the last of which begins another segment. */
      const seal = async (records: number) => {
        await stage.append(records);
        offset += hourMicros;
        await stage.append(1);
      };
      const files = createDiskFiles(folderOf(stage.stateDir, stage.log));
      /** Records in sealed segments. */
      const sealed = () => {
        const last = readSeal(files, listSeals(files).at(-1) ?? 0);
        return typeof last === "object" ? last.first + last.count : 0;
      };
      return { stage, store, config, seal, sealed, bucket };
    }

    test("holds sealed segments as a log that can be verified, locked until its day", async (t) => {
      const { config, seal, sealed, stage, store } = await stageOf(t);
      await seal(300);
      await seal(400);
      await stage.open([config], patient);
      await until("all is there", () => stage.cursorSeq("vault") === sealed());
      const objects = await store.objects();
      const folder = join(stage.stateDir, "copy");
      for (const { bytes, key } of objects) {
        const path = join(folder, key);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, bytes);
      }
      const logs = findLogs(createDiskFiles(join(folder, "eu1", stage.log.origin)));
      const trusted = [parseVerifierKey(keyOf(stage.stateDir, stage.log))].flatMap(
        (it) => it ?? [],
      );
      const report = verifyLogs({ logs, trusted, allowTail: false });
      assert.equal(report.status, "good");
      assert.equal(report.logs[0]?.signed, sealed());
      const days = objects.map(
        ({ retainUntil }) => (retainUntil.getTime() - Date.now()) / 86_400_000,
      );
      assert.ok(Math.min(...days) >= 400, `${Math.min(...days)}`);
      assert.deepEqual(new Set(objects.map(({ mode }) => mode)), new Set(["COMPLIANCE"]));
      assert.equal(await store.tamper(), 0);
    });

    test("away and back: what was sealed meanwhile comes, and nothing twice", async (t) => {
      const { config, seal, sealed, stage, store } = await stageOf(t);
      await seal(20);
      const sinks = await stage.open([config], patient);
      await until("the first is there", () => stage.cursorSeq("vault") > 0);
      await store.stop();
      await seal(20);
      await until("it is missed", () => stage.told.troubles.includes("away"));
      assert.equal(sinks.status[0]?.lagRecords, sealed() - stage.cursorSeq("vault"));
      assert.ok(sealed() > stage.cursorSeq("vault"));
      await store.start();
      await until("all is there", () => stage.cursorSeq("vault") === sealed());
      const keys = (await store.objects()).map(({ key }) => key);
      const once = keys.filter((key) => key.includes("/segments/") || key.includes("/tile/"));
      assert.deepEqual(once, [...new Set(once)]);
    });

    test("after a start without its cursor it finds what is there, and adds nothing", async (t) => {
      const { config, seal, stage, store } = await stageOf(t);
      await seal(20);
      const first = await stage.open([config], patient);
      await until("all is there", () => stage.cursorSeq("vault") > 0);
      await first.close(AbortSignal.timeout(1_000));
      rmSync(join(stage.stateDir, "sinks/vault.json"));
      await stage.open([config], patient);
      await until("all is there again", () => stage.cursorSeq("vault") > 0);
      const keys = (await store.objects()).map(({ key }) => key);
      assert.equal(keys.filter((key) => key.endsWith(".jsonl")).length, 1);
      assert.deepEqual(stage.told.stopped, []);
    });

    test("with something else in the place of a segment it stops", async (t) => {
      const { bucket, config, seal, stage } = await stageOf(t);
      await seal(20);
      const other = await openBucket({ ...bucket, prefix: "eu1/" });
      await other.put(
        {
          ...{ key: `${stage.log.origin}/segments/000000000000.jsonl`, isOnce: true },
          ...{ body: Buffer.from("x"), length: 1, retainUntil: new Date(Date.now() + 3_600_000) },
          sha256: createHash("sha256").update("x").digest("base64"),
        },
        AbortSignal.timeout(5_000),
      );
      other.close();
      await stage.open([config], patient);
      await until("it has stopped", () => stage.told.stopped.length === 1);
      assert.equal(stage.cursorSeq("vault"), 0);
    });

    test("keeps checkpoints as an anchor", async (t) => {
      const { bucket: config, store } = await stageOf(t);
      const bucket = await openBucket({ ...config, prefix: "anchors/" });
      t.after(() => bucket.close());
      const anchor = createS3Anchor({
        ...{ name: "vault", bucket, retentionDays: 400, nowMicros: () => Date.now() * 1000 },
      });
      const request = { origin: "gov.acme.example/0/5f0c2a91", size: 3, note: "a note\n" };
      assert.equal(await anchor.publish(request, AbortSignal.timeout(5_000)), "a note\n");
      const [object] = await store.objects();
      assert.equal(object?.key, "anchors/gov.acme.example/0/5f0c2a91/000000000003.checkpoint");
      await assert.rejects(
        anchor.publish({ ...request, note: "another\n" }, AbortSignal.timeout(5_000)),
        /something else/,
      );
      assert.equal(await store.tamper(), 0);
    });
  });
}

test("a bucket is believed by an authority of one's own, and asked with a certificate", async (t) => {
  const trust = await createOwnTrust(t);
  const store = await startStrictStore(t, trust.server);
  const credentialFile = join(dirname(trust.tls.caFile), "s3.key");
  writeFileSync(credentialFile, store.credential);
  const config = {
    ...{ bucket: "audit", region: "eu-1", endpoint: store.endpoint, prefix: "eu1/" },
    credentialFile,
  };
  const object = {
    ...{ key: "a", body: Buffer.from("x"), length: 1, isOnce: true },
    sha256: createHash("sha256").update("x").digest("base64"),
    retainUntil: new Date(Date.now() + 3_600_000),
  };
  for (const tls of [undefined, {}]) {
    const bucket = await openBucket({ ...config, tls });
    await assert.rejects(bucket.put(object, AbortSignal.timeout(5_000)), { fault: "away" });
    bucket.close();
  }
  const bucket = await openBucket({ ...config, tls: trust.tls });
  t.after(() => bucket.close());
  await bucket.put(object, AbortSignal.timeout(5_000));
  assert.deepEqual(
    (await store.objects()).map(({ key }) => key),
    ["eu1/a"],
  );
});
