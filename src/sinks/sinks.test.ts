import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { startOtlpReceiver } from "../../test/support/otlp-receiver.ts";
import { setSinkStage, until } from "../../test/support/sink-stage.ts";
import { BackOff } from "./back-off.ts";
import { openSinks, readSent, type SinkConfig } from "./index.ts";
import { loadLibrary } from "./optional-library.ts";

function otlp(name: string, url: string): SinkConfig {
  return { name, kind: "otlp", url, header: "authorization", prefix: "" };
}

describe("several sinks", () => {
  test("each goes at its own pace, and what one has not is known", async (t) => {
    const stage = await setSinkStage(t);
    const [quick, dead] = [await startOtlpReceiver(t), await startOtlpReceiver(t)];
    await dead.stop();
    await stage.append(50);
    const sinks = await stage.open([otlp("quick", quick.url), otlp("dead", dead.url)]);
    const { nextSeq, origin } = stage.log;
    await until("one has all", () => stage.cursorSeq("quick") === nextSeq);
    assert.equal(sinks.hasPassed(origin, 1), false);
    const shown = sinks.status.map(({ cursors, name, refused }) => [name, [...cursors], refused]);
    assert.deepEqual(shown, [
      ["quick", Object.entries(stage.cursor("quick").logs), 0],
      ["dead", [], 0],
    ]);
    await dead.start();
    await until("both have all", () => stage.cursorSeq("dead") === nextSeq);
    assert.equal(sinks.hasPassed(origin, nextSeq), true);
    assert.equal(sinks.hasPassed(origin, nextSeq + 1), false);
    const sent = await readSent(stage.stateDir);
    assert.equal(sent(origin, nextSeq), true);
    assert.equal(sent(origin, nextSeq + 1), false);
    assert.equal(sent("gov.acme.example/0/00000000", 1), false);
  });

  test("logs of other slots are sent as far as they are durable", async (t) => {
    const [stage, other, receiver] = [
      await setSinkStage(t),
      await setSinkStage(t),
      await startOtlpReceiver(t),
    ];
    await other.append(30);
    const [slot = "", id = ""] = other.log.origin.split("/").slice(-2);
    const folder = join(other.stateDir, "log", slot, id);
    const path = join(folder, "checkpoint");
    const size = `\n${other.log.nextSeq}\n`;
    await until("it says so", () => existsSync(path) && readFileSync(path, "utf8").includes(size));
    cpSync(folder, join(stage.stateDir, "log", "7", id), { recursive: true });
    await stage.append(5);
    await stage.open([otlp("siem", receiver.url)]);
    const ofOther = () =>
      receiver.logs.filter(({ attributes }) => attributes["chancery.log"] === other.log.origin);
    await until("both logs have come", () => ofOther().length === other.lines().length);
    assert.deepEqual(
      ofOther().map(({ line }) => line),
      other.lines(),
    );
  });

  test("segments that are gone are told of, and what is behind them is sent", async (t) => {
    let offset = 0;
    const clock = {
      nowMicros: () => Date.now() * 1000,
      monotonicMicros: () => performance.now() * 1000 + offset,
    };
    const [stage, receiver] = [await setSinkStage(t, { clock }), await startOtlpReceiver(t)];
    await stage.append(20);
    offset += 3_600_000_000;
    await stage.append(5);
    const segments = join(
      ...[stage.stateDir, "log", ...stage.log.origin.split("/").slice(-2), "segments"],
    );
    rmSync(join(segments, "000000000000.jsonl"));
    await stage.open([otlp("siem", receiver.url)]);
    await until("the rest has come", () => receiver.logs.length === stage.lines().length);
    assert.deepEqual(stage.told.troubles, ["missing"]);
  });

  test("without any nothing is kept back and nothing is taken", async (t) => {
    const stage = await setSinkStage(t);
    const sinks = await stage.open([], { takeLock: () => assert.fail("nobody asks for it") });
    assert.equal(sinks.hasPassed(stage.log.origin, 1_000), true);
    assert.deepEqual(sinks.status, []);
  });
});

test("a cursor of another format is not taken for one", async (t) => {
  const stage = await setSinkStage(t);
  mkdirSync(join(stage.stateDir, "sinks"));
  for (const text of [
    '{"format":2,"logs":{},"refused":[]}',
    "[]",
    '{"format":1,"logs":{"x":{}}}',
  ]) {
    writeFileSync(join(stage.stateDir, "sinks/siem.json"), text);
    await assert.rejects(readSent(stage.stateDir), /expected cursors of format 1/);
  }
});

test("a library that is not installed is named with what to install", async () => {
  await assert.rejects(
    loadLibrary({ name: "@acme/bus", version: "3" }, () => import("no-such-library" as string)),
    { message: "a sink needs @acme/bus, which is not installed: npm install @acme/bus@3" },
  );
  assert.equal(typeof openSinks, "function");
});

test("waits grow from half a second to a minute, differ, and heed what a receiver asks", () => {
  const waits = (random: number, asked?: number) => {
    const backOff = new BackOff(() => random);
    return Array.from({ length: 10 }, () => backOff.next(asked));
  };
  assert.deepEqual(waits(0.999_999).map(Math.round).slice(0, 3), [500, 1_000, 2_000]);
  assert.deepEqual(waits(0).slice(0, 4), [500, 500, 1_000, 2_000]);
  assert.equal(Math.max(...waits(0.999_999).map(Math.round)), 60_000);
  assert.equal(waits(0, 8_000)[0], 8_000);
  assert.equal(waits(0, 86_400_000)[0], 60_000);
});
