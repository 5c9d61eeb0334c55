import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { FakeClock } from "../../../test/support/fake-clock.ts";
import { type NamesModel, writeNamesModel } from "../../../test/support/onnx-names.ts";
import { type ClassifierConfig, openClassifiers } from "../index.ts";
import { type ModelTerms, ModelThread } from "./index.ts";

type Changes = Partial<ModelTerms>;

function open(t: TestContext, names: NamesModel, changes: Changes = {}) {
  const clock = new FakeClock();
  const failures: string[] = [];
  const config: ClassifierConfig = {
    type: "onnx",
    onnx: { ...names, windowTokens: 16, threads: 1, ...changes },
    ...{ concurrencyMax: 4, queueMax: 4, timeoutMs: 150, textUnitsMax: 10_000_000 },
    breaker: { failures: 2, openMs: 1000 },
  };
  const classifiers = openClassifiers(
    { names: config },
    {
      clock,
      timers: clock,
      credentialOf: () => undefined,
      observer: {
        asked: () => undefined,
        strayed: (_, labels) => failures.push(`strayed ${labels}`),
        failed: (_, cause) => failures.push((cause as Error).message),
      },
    },
  );
  t.after(() => classifiers.close());
  const ask = (texts: readonly string[], labels: readonly string[] = ["PER"]) => {
    const it = classifiers.of("names");
    assert.ok(it);
    return it.ask({ texts, labels, tenant: "acme", deadlineMs: 150 });
  };
  const values = async (texts: readonly string[], labels?: readonly string[]) => {
    const reply = await ask(texts, labels);
    assert.equal(reply.kind, "labels");
    const found = reply.kind === "labels" ? reply.labels : [];
    return found.map(
      ({ label, range, text }) =>
        `${text} ${label} ${JSON.stringify(texts[text]?.slice(range?.start, range?.end))}`,
    );
  };
  return { ask, values, clock, failures, start: () => classifiers.start(), classifiers };
}

describe("a model that runs here", () => {
  test("finds names in texts, where they stand, and tells what it was asked for", async (t) => {
    const { failures, start, values } = open(t, await writeNamesModel(t));
    await start();
    assert.deepEqual(
      await values(["👋 Did Jáne  Roe write?", "", "Zoë. Bo", "nobody", "In Paris: JANE ROE, Bo"]),
      ['0 PER "Jáne  Roe"', '2 PER "Zoë"', '2 PER "Bo"', '4 PER "JANE ROE"', '4 PER "Bo"'],
    );
    assert.deepEqual(await values(["Jane in Paris"], ["LOC"]), ['0 LOC "Paris"']);
    assert.deepEqual(failures, []);
  });

  test("is as sure as its numbers say", async (t) => {
    const { ask } = open(t, await writeNamesModel(t));
    const reply = await ask(["Jane"]);
    const [found] = reply.kind === "labels" ? reply.labels : [];
    // e^8 and 1 for the same type, of e^8 and four times 1.
    const expected = (Math.exp(8) + 1) / (Math.exp(8) + 4);
    assert.ok(Math.abs((found?.confidence ?? 0) - expected) < 1e-6);
  });

  test("finds a name wherever it stands in a text that is longer than it reads at once", async (t) => {
    const { values } = open(t, await writeNamesModel(t), { windowTokens: 8 });
    for (let before = 0; before < 25; before += 1) {
      const text = `${"write ".repeat(before)}Jane Roe ${"write ".repeat(25 - before)}`;
      assert.deepEqual(await values([text]), ['0 PER "Jane Roe"'], String(before));
    }
  });

  test("reads names of its special tokens as words", async (t) => {
    const { values } = open(t, await writeNamesModel(t));
    assert.deepEqual(await values(["[SEP] Jane [PAD] Roe [CLS]"]), ['0 PER "Jane"', '0 PER "Roe"']);
  });

  test("computes beside the thread that serves", async (t) => {
    // One window of half a million multiplications times 4000: far longer than a look at the clock.
    const logits = Array.from({ length: 40 }, () => new Array<number>(500).fill(0));
    const labels = ["O", ...Array.from({ length: 499 }, (_, index) => `B-L${index}`)];
    const { start, values } = open(t, await writeNamesModel(t, { logits }), {
      labels,
      windowTokens: 4000,
    });
    await start();
    let turns = 0;
    let isDone = false;
    const turn = () => {
      turns += 1;
      if (!isDone) setImmediate(turn);
    };
    turn();
    await values(["write ".repeat(20_000)]);
    isDone = true;
    // On the serving thread there would be a few for each window.
    assert.ok(turns > 500, String(turns));
  });
});

describe("a model that gives no answer", () => {
  test("in time is late, and answers what it is asked next", async (t) => {
    const { ask, clock, start } = open(t, await writeNamesModel(t));
    await start();
    const reply = ask(["write ".repeat(100_000)]);
    await new Promise(setImmediate);
    clock.advance(150);
    assert.deepEqual(await reply, { kind: "fault", fault: "timeout" });
    assert.equal((await ask(["Jane"])).kind, "labels");
  });

  test("as often as the breaker bears is left alone", async (t) => {
    const names = await writeNamesModel(t);
    const wrong = { ...names.tokenizer, digest: `sha256:${"0".repeat(64)}` };
    const { ask, failures } = open(t, names, { tokenizer: wrong });
    for (const fault of ["failed", "failed", "open"] as const) {
      assert.deepEqual(await ask(["Jane"]), { kind: "fault", fault });
    }
    assert.equal(failures.length, 2);
  });
});

describe("a thread that ends", () => {
  const terms = { labels: [], windowTokens: 8, threads: 1, runtimeDir: undefined };
  const file = { file: "/nowhere", digest: "" };
  const never = new AbortController().signal;
  // Says that it found nothing, and ends in the middle of certain asks.
  const entry = new URL(
    `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from "node:worker_threads";
    parentPort.on("message", ({ id, kind, texts }) => {
      if (kind === "drop") return;
      if (texts[0] === "exit") process.exit(1);
      if (texts[0] === "throw") throw new Error("a bug");
      if (texts[0] === "answer") parentPort.postMessage({ kind: "labels", id, labels: [] });
    });
    parentPort.postMessage({ kind: "ready" });
  `)}`,
  );
  const open = (t: TestContext) => {
    const thread = new ModelThread({ ...terms, model: file, tokenizer: file }, entry);
    t.after(() => thread.close());
    return (text: string, signal = never) => thread.label({ texts: [text], labels: [] }, signal);
  };

  test("fails all that was asked of it, and the next ask starts another", async (t) => {
    const ask = open(t);
    for (const end of ["exit", "throw"]) {
      assert.deepEqual(await ask("answer"), []);
      const waiting = ask("wait");
      await assert.rejects(Promise.all([ask(end), waiting]), /the thread of the model ended/);
      await assert.rejects(waiting, /the thread of the model ended/);
    }
    assert.deepEqual(await ask("answer"), []);
  });

  test("is not waited for by those whose time is over", async (t) => {
    const ask = open(t);
    const late = new AbortController();
    const waiting = ask("wait", late.signal);
    await ask("answer");
    late.abort();
    await assert.rejects(waiting, /nobody waits any more/);
    await assert.rejects(ask("wait", late.signal), { name: "AbortError" });
  });

  test("because it was closed stays so", async () => {
    const thread = new ModelThread({ ...terms, model: file, tokenizer: file }, entry);
    await thread.start();
    thread.close();
    await assert.rejects(thread.label({ texts: ["answer"], labels: [] }, never), /closed/);
  });
});

describe("a model that cannot be loaded is known when the server starts", () => {
  const startOf = async (
    t: TestContext,
    change: (names: NamesModel) => Changes | Promise<Changes>,
    model: Parameters<typeof writeNamesModel>[1] = {},
  ) => {
    const names = await writeNamesModel(t, model);
    return open(t, names, await change(names)).start();
  };

  test("without its runtime, and says what to install", async (t) => {
    await assert.rejects(
      startOf(t, () => ({ runtimeDir: "/nowhere" })),
      /^Error: classifier names: onnxruntime-node is not installed in \/nowhere; install it with: ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node@/,
    );
  });

  test("from files that are not there, or others than those pinned", async (t) => {
    await assert.rejects(
      startOf(t, ({ model }) => ({ model: { ...model, file: "/nowhere/names.onnx" } })),
      /classifier names: ENOENT/,
    );
    await assert.rejects(
      startOf(t, ({ model, tokenizer }) => ({ model: { ...model, digest: tokenizer.digest } })),
      /names\.onnx is sha256:[0-9a-f]{64}, which is not what is pinned$/,
    );
  });

  test("from what is no model or no tokenizer", async (t) => {
    await assert.rejects(
      startOf(t, ({ tokenizer }) => ({ model: tokenizer })),
      /tokenizer\.json is not a model that can be loaded: /,
    );
    await assert.rejects(
      startOf(t, ({ model }) => ({ tokenizer: model })),
      /classifier names: names\.onnx: expected JSON$/,
    );
  });

  test("with labels that are not as many as it tells", async (t) => {
    await assert.rejects(
      startOf(t, () => ({ labels: ["O", "B-PER"] })),
      /does not read 16 tokens up to 11: expected float32 of 1 x 16 x 2, found float32 of 1 x 16 x 5$/,
    );
  });

  test("with inputs that nobody has for it", async (t) => {
    await assert.rejects(
      startOf(t, () => ({}), { inputs: ["input_ids", "pixel_values"] }),
      /names\.onnx: it has the inputs input_ids, pixel_values; known are input_ids, attention_mask/,
    );
  });

  test("with weights in another file, which nobody pinned", async (t) => {
    const weightsFile = "weights.bin";
    const before = process.cwd();
    const folder = await mkdtemp(join(tmpdir(), "chancery-weights-"));
    t.after(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, weightsFile), Buffer.alloc(1000));
    process.chdir(folder);
    t.after(() => process.chdir(before));
    await assert.rejects(
      startOf(t, () => ({}), { weightsFile }),
      /names\.onnx is not a model that can be loaded: External data path validation failed/,
    );
  });

  test("where it does not read windows of that size, or knows fewer tokens", async (t) => {
    await assert.rejects(
      startOf(t, () => ({ windowTokens: 16 }), { tokens: 8 }),
      /names\.onnx does not read 16 tokens up to 11: /,
    );
    await assert.rejects(
      startOf(t, () => ({}), { logits: [[0, 0, 0, 0, 0]] }),
      /names\.onnx does not read 16 tokens up to 11: /,
    );
  });
});
