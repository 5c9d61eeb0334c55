import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { stagePolicies } from "../../test/support/exchange-stage.ts";
import type { LastGoodStore, StoredPolicies } from "./last-good-store.ts";
import { type KeeperOptions, PolicyKeeper, type PolicyLoad } from "./policy-keeper.ts";

/** Never looks by itself: these tests ask for every load. */
const watchTimes = { quietMs: 3_600_000, quietMsMax: 3_600_000, lookMs: 3_600_000 };

interface Stage {
  readonly keeper: PolicyKeeper;
  readonly loads: readonly PolicyLoad["result"][];
  readonly failures: readonly string[];
  readonly saved: readonly StoredPolicies[];
  /** By namespace, what serves. */
  serves(): Record<string, string>;
  write(path: string, text: string): Promise<void>;
  remove(path: string): Promise<void>;
}

async function startStage(
  t: TestContext,
  options: Partial<KeeperOptions> & { readonly stored?: StoredPolicies; isEmpty?: boolean } = {},
): Promise<Stage> {
  const directory = await mkdtemp(join(tmpdir(), "chancery-keeper-"));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  };
  if (options.isEmpty !== true) for (const { path, text } of stagePolicies) await write(path, text);
  const loads: PolicyLoad["result"][] = [];
  const failures: string[] = [];
  const saved: StoredPolicies[] = [];
  const store: LastGoodStore = {
    load: async () => options.stored,
    save: async (policies) => {
      saved.push(policies);
    },
  };
  const keeper = await PolicyKeeper.open({
    directories: [directory],
    engineVersion: "0.0.0",
    store,
    onLoad: ({ result }) => loads.push(result),
    onFailure: (what) => failures.push(what),
    watchTimes,
    ...options,
  });
  t.after(() => keeper.close());
  return {
    keeper,
    loads,
    failures,
    saved,
    serves: () =>
      Object.fromEntries(keeper.state.layers.map(({ namespace, serves }) => [namespace, serves])),
    write,
    remove: (path) => rm(join(directory, path), { recursive: true }),
  };
}

function kept(ageSeconds: number): StoredPolicies {
  const at = Date.now() - ageSeconds * 1000;
  return {
    confirmedAtMs: new Map([
      ["platform", at],
      ["acme", at],
    ]),
    files: stagePolicies,
  };
}

test("what has not changed is not compiled again, and is as new as can be", async (t) => {
  const { keeper, loads, saved } = await startStage(t);
  const { snapshot } = keeper.state;
  await keeper.reload();
  assert.deepEqual(loads, ["active", "unchanged"]);
  assert.equal(keeper.state.snapshot, snapshot);
  assert.equal(saved.length, 1);
});

test("a set that served is kept, and one with errors does not take its place", async (t) => {
  const { keeper, loads, saved, serves, write } = await startStage(t);
  const { snapshot } = keeper.state;
  await write("platform/baseline.yaml", "kind: Nonsense\n");
  await keeper.reload();
  assert.deepEqual(loads, ["active", "refused"]);
  assert.deepEqual(serves(), { acme: "current", platform: "lastGood" });
  assert.equal(keeper.state.snapshot?.digest, snapshot?.digest);
  assert.deepEqual(saved.at(-1)?.files.length, stagePolicies.length);
});

test("a start without a source has the last good set, with its age", async (t) => {
  const { keeper, loads, serves } = await startStage(t, { stored: kept(90), isEmpty: true });
  assert.deepEqual(loads, ["refused"]);
  assert.deepEqual(serves(), { acme: "lastGood", platform: "lastGood" });
  assert.ok(keeper.state.snapshot !== undefined);
  for (const { confirmedAtMs = 0 } of keeper.state.layers) {
    assert.ok(Date.now() - confirmedAtMs >= 90_000);
  }
});

test("a last good set that is too old does not serve, where the operator said so", async (t) => {
  const options = { stored: kept(90), isEmpty: true, ageSecondsMax: 60 };
  const { keeper } = await startStage(t, options);
  assert.equal(keeper.state.snapshot, undefined);
});

test("a tenant that could not be renewed for too long is refused, and no other", async (t) => {
  const { keeper, serves, write } = await startStage(t, { stored: kept(90), ageSecondsMax: 60 });
  await write("acme/app.yaml", "kind: Nonsense\n");
  await keeper.reload();
  assert.equal(serves()["acme"], "lastGood");
  t.mock.timers.enable({ apis: ["Date"], now: Date.now() + 61_000 });
  await keeper.reload();
  assert.deepEqual(serves(), { acme: "absent", platform: "current" });
  assert.equal(keeper.state.snapshot?.hasApp("acme", "bot"), false);
});

test("a source that comes back serves again", async (t) => {
  const { keeper, serves, write } = await startStage(t, { isEmpty: true });
  assert.equal(keeper.state.snapshot, undefined);
  for (const { path, text } of stagePolicies) await write(path, text);
  await keeper.reload();
  assert.deepEqual(serves(), { acme: "current", platform: "current" });
  assert.equal(keeper.state.refusedSinceMs, undefined);
});

test("a tenant that is taken away takes its apps with it", async (t) => {
  const { keeper, remove } = await startStage(t);
  assert.equal(keeper.state.snapshot?.hasApp("acme", "bot"), true);
  await remove("acme");
  await keeper.reload();
  assert.equal(keeper.state.snapshot?.hasApp("acme", "bot"), false);
});

test("a load that fails by itself leaves what serves, and later loads work", async (t) => {
  let isBroken = false;
  const supplement = () => {
    if (isBroken) throw new Error("a bug");
    return [];
  };
  const { failures, keeper, loads, write } = await startStage(t, { supplement });
  const { snapshot } = keeper.state;
  isBroken = true;
  await keeper.reload();
  assert.deepEqual(failures, ["load"]);
  assert.equal(keeper.state.snapshot, snapshot);
  isBroken = false;
  await write("acme/more.yaml", "");
  await keeper.reload();
  assert.equal(loads.at(-1), "active");
});

test("loads that are asked for while one runs become one more", async (t) => {
  const { keeper, loads } = await startStage(t);
  await Promise.all([keeper.reload(), keeper.reload(), keeper.reload()]);
  assert.ok(loads.length <= 3);
});
