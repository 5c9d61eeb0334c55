import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import type { SinkConfig } from "../../src/sinks/index.ts";
import { appendDecision } from "../support/log-stage.ts";
import { type NatsServer, startNats } from "../support/nats-server.ts";
import { type SinkStage, setSinkStage, until } from "../support/sink-stage.ts";

const subject = "audit.eu1";

async function stageOf(t: TestContext, records: number) {
  const [stage, server] = await Promise.all([setSinkStage(t), startNats(t)]);
  const credentialFile = join(stage.stateDir, "nats.key");
  writeFileSync(credentialFile, `${server.user}:${server.password}\n`);
  await stage.append(records);
  const config: SinkConfig = {
    ...{ name: "bus", kind: "nats", servers: [server.address], subject, credentialFile },
  };
  return { stage, server, config };
}

async function untilAll(server: NatsServer, stage: SinkStage) {
  await until("all is there", () => stage.cursorSeq("bus") === stage.log.nextSeq);
  const messages = await server.messages();
  assert.deepEqual(
    messages.map(({ text }) => text),
    stage.lines(),
  );
  return messages;
}

describe("NATS JetStream", () => {
  test("holds every line once and in order, under the id that marks it", async (t) => {
    const { config, server, stage } = await stageOf(t, 700);
    await server.addStream(subject);
    await stage.open([config]);
    const messages = await untilAll(server, stage);
    const { origin } = stage.log;
    const expected = stage.lines().map((line) => {
      const { checkpoint, seq } = JSON.parse(line) as { checkpoint?: string; seq?: number };
      return `${origin}:${checkpoint === undefined ? seq : `c${checkpoint.split("\n")[1]}`}`;
    });
    assert.deepEqual(
      messages.map(({ id }) => id),
      expected,
    );
  });

  test("killed and back: nothing is missing, and what was sent again is there once", async (t) => {
    const { config, server, stage } = await stageOf(t, 300);
    await server.addStream(subject);
    const sinks = await stage.open([config]);
    await until("it works", () => stage.told.sent.get("bus") !== undefined);
    await server.stop();
    await stage.append(400);
    await until("it is missed", () => stage.told.troubles.length > 0);
    assert.equal(sinks.status[0]?.state, "waiting");
    await server.start();
    await untilAll(server, stage);
  });

  test("that holds still is given up on, and nothing is missing when it goes on", async (t) => {
    const { config, server, stage } = await stageOf(t, 50);
    await server.addStream(subject);
    await stage.open([config]);
    await untilAll(server, stage);
    server.pause();
    await stage.append(50);
    await until("it is given up on", () => stage.told.troubles.length > 0);
    server.resume();
    await untilAll(server, stage);
  });

  test("that refuses a message for its size names it, and takes the others", async (t) => {
    const { config, server, stage } = await stageOf(t, 20);
    const seq = appendDecision(stage.log, { text: "x".repeat(3_000) });
    await stage.append(20);
    await server.addStream(subject, 2_000);
    await stage.open([config]);
    await until("all is there", () => stage.cursorSeq("bus") === stage.log.nextSeq);
    const messages = await server.messages();
    assert.deepEqual(
      stage.cursor("bus").refused.map((refusal) => refusal.seq),
      [seq],
    );
    assert.deepEqual(
      new Set(messages.map(({ text }) => text)),
      new Set(stage.lines().filter((line) => line.length < 2_000)),
    );
  });

  test("without a stream for the subject is waited for", async (t) => {
    const { config, server, stage } = await stageOf(t, 20);
    await stage.open([config]);
    await until("it is missed", () => stage.told.troubles.length > 1);
    assert.deepEqual(new Set(stage.told.troubles), new Set(["away"]));
    await server.addStream(subject);
    await untilAll(server, stage);
  });

  test("with another password stops the sink, until the right one is there", async (t) => {
    const { config, server, stage } = await stageOf(t, 20);
    await server.addStream(subject);
    writeFileSync(join(stage.stateDir, "nats.key"), "gov:wrong\n");
    const sinks = await stage.open([config]);
    await until("it has stopped", () => stage.told.stopped.length === 1);
    writeFileSync(join(stage.stateDir, "nats.key"), `${server.user}:${server.password}\n`);
    sinks.resume();
    await untilAll(server, stage);
  });
});
