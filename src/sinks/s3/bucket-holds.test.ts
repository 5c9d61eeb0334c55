import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { Cleanup } from "../../../test/support/chancery-process.ts";
import { setHoldStage } from "../../../test/support/hold-stage.ts";
import { folderOf } from "../../../test/support/log-stage.ts";
import { s3Error } from "../../../test/support/object-holds.ts";
import {
  findMinio,
  type ObjectStore,
  type StoredObject,
  startMinio,
  startStrictStore,
} from "../../../test/support/object-store.ts";
import { until } from "../../../test/support/sink-stage.ts";
import type { Sinks } from "../index.ts";
import { segmentPathOf } from "./segment-objects.ts";

const dayMs = 86_400_000;
const minio = await findMinio();
const stores: Record<string, (t: Cleanup) => Promise<ObjectStore>> = {
  "a store that takes what the API allows": startStrictStore,
  ...(minio === undefined ? {} : { MinIO: (t: Cleanup) => startMinio(t, minio) }),
};

function holdsOf(sinks: Sinks) {
  const [status] = sinks.status;
  assert.ok(status?.holds !== undefined);
  return status.holds;
}

for (const [name, startStore] of Object.entries(stores)) {
  describe(`legal holds in ${name}`, () => {
    test("are on what went there before and on what goes there after, and on nothing else", async (t) => {
      const holds = await setHoldStage(t, startStore);
      const [acme, other] = [await holds.seal("acme"), await holds.seal("globex")];
      const sinks = await holds.open();
      await holds.untilSent();
      holds.set("h1", "acme");
      await holds.untilHeld(acme);
      const both = await holds.seal("globex", "acme");
      await holds.untilHeld(acme, both);
      assert.equal(await holds.store.tamper(), 0);
      holds.set("h2", "globex");
      await holds.untilHeld(acme, other, both);
      holds.lift("h1");
      await holds.untilHeld(other, both);
      holds.lift("h2");
      await holds.untilHeld();
      await until("it is noted", () => holdsOf(sinks).held === 0);
      assert.deepEqual(holdsOf(sinks), { state: "running", inForce: 0, held: 0, due: 0 });
      assert.deepEqual(holds.stage.told.troubles, []);
    });

    test("are gone on with after a start, and with what was lifted meanwhile", async (t) => {
      const holds = await setHoldStage(t, startStore);
      const [acme, globex] = [await holds.seal("acme"), await holds.seal("globex")];
      holds.set("h1", "acme");
      holds.set("h2", "globex");
      const first = await holds.open();
      await holds.untilHeld(acme, globex);
      await first.close(AbortSignal.timeout(1_000));
      holds.lift("h1");
      await holds.open();
      await holds.untilHeld(globex);
    });
  });
}

describe("legal holds in a bucket", () => {
  test("keep what is held from being deleted when its day is over, until they are lifted", async (t) => {
    const holds = await setHoldStage(t, startStrictStore);
    await holds.seal("acme");
    await holds.seal("globex");
    holds.set("h1", "acme");
    await holds.open();
    await holds.untilSent();
    const before = (await holds.store.objects()).length;
    holds.store.advance(500 * dayMs);
    assert.equal(await holds.store.tamper(), before - 2);
    holds.lift("h1");
    await holds.untilHeld();
    assert.equal(await holds.store.tamper(), 2);
  });

  test("come with the object itself where they are known before it", async (t) => {
    const holds = await setHoldStage(t, startStrictStore);
    holds.set("h1", "acme");
    const acme = await holds.seal("acme");
    await holds.open();
    await holds.untilHeld(acme);
    assert.ok(holds.store.asked.every((asked) => asked.startsWith("PUT ")));
  });

  for (const refusal of [s3Error(403, "AccessDenied"), s3Error(501, "NotImplemented")]) {
    test(`that a store refuses (${refusal.status}) hold up nothing else, and are set once it takes them`, async (t) => {
      const holds = await setHoldStage(t, startStrictStore);
      const early = await holds.seal("acme");
      const sinks = await holds.open();
      await holds.untilSent();
      holds.store.refusal = refusal;
      holds.set("h1", "acme");
      await until("it was refused", () => holds.stage.told.troubles.length > 0);
      const late = await holds.seal("acme");
      await holds.untilSent();
      await until("both are due", () => holdsOf(sinks).due === 2);
      assert.deepEqual(holdsOf(sinks), { state: "waiting", inForce: 1, held: 0, due: 2 });
      assert.deepEqual([...new Set(holds.stage.told.troubles)], ["hold"]);
      assert.deepEqual(holds.stage.told.stopped, []);
      holds.store.refusal = undefined;
      await holds.untilHeld(early, late);
      await until("it is noted", () => holdsOf(sinks).state === "running");
      assert.deepEqual(holdsOf(sinks), { state: "running", inForce: 1, held: 2, due: 0 });
    });
  }

  test("stay as they are while they cannot be read, and everything else goes on", async (t) => {
    const holds = await setHoldStage(t, startStrictStore);
    const acme = await holds.seal("acme");
    holds.set("h1", "acme");
    const sinks = await holds.open();
    await holds.untilHeld(acme);
    await until("it is noted", () => holdsOf(sinks).held === 1);
    const { book } = holds;
    holds.book = undefined;
    await until("it is told", () => holds.stage.told.troubles.includes("hold"));
    assert.equal(holdsOf(sinks).state, "unreadable");
    const asked = holds.store.asked.length;
    await holds.seal("globex");
    await holds.untilSent();
    await holds.untilHeld(acme);
    assert.equal(holds.store.asked.length, asked);
    holds.book = book;
    holds.lift("h1");
    await holds.untilHeld();
  });

  test("are not lifted because the records that set them are gone", async (t) => {
    const holds = await setHoldStage(t, startStrictStore);
    const acme = await holds.seal("acme");
    holds.set("h1", "acme");
    const first = await holds.open();
    await holds.untilHeld(acme);
    holds.book = { inForce: [], lifted: new Set() };
    await until("it is told", () => holds.stage.told.troubles.includes("hold"));
    await first.close(AbortSignal.timeout(1_000));
    const troubles = holds.stage.told.troubles.length;
    await holds.open();
    await until("it is told again", () => holds.stage.told.troubles.length > troubles);
    await holds.untilHeld(acme);
    holds.lift("h1");
    await holds.untilHeld();
  });

  test("find what was pruned here: by its tenants, or all of it where those are forgotten", async (t) => {
    const holds = await setHoldStage(t, startStrictStore);
    const [acme, globex] = [await holds.seal("acme"), await holds.seal("globex")];
    const first = await holds.open();
    await holds.untilSent();
    const segments = folderOf(holds.stage.stateDir, holds.stage.log);
    for (const seq of [acme, globex]) rmSync(join(segments, segmentPathOf(seq)));
    holds.set("h1", "acme");
    await holds.untilHeld(acme);
    await first.close(AbortSignal.timeout(1_000));
    for (const name of ["vault.segments", "vault.holds"]) {
      rmSync(join(holds.stage.stateDir, "sinks", name));
    }
    await holds.open();
    await holds.untilHeld(acme, globex);
    holds.lift("h1");
    await holds.untilHeld();
  });

  test("find what is there already when the cursor is lost", async (t) => {
    const holds = await setHoldStage(t, startStrictStore);
    const acme = await holds.seal("acme");
    const first = await holds.open();
    await holds.untilSent();
    await first.close(AbortSignal.timeout(1_000));
    rmSync(join(holds.stage.stateDir, "sinks", "vault.json"));
    holds.set("h1", "acme");
    const sinks = await holds.open();
    await holds.untilHeld(acme);
    await until("it is noted", () => holdsOf(sinks).held === 1);
  });

  test("that have nothing to hold are told of, unless its day is over, and keep no other waiting", async (t) => {
    const holds = await setHoldStage(t, startStrictStore);
    const [gone, acme] = [await holds.seal("acme"), await holds.seal("acme")];
    const sinks = await holds.open();
    await holds.untilSent();
    const objects = (await holds.store.objects()) as StoredObject[];
    const index = objects.findIndex(({ key }) => key.endsWith(segmentPathOf(gone)));
    objects.splice(index, 1);
    holds.set("h1", "acme");
    await until("the other is held", () => holdsOf(sinks).held === 1);
    await until("it is told", () => holds.stage.told.troubles.includes("hold"));
    assert.equal(holdsOf(sinks).due, 1);
    const held = (await holds.store.objects()).filter(({ legalHold }) => legalHold === "ON");
    assert.ok(held.some(({ key }) => key.endsWith(segmentPathOf(acme))));
    holds.aheadMs = 500 * dayMs;
    await until("its day is over", () => holdsOf(sinks).due === 0);
  });
});
