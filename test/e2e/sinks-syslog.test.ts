import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import type { SinkConfig } from "../../src/sinks/index.ts";
import { type SinkStage, setSinkStage, until } from "../support/sink-stage.ts";
import { type SyslogServer, startSyslog } from "../support/syslog-server.ts";

async function stageOf(t: TestContext, records: number) {
  const [stage, server] = await Promise.all([setSinkStage(t), startSyslog(t)]);
  await stage.append(records);
  const { port, tls } = server;
  const config = { name: "syslog", kind: "syslog", host: "127.0.0.1", port, tls } as const;
  return { stage, server, config: config satisfies SinkConfig };
}

/** Lines that came, in the order in which each came first. */
function distinct(server: SyslogServer): readonly string[] {
  const byMark = new Map(server.messages().map(({ data, text }) => [data, text]));
  return [...byMark.values()];
}

async function untilAll(server: SyslogServer, stage: SinkStage): Promise<void> {
  await until("every line has come", () => distinct(server).length >= stage.lines().length);
  assert.deepEqual(distinct(server), stage.lines());
}

describe("syslog over TLS", () => {
  test("is understood by rsyslog, every line as it is and in order", async (t) => {
    const { config, server, stage } = await stageOf(t, 600);
    await stage.open([config]);
    await untilAll(server, stage);
    const message = server.messages()[3];
    const { origin } = stage.log;
    assert.deepEqual(
      { ...message, timestamp: undefined, text: undefined },
      {
        ...{ facility: "audit", severity: "info", timestamp: undefined, host: "gov-1" },
        ...{ app: "chancery", process: "42", id: "decision", text: undefined },
        data: `[chancery@32473 log="${origin}" seq="2" type="record"]`,
      },
    );
    const { at } = JSON.parse(message?.text ?? "{}") as { at: string };
    assert.equal(Date.parse(message?.timestamp ?? ""), Date.parse(at));
  });

  test("killed and back: what may have been lost comes again, and nothing is missing", async (t) => {
    const { config, server, stage } = await stageOf(t, 2_500);
    await stage.open([config]);
    await untilAll(server, stage);
    // The last thousand lines may have been on their way: the cursor knows no better.
    assert.ok(stage.cursorSeq("syslog") <= stage.log.nextSeq - 1_000);
    await server.stop();
    await stage.append(100);
    await server.start();
    await untilAll(server, stage);
    assert.ok(server.messages().length >= stage.lines().length + 1_000);
  });

  test("after a restart of ours the last thousand lines come again", async (t) => {
    const { config, server, stage } = await stageOf(t, 1_500);
    const first = await stage.open([config]);
    await untilAll(server, stage);
    await first.close(AbortSignal.timeout(2_000));
    const before = server.messages().length;
    await stage.open([config]);
    await until("they have come", () => server.messages().length >= before + 1_000);
    await untilAll(server, stage);
  });

  test("that reads nothing is given up on, and nothing is missing when it goes on", async (t) => {
    const { config, server, stage } = await stageOf(t, 10);
    await stage.open([config]);
    await untilAll(server, stage);
    server.pause();
    // More than the buffers on the way hold.
    await stage.append(20_000);
    await until("it is given up on", () => stage.told.troubles.length > 0);
    server.resume();
    await untilAll(server, stage);
  });

  test("a receiver that does not know us has nothing, and the cursor knows it", async (t) => {
    const { config, server, stage } = await stageOf(t, 5_000);
    await stage.open([{ ...config, tls: { caFile: config.tls.caFile } }]);
    await until("it was tried", () => stage.told.troubles.length > 1);
    assert.deepEqual(server.messages(), []);
    assert.equal(stage.cursorSeq("syslog"), 0);
    assert.equal(stage.told.sent.get("syslog"), undefined);
  });

  test("nothing is sent to a receiver that nobody vouches for", async (t) => {
    const { config, server, stage } = await stageOf(t, 10);
    const stranger = await startSyslog(t);
    await stage.open([{ ...config, tls: { ...config.tls, caFile: stranger.tls.caFile } }]);
    await until("it was tried", () => stage.told.troubles.length > 1);
    assert.deepEqual(server.messages(), []);
    assert.deepEqual(new Set(stage.told.troubles), new Set(["away"]));
  });
});
