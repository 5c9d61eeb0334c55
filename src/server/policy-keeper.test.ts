import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { stagePolicies } from "../../test/support/exchange-stage.ts";
import { faultyEntry, nextHang } from "../../test/support/hanging-worker.ts";
import { prepareHere } from "../../test/support/prepare-here.ts";
import {
  NotPrepared,
  type PreparationJob,
  type Preparer,
  WorkerPreparer,
} from "../activation/index.ts";
import type { Problem } from "../base/index.ts";
import { evaluate } from "../policy/index.ts";
import type { VersionedLayer } from "../stores/index.ts";
import type { LastGoodStore, StoredPolicies } from "./last-good-store.ts";
import { type KeeperOptions, PolicyKeeper, type PolicyLoad } from "./policy-keeper.ts";

/** Never looks by itself: these tests ask for every load. */
const watchTimes = { quietMs: 3_600_000, quietMsMax: 3_600_000, lookMs: 3_600_000 };

interface Stage {
  readonly keeper: PolicyKeeper;
  readonly loads: readonly PolicyLoad["result"][];
  readonly failures: readonly string[];
  readonly saved: readonly StoredPolicies[];
  readonly versions: readonly (readonly VersionedLayer[])[];
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
  const versions: (readonly VersionedLayer[])[] = [];
  const store: LastGoodStore = {
    load: async () => options.stored,
    save: async (policies) => {
      saved.push(policies);
    },
  };
  const keeper = await PolicyKeeper.open({
    directories: [directory],
    preparer: prepareHere,
    engineVersion: "0.0.0",
    store,
    versions: {
      keep: async (layers) => {
        versions.push(layers);
      },
    },
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
    versions,
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

/** Prepares until it is told not to, or when it is told to. */
class Whim implements Preparer {
  readonly jobs: PreparationJob[] = [];
  problems: readonly Problem[] | undefined;
  held: Promise<void> = Promise.resolve();

  async prepare(job: PreparationJob) {
    this.jobs.push(job);
    await this.held;
    if (this.problems !== undefined) throw new NotPrepared(this.problems, undefined);
    return await prepareHere.prepare(job);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

const tooLong: Problem = {
  code: "E10",
  severity: "error",
  namespace: "acme",
  file: "acme",
  line: 0,
  column: 0,
  message: "the documents of `acme` could not be compiled: it took longer than 10 s",
  hint: "Make them smaller.",
};

test("what cannot be compiled leaves what serves, says so, and is tried again", async (t) => {
  const preparer = new Whim();
  const { failures, keeper, loads, saved, serves, write } = await startStage(t, { preparer });
  const { activatedAtMs, snapshot } = keeper.state;
  preparer.problems = [tooLong];
  await write("acme/more.yaml", "");
  await keeper.reload();
  assert.deepEqual(loads, ["active", "refused"]);
  assert.equal(keeper.state.snapshot, snapshot);
  assert.equal(keeper.state.activatedAtMs, activatedAtMs);
  assert.deepEqual(serves(), { acme: "lastGood", platform: "lastGood" });
  assert.deepEqual(keeper.state.problems, [tooLong]);
  assert.ok(keeper.state.refusedSinceMs !== undefined);
  assert.deepEqual([failures, saved.length], [[], 1]);
  preparer.problems = undefined;
  await keeper.reload();
  assert.deepEqual(serves(), { acme: "current", platform: "current" });
  assert.equal(keeper.state.refusedSinceMs, undefined);
});

test("what cannot be compiled anew does not outlive its age, where the operator said so", async (t) => {
  const preparer = new Whim();
  const { keeper, serves } = await startStage(t, { preparer, ageSecondsMax: 60 });
  preparer.problems = [tooLong];
  t.mock.timers.enable({ apis: ["Date"], now: Date.now() + 59_000 });
  await keeper.renew();
  assert.ok(keeper.state.snapshot !== undefined);
  t.mock.timers.tick(2_000);
  await keeper.renew();
  assert.equal(keeper.state.snapshot, undefined);
  assert.deepEqual(serves(), { acme: "absent", platform: "absent" });
});

test("a start on which nothing can be compiled serves nobody", async (t) => {
  const preparer = new Whim();
  preparer.problems = [tooLong];
  const { keeper, serves } = await startStage(t, { preparer, stored: kept(1) });
  assert.equal(keeper.state.snapshot, undefined);
  assert.deepEqual(serves(), { acme: "absent", platform: "absent" });
});

test("changes that come while one is compiled are compiled together", async (t) => {
  const preparer = new Whim();
  const { keeper, loads, write } = await startStage(t, { preparer });
  const hold = Promise.withResolvers<void>();
  preparer.held = hold.promise;
  await write("acme/one.yaml", "");
  const first = keeper.reload();
  while (preparer.jobs.length < 2) await new Promise(setImmediate);
  await write("acme/two.yaml", "");
  const others = [keeper.reload(), keeper.reload(), keeper.reload()];
  hold.resolve();
  await Promise.all([first, ...others]);
  assert.deepEqual(loads, ["active", "active", "active"]);
  assert.deepEqual(
    preparer.jobs.map(({ files }) => files.length),
    [2, 3, 4],
  );
});

test("while a thread compiles without end, requests are decided on what serves", async (t) => {
  const preparer = new WorkerPreparer({ onSetback: assert.fail, entry: faultyEntry });
  const { failures, keeper, write } = await startStage(t, { preparer });
  const { snapshot } = keeper.state;
  assert.ok(snapshot !== undefined);
  const hanging = nextHang();
  await write("acme/more.yaml", "# hang");
  const reload = keeper.reload();
  await hanging;
  assert.equal(keeper.state.snapshot, snapshot);
  const { outcome } = evaluate(snapshot, {
    time: "2026-03-02T10:00:00.000000Z",
    tenant: "acme",
    app: "bot",
    action: "llm.generate",
    point: "request",
    model: "local/small",
    principal: { id: "someone", kind: "user", groups: [], roles: [] },
    request: {},
    data: { status: "ok", findings: [] },
  });
  assert.equal(outcome, "permit");
  keeper.close();
  await reload;
  assert.equal(keeper.state.snapshot, snapshot);
  assert.deepEqual(failures, []);
});

test("a namespace that cannot be got through stays as it was, and another changes", async (t) => {
  const setbacks: Error[] = [];
  const preparer = new WorkerPreparer({
    onSetback: (setback) => setbacks.push(setback),
    entry: faultyEntry,
  });
  const { keeper, loads, serves, write } = await startStage(t, { preparer });
  const { snapshot } = keeper.state;
  await write("acme/more.yaml", "# throw");
  await write("platform/tenant.yaml", tenant);
  await keeper.reload();
  assert.deepEqual(loads, ["active", "refused"]);
  assert.deepEqual(serves(), { acme: "lastGood", globex: "current", platform: "current" });
  assert.notEqual(keeper.state.snapshot?.digest, snapshot?.digest);
  assert.equal(keeper.state.snapshot?.hasApp("acme", "bot"), true);
  assert.deepEqual(
    keeper.state.problems.map(({ code, namespace }) => [code, namespace]),
    [["E10", "acme"]],
  );
  assert.equal(setbacks.length, 1);
});

const tenant = `apiVersion: chancery/v1alpha1
kind: Tenant
metadata: { name: globex, namespace: platform }
spec: {}
`;

test("loads that are asked for while one runs become one more", async (t) => {
  const { keeper, loads } = await startStage(t);
  await Promise.all([keeper.reload(), keeper.reload(), keeper.reload()]);
  assert.ok(loads.length <= 3);
});
