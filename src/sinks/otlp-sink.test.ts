import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { type OtlpReceiver, startOtlpReceiver } from "../../test/support/otlp-receiver.ts";
import { createOwnTrust } from "../../test/support/own-trust.ts";
import { type SinkStage, setSinkStage, until } from "../../test/support/sink-stage.ts";
import type { SinkConfig } from "./index.ts";

function configOf({ url }: OtlpReceiver, credentialFile?: string): SinkConfig {
  return {
    ...{ name: "siem", kind: "otlp", url, header: "authorization", prefix: "Bearer " },
    credentialFile,
  };
}

async function stageOf(t: TestContext, records: number) {
  const [stage, receiver] = await Promise.all([setSinkStage(t), startOtlpReceiver(t)]);
  await stage.append(records);
  return { stage, receiver, config: configOf(receiver) };
}

/** Lines that came, without those that came again. */
function distinct({ logs }: OtlpReceiver): readonly string[] {
  const marks = new Map<string, string>();
  for (const { attributes, line } of logs) {
    const isCheckpoint = attributes["chancery.kind"] === "checkpoint";
    const mark = `${attributes["chancery.log"]} ${isCheckpoint} ${attributes["chancery.seq"]}`;
    assert.equal(marks.get(mark) ?? line, line, "what has one mark is one line");
    marks.set(mark, line);
  }
  return [...marks.values()];
}

async function untilAll(receiver: OtlpReceiver, stage: SinkStage): Promise<void> {
  await until("every line has come", () => distinct(receiver).length === stage.lines().length);
  assert.deepEqual(distinct(receiver), stage.lines());
}

describe("a sink that works", () => {
  test("gets every line as it is and in order, checkpoint lines too, each once", async (t) => {
    const { config, receiver, stage } = await stageOf(t, 1_300);
    const sinks = await stage.open([config]);
    await untilAll(receiver, stage);
    await stage.append(700);
    await untilAll(receiver, stage);
    assert.equal(receiver.logs.length, stage.lines().length);
    assert.deepEqual(receiver.wrong, []);
    assert.ok(Math.max(...receiver.batches) <= 512);
    const { attributes, line, timeUnixNano } = receiver.logs[2] ?? {};
    const record = JSON.parse(line ?? "{}") as { at: string; seq: number };
    assert.equal(attributes?.["chancery.seq"], String(record.seq));
    const micros = Date.parse(record.at) * 1000 + Number(record.at.slice(23, 26));
    assert.equal(timeUnixNano, `${micros}000`);
    await until("that is known", () => sinks.status[0]?.lagRecords === 0);
    assert.deepEqual(
      sinks.status.map(({ lagRecords, lagSeconds, state }) => [state, lagRecords, lagSeconds]),
      [["running", 0, 0]],
    );
  });

  test("is never ahead of what is durable", async (t) => {
    const { config, receiver, stage } = await stageOf(t, 10);
    const own = { ...stage.log, origin: stage.log.origin, onDurable: () => () => undefined };
    const durable = { checkpoint: { size: 7 } };
    await stage.open([config], { own: { ...own, durable } });
    await until("something has come", () => receiver.logs.length > 0);
    const seqs = receiver.logs.map(({ line }) => (JSON.parse(line) as { seq?: number }).seq ?? -1);
    assert.equal(Math.max(...seqs), 6);
  });

  test("goes on after a restart where it was, and sends what came meanwhile", async (t) => {
    const { config, receiver, stage } = await stageOf(t, 100);
    const first = await stage.open([config]);
    await untilAll(receiver, stage);
    await first.close(AbortSignal.timeout(1_000));
    await stage.append(50);
    await stage.open([config]);
    await untilAll(receiver, stage);
    assert.equal(receiver.logs.length, stage.lines().length);
  });

  test("sends what is left when it is closed", async (t) => {
    const { config, receiver, stage } = await stageOf(t, 10);
    const sinks = await stage.open([config]);
    await untilAll(receiver, stage);
    await stage.append(600);
    await sinks.close(AbortSignal.timeout(5_000));
    assert.deepEqual(distinct(receiver), stage.lines());
  });

  test("has its credential from a file, renewed when that is", async (t) => {
    const { receiver, stage } = await stageOf(t, 1);
    const file = join(stage.stateDir, "siem.key");
    writeFileSync(file, "one\n");
    await stage.open([configOf(receiver, file)]);
    await untilAll(receiver, stage);
    writeFileSync(file, "two\n");
    await stage.append(1);
    await untilAll(receiver, stage);
    assert.equal(receiver.authorizations[0], "Bearer one");
    assert.equal(receiver.authorizations.at(-1), "Bearer two");
  });

  test("is believed by an authority of one's own, and asked with a certificate", async (t) => {
    const trust = await createOwnTrust(t);
    const [stage, receiver] = [await setSinkStage(t), await startOtlpReceiver(t, trust.server)];
    await stage.append(10);
    const config = { ...configOf(receiver), name: "own", tls: trust.tls } as const;
    await stage.open([config, configOf(receiver)]);
    await untilAll(receiver, stage);
    await until("the other is turned away", () => stage.told.troubles.includes("away"));
    await until("the one has taken them", () => stage.cursorSeq("own") > 0);
    assert.equal(existsSync(join(stage.stateDir, "sinks/siem.json")), false);
  });

  test("of two processes one sends, and the other goes on when that ends", async (t) => {
    const { config, receiver, stage } = await stageOf(t, 20);
    let isFree = false;
    const lock = { release: () => undefined };
    const second = await stage.open([config], { takeLock: () => (isFree ? lock : undefined) });
    assert.deepEqual(second.status, []);
    assert.deepEqual(receiver.logs, []);
    isFree = true;
    await untilAll(receiver, stage);
  });
});

describe("a sink that does not work", () => {
  test("dead: nothing is lost, and nobody waits for it", async (t) => {
    const { config, receiver, stage } = await stageOf(t, 10);
    await receiver.stop();
    const sinks = await stage.open([config]);
    await until("it was tried", () => stage.told.troubles.length >= 3);
    await stage.append(1_000);
    assert.equal(sinks.status[0]?.state, "waiting");
    assert.equal(sinks.status[0]?.lagRecords, 1_011);
    assert.ok((sinks.status[0]?.lagSeconds ?? 0) > 0);
    assert.deepEqual(new Set(stage.told.troubles), new Set(["away"]));
    await receiver.start();
    await untilAll(receiver, stage);
    assert.equal(receiver.logs.length, stage.lines().length);
  });

  test("slow: it is given up on, tried again, and what came twice is marked", async (t) => {
    const { config, receiver, stage } = await stageOf(t, 10);
    let isSlow = true;
    receiver.answer = (logs) => {
      if (!isSlow) return undefined;
      isSlow = false;
      // It took them, and says so too late.
      receiver.logs.push(...logs);
      return new Promise(() => undefined);
    };
    await stage.open([config]);
    await until("it was given up on", () => stage.told.troubles.includes("late"));
    await until("it was tried again", () => receiver.batches.length >= 2);
    await untilAll(receiver, stage);
    assert.ok(receiver.logs.length > stage.lines().length);
  });

  test("busy: it is left alone for as long as it asks", async (t) => {
    const { config, receiver, stage } = await stageOf(t, 10);
    const times: number[] = [];
    receiver.answer = () => {
      times.push(performance.now());
      if (times.length > 2) return undefined;
      return { status: 429, headers: { "retry-after": "8" } };
    };
    await stage.open([config]);
    await untilAll(receiver, stage);
    assert.deepEqual(stage.told.troubles, ["busy", "busy"]);
    // 8 s, 20 times as fast.
    assert.ok((times[1] ?? 0) - (times[0] ?? 0) >= 399);
  });

  test("refusing a line: that one is found, named in the cursor, and all others come", async (t) => {
    const { config, receiver, stage } = await stageOf(t, 400);
    const bad = ["123", "321"];
    const isBad = (seq: string | undefined) => bad.includes(seq ?? "");
    receiver.answer = (logs) =>
      logs.some(({ attributes }) => isBad(attributes["chancery.seq"]))
        ? { status: 413, body: "too large" }
        : undefined;
    await stage.open([config]);
    const expected = stage.lines().length - bad.length;
    await until("the others have come", () => receiver.logs.length === expected);
    assert.equal(distinct(receiver).length, expected);
    await until("it is on the disk", () => existsSync(join(stage.stateDir, "sinks/siem.json")));
    await until("they are named", () => stage.cursor("siem").refused.length === 2);
    assert.deepEqual(
      stage.cursor("siem").refused.map(({ reason, seq }) => [String(seq), reason]),
      bad.map((seq) => [seq, "expected status 200, found 413"]),
    );
    assert.deepEqual(stage.told.troubles, ["refused"]);
  });

  test("taking a part: what it rejected is not sent again, and is counted", async (t) => {
    const { config, receiver, stage } = await stageOf(t, 20);
    const partial = { rejectedLogRecords: "3", errorMessage: "quota" };
    let asked = 0;
    receiver.answer = () => {
      asked += 1;
      return asked === 1
        ? { status: 200, body: JSON.stringify({ partialSuccess: partial }) }
        : undefined;
    };
    await stage.open([config]);
    await until("it is known", () => stage.told.troubles.includes("refused"));
    await stage.append(5);
    await untilAll(receiver, stage);
    assert.equal(receiver.logs.length, stage.lines().length);
    const [refusal] = stage.cursor("siem").refused;
    assert.equal(refusal?.reason, "quota");
    assert.equal((refusal as { count?: number } | undefined)?.count, 3);
  });

  for (const status of [401, 403, 404, 302]) {
    test(`refusing everything with ${status}: it stops, loses nothing, and goes on when told`, async (t) => {
      const { config, receiver, stage } = await stageOf(t, 30);
      receiver.answer = () => ({ status, headers: { location: "http://127.0.0.1:1/v1/logs" } });
      const sinks = await stage.open([config]);
      await until("it has stopped", () => stage.told.stopped.length === 1);
      await stage.append(600);
      assert.equal(sinks.status[0]?.state, "stopped");
      assert.equal(receiver.batches.length, 1);
      receiver.answer = () => undefined;
      sinks.resume();
      await untilAll(receiver, stage);
      assert.equal(sinks.status[0]?.state, "running");
    });
  }

  test("refusing line after line: it stops before it has passed over them", async (t) => {
    const { config, receiver, stage } = await stageOf(t, 100);
    receiver.answer = () => ({ status: 400 });
    await stage.open([config]);
    await until("it has stopped", () => stage.told.stopped.length === 1);
    assert.deepEqual(stage.told.troubles, ["denied"]);
    assert.ok(!existsSync(join(stage.stateDir, "sinks/siem.json")), "nothing was passed over");
  });

  test("with a disk that takes no cursor: it sends, says so, and after a restart sends again", async (t) => {
    const { config, receiver, stage } = await stageOf(t, 30);
    // A folder in the file's place: no disk would put the file there.
    mkdirSync(join(stage.stateDir, "sinks/siem.json.draft"), { recursive: true });
    const first = await stage.open([config]);
    await untilAll(receiver, stage);
    await until("it is said", () => stage.told.troubles.includes("cursor"));
    await first.close(AbortSignal.timeout(1_000));
    rmSync(join(stage.stateDir, "sinks/siem.json.draft"), { recursive: true });
    await stage.open([config]);
    await until("all have come again", () => receiver.logs.length >= stage.lines().length * 2);
    await untilAll(receiver, stage);
  });

  test("with a cursor that is damaged: everything comes again rather than nothing", async (t) => {
    const { config, receiver, stage } = await stageOf(t, 30);
    mkdirSync(join(stage.stateDir, "sinks"));
    writeFileSync(join(stage.stateDir, "sinks/siem.json"), '{"format":1,"logs":{"x"');
    await stage.open([config]);
    await untilAll(receiver, stage);
    assert.deepEqual(stage.told.troubles, ["cursor"]);
  });

  test("killed in the middle: what it had not is sent by the next, and nothing is left out", async (t) => {
    const { config, receiver, stage } = await stageOf(t, 2_000);
    let batches = 0;
    receiver.answer = (logs) => {
      batches += 1;
      if (batches !== 2) return undefined;
      // The process is gone before it hears that they were taken.
      receiver.logs.push(...logs);
      return new Promise(() => undefined);
    };
    const first = await stage.open([config]);
    await until("it is in the middle", () => batches === 2);
    await first.close(AbortSignal.abort());
    await stage.open([config]);
    await untilAll(receiver, stage);
    assert.ok(receiver.logs.length > stage.lines().length);
  });

  test("with segments that cannot be read: it says so and goes on when they can", async (t) => {
    const { config, receiver, stage } = await stageOf(t, 30);
    const segments = join(
      ...[stage.stateDir, "log", ...stage.log.origin.split("/").slice(-2), "segments"],
    );
    const away = `${segments}.away`;
    const { renameSync } = await import("node:fs");
    renameSync(segments, away);
    await stage.open([config]);
    await until("it is said", () => stage.told.troubles.includes("log"));
    renameSync(away, segments);
    chmodSync(segments, 0o700);
    await untilAll(receiver, stage);
  });
});
