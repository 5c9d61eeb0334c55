import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { SinkConfig } from "../../src/sinks/index.ts";
import { type KafkaServer, startKafka } from "../support/kafka-server.ts";
import { appendDecision } from "../support/log-stage.ts";
import { type SinkStage, setSinkStage, timersOf, until } from "../support/sink-stage.ts";

describe("Kafka", () => {
  let server: KafkaServer;
  const endings: (() => Promise<void>)[] = [];
  before(async () => {
    server = await startKafka({ after: (end) => endings.push(end as () => Promise<void>) });
  });
  after(async () => {
    for (const end of endings) await end();
  });

  const configOf = (topic: string) =>
    ({
      ...{ name: "bus", kind: "kafka", brokers: [server.address], topic },
      mechanism: "PLAIN",
    }) as const satisfies SinkConfig;
  // The client asks for partitions and leaders first, and a broker that is alone takes its time.
  const patient = { timers: timersOf(10) };
  const untilDone = (stage: SinkStage) =>
    until("all is there", () => stage.cursorSeq("bus") === stage.log.nextSeq);

  test("holds every line once and in order, with its log as key and its mark in headers", async (t) => {
    const stage = await setSinkStage(t);
    await stage.append(1_200);
    await server.addTopic("plain");
    await stage.open([configOf("plain")], patient);
    await untilDone(stage);
    const messages = await server.messages("plain", stage.lines().at(-1) ?? "");
    assert.deepEqual(
      messages.map(({ text }) => text),
      stage.lines(),
    );
    const [{ headers = {}, key = "" } = {}] = messages;
    assert.equal(key, stage.log.origin);
    assert.deepEqual(headers, { log: stage.log.origin, seq: "0", type: "record" });
    assert.deepEqual(stage.told.troubles, []);
  });

  test("that refuses a message for its size names it, and takes the others", async (t) => {
    const stage = await setSinkStage(t);
    await stage.append(20);
    const seq = appendDecision(stage.log, { text: "x".repeat(3_000) });
    await stage.append(20);
    await server.addTopic("small", 2_000);
    await stage.open([configOf("small")], patient);
    await untilDone(stage);
    assert.deepEqual(
      stage.cursor("bus").refused.map((refusal) => refusal.seq),
      [seq],
    );
    const expected = stage.lines().filter((line) => line.length < 2_000);
    const messages = await server.messages("small", expected.at(-1) ?? "");
    assert.deepEqual(new Set(messages.map(({ text }) => text)), new Set(expected));
  });

  test("killed and back: nothing is missing, and what came twice has one mark", async (t) => {
    const stage = await setSinkStage(t);
    await stage.append(700);
    await server.addTopic("killed");
    const sinks = await stage.open([configOf("killed")], patient);
    await until("it works", () => stage.told.sent.get("bus") !== undefined);
    await server.stop();
    await stage.append(700);
    await until("it is missed", () => stage.told.troubles.length > 0);
    assert.equal(sinks.status[0]?.state, "waiting");
    await server.start();
    await untilDone(stage);
    const messages = await server.messages("killed", stage.lines().at(-1) ?? "");
    const marks = new Map(
      messages.map(({ headers, text }) => [`${headers["type"]} ${headers["seq"]}`, text]),
    );
    assert.deepEqual([...marks.values()], stage.lines());
  });

  test("that holds still is given up on, and nothing is missing when it goes on", async (t) => {
    const stage = await setSinkStage(t);
    await stage.append(50);
    await server.addTopic("still");
    await stage.open([configOf("still")], patient);
    await untilDone(stage);
    server.pause();
    await stage.append(50);
    await until("it is given up on", () => stage.told.troubles.length > 0);
    server.resume();
    await untilDone(stage);
    const messages = await server.messages("still", stage.lines().at(-1) ?? "");
    const marks = new Map(
      messages.map(({ headers, text }) => [`${headers["type"]} ${headers["seq"]}`, text]),
    );
    assert.deepEqual([...marks.values()], stage.lines());
  });

  test("without the topic is waited for", async (t) => {
    const stage = await setSinkStage(t);
    await stage.append(10);
    await stage.open([configOf("later")], patient);
    await until("it is missed", () => stage.told.troubles.length > 1);
    assert.deepEqual(stage.told.stopped, []);
    await server.addTopic("later");
    await untilDone(stage);
    const messages = await server.messages("later", stage.lines().at(-1) ?? "");
    assert.deepEqual(
      messages.map(({ text }) => text),
      stage.lines(),
    );
  });
});
