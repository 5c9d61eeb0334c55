import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { goodOffers } from "../../test/support/bundle-world.ts";
import { bundleNowMs, ringOf } from "../../test/support/bundles.ts";
import { stagePolicies } from "../../test/support/exchange-stage.ts";
import { faultyEntry, nextHang } from "../../test/support/hanging-worker.ts";
import { prepareHere } from "../../test/support/prepare-here.ts";
import type { PolicyFile } from "../policy/index.ts";
import { NotPrepared, type Preparation, type PreparationJob } from "./preparation.ts";
import { WorkerPreparer, type WorkerPreparerOptions } from "./worker-preparer.ts";

/** A preparer whose thread does what comments in files ask for, and the setbacks it told of. */
function open(t: TestContext, options: Partial<WorkerPreparerOptions> = {}) {
  const setbacks: Error[] = [];
  const preparer = new WorkerPreparer({
    onSetback: (setback) => setbacks.push(setback),
    entry: faultyEntry,
    ...options,
  });
  t.after(() => preparer.close());
  return { preparer, setbacks };
}

const job: PreparationJob = {
  files: stagePolicies,
  lastGood: new Map(),
  readProblems: [],
  nowMs: bundleNowMs,
  engineVersion: "1.0.0",
};

/** Not whole seconds, so that the message says what was set; ample for what does come to an end. */
const stallMs = 2500;

const inForce = Map.groupBy(stagePolicies, ({ namespace }) => namespace);

/** The stage's policies with one more file of a namespace, which asks for trouble. */
function troubled(namespace: string, trouble: string): readonly PolicyFile[] {
  return [...stagePolicies, { namespace, path: `${namespace}/new.yaml`, text: `# ${trouble}\n` }];
}

function states({ namespaces }: Preparation): Record<string, string> {
  return Object.fromEntries([...namespaces].map(([name, { state }]) => [name, state]));
}

function problemsOf(error: unknown): string[] {
  assert.ok(error instanceof NotPrepared);
  return error.problems.map(({ code, message, namespace }) => `${code} ${namespace}: ${message}`);
}

test("the thread makes of folders and bundles what this one makes of them", async (t) => {
  const preparer = new WorkerPreparer({ onSetback: assert.fail });
  t.after(() => preparer.close());
  const bundles = { offers: goodOffers, root: ringOf("root"), ledger: undefined };
  for (const one of [job, { ...job, files: [], bundles }]) {
    const here = await prepareHere.prepare(one);
    const there = await preparer.prepare(one);
    assert.ok(there.compiled !== undefined);
    assert.deepEqual(there.compiled, here.compiled);
    assert.deepEqual(there.problems, here.problems);
    assert.deepEqual(there.bundles, here.bundles);
    assert.deepEqual(states(there), states(here));
  }
});

test("a process that lets no text become code prepares as well", async () => {
  const door = new URL("./index.ts", import.meta.url).href;
  const script = `
    const { WorkerPreparer } = await import(${JSON.stringify(door)});
    const preparer = new WorkerPreparer({ onSetback: console.error });
    const { compiled } = await preparer.prepare({ files: [], lastGood: new Map(), readProblems: [],
      nowMs: 0, engineVersion: "1.0.0" });
    console.log(compiled?.digest);
    await preparer.close();`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...["--disallow-code-generation-from-strings", "--disable-proto=delete"],
    ...["--input-type=module", "--eval", script],
  ]);
  assert.match(stdout, /^sha256:[0-9a-f]{64}\n$/);
});

test("files that were handed in come back as the very objects", async (t) => {
  const { preparer } = open(t);
  const { namespaces } = await preparer.prepare(job);
  assert.equal(namespaces.get("acme")?.files[0], stagePolicies[1]);
});

for (const [trouble, said] of [
  ["hang", "it took longer than 2.5 s"],
  ["throw", "it ended in an error"],
  ["eat", "it ended in an error"],
] as const) {
  test(`a tenant whose files ${trouble} stays as it was, and all others go on`, async (t) => {
    const { preparer, setbacks } = open(t, { stallMs, heapMegabytesMax: 64 });
    const files = troubled("acme", trouble).map((file) =>
      file.namespace === "platform" ? { ...file, text: `${file.text}\n` } : file,
    );
    const prepared = await preparer.prepare({ ...job, files, lastGood: inForce });
    assert.deepEqual(states(prepared), { platform: "current", acme: "lastGood" });
    assert.deepEqual(
      prepared.problems.map(({ code, message, namespace }) => [code, namespace, message]),
      [["E10", "acme", `the documents of \`acme\` could not be compiled: ${said}`]],
    );
    assert.equal(setbacks.length, 1);
  });
}

test("a tenant that was never in force and cannot be got through is absent", async (t) => {
  const { preparer } = open(t);
  const prepared = await preparer.prepare({ ...job, files: troubled("acme", "throw") });
  assert.deepEqual(states(prepared), { platform: "current", acme: "absent" });
});

test("a tenant whose former files cannot be got through either is left out", async (t) => {
  const { preparer, setbacks } = open(t);
  const files = troubled("acme", "throw");
  const lastGood = Map.groupBy(files, ({ namespace }) => namespace);
  const prepared = await preparer.prepare({ ...job, files, lastGood });
  assert.deepEqual(states(prepared), { platform: "current", acme: "absent" });
  assert.equal(setbacks.length, 2);
});

test("the platform's former files are never done without", async (t) => {
  const { preparer } = open(t);
  const files = troubled("platform", "throw");
  const once = await preparer.prepare({ ...job, files, lastGood: inForce });
  assert.deepEqual(states(once), { platform: "lastGood", acme: "current" });
  const lastGood = Map.groupBy(files, ({ namespace }) => namespace);
  const error = await preparer.prepare({ ...job, files, lastGood }).catch((one: unknown) => one);
  assert.deepEqual(problemsOf(error), [
    "E10 platform: the documents of `platform` could not be compiled: it ended in an error",
    "E10 platform: the documents of `platform` could not be compiled: it ended in an error",
  ]);
});

test("too many that cannot be got through leave everything as it was", async (t) => {
  const { preparer, setbacks } = open(t);
  const files = ["a", "b", "c", "d"].flatMap((name) => troubled(name, "throw").slice(-1));
  const error = await preparer
    .prepare({ ...job, files: [...stagePolicies, ...files] })
    .catch((one: unknown) => one);
  assert.equal(problemsOf(error).length, 4);
  assert.equal(setbacks.length, 4);
});

test("after a setback, and after a rest, the next job is done by a new thread", async (t) => {
  const { preparer } = open(t, { idleMs: 0 });
  await preparer.prepare({ ...job, files: troubled("acme", "throw") });
  for (let turn = 0; turn < 2; turn += 1) {
    const prepared = await preparer.prepare(job);
    assert.deepEqual(states(prepared), { platform: "current", acme: "current" });
    // Timers run before the next job is handed over.
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
});

test("closing ends a job that would never end, and nobody is told of a setback", async (t) => {
  const { preparer, setbacks } = open(t);
  const hanging = nextHang();
  const outcome = preparer.prepare({ ...job, files: troubled("acme", "hang") });
  const rejected = assert.rejects(outcome);
  await hanging;
  await preparer.close();
  await rejected;
  assert.deepEqual(setbacks, []);
});
