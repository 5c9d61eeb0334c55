import assert from "node:assert/strict";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { type ServeProcess, startServe, writeServeConfig } from "../support/chancery-process.ts";
import {
  type EnvoyStage,
  makeDirectory,
  readAllRecords,
  readRecords,
  startEnvoyStage,
} from "../support/envoy-stage.ts";
import type { WrittenRecord } from "../support/exchange-stage.ts";
import { eventually } from "../support/governed-envoy.ts";
import type { OpenCall } from "../support/http-caller.ts";
import { type LedCall, type LedUpstream, startLedUpstream } from "../support/led-upstream.ts";
import { type Load, startLoad } from "../support/load.ts";
import { openaiChat } from "../support/model-replies.ts";
import { RawGrpcClient, toGrpcFrame } from "../support/raw-grpc-client.ts";
import { type StubUpstream, startUpstream } from "../support/upstream.ts";

const path = "/chat/completions";
const email = "jane.roe@example.org";
const ask = (content: string) => ({ model: "large", messages: [{ role: "user", content }] });
const events = openaiChat.stream({
  model: "large",
  text: `She is ${email} as far as I know.`,
  toolCalls: [],
  deltaChars: 4,
  inputTokens: 1,
  includeUsage: false,
});
/** Up to the middle of the value. */
const firstEvents = 4;

/** grpc.health.v1: HealthCheckResponse with a status, as bytes. */
const health = { serving: "0801", notServing: "0802" };

/** One server process that can be started again. */
class Server {
  readonly socket: string;
  readonly state: string;
  readonly #t: TestContext;
  readonly #config: string;
  process: ServeProcess;

  private constructor(t: TestContext, directory: string, config: string, process: ServeProcess) {
    this.#t = t;
    this.#config = config;
    this.socket = `unix:${join(directory, "processor.sock")}`;
    this.state = join(directory, "state");
    this.process = process;
  }

  static async start(t: TestContext, drain: string): Promise<Server> {
    const directory = await makeDirectory(t);
    const config = await writeServeConfig(directory, {
      addresses: [`unix:${join(directory, "processor.sock")}`],
      lines: [`drain: ${drain}`],
    });
    return new Server(t, directory, config, await startServe(t, config));
  }

  /** Starts another process in the same place, and gives the one that was there. */
  async startNext(): Promise<ServeProcess> {
    const old = this.process;
    this.process = await startServe(this.#t, this.#config);
    return old;
  }

  async activeStreams(): Promise<number> {
    const response = await fetch(`${this.process.adminUrl}/status`);
    return ((await response.json()) as { readonly activeStreams: number }).activeStreams;
  }

  /** How many processes have decided something: each opens the log of its slot. */
  async processes(): Promise<number> {
    let count = 0;
    let isFresh = false;
    for (const { kind } of await readAllRecords(this.state)) {
      if (kind === "decision" && isFresh) count += 1;
      if (kind === "open" || kind === "decision") isFresh = kind === "open";
    }
    return count;
  }

  decisions() {
    return readRecords(this.state).then((records) =>
      records.filter(({ kind }) => kind === "decision"),
    );
  }
}

async function assertExits(process: ServeProcess): Promise<void> {
  assert.deepEqual(await process.ended, { code: 0, signal: null }, process.stderr());
}

/** Its stream has begun, and stalls. */
async function openStream(
  { caller }: EnvoyStage,
  upstream: LedUpstream,
): Promise<{ readonly call: OpenCall; readonly asking: LedCall }> {
  const call = caller.open(path);
  call.end(JSON.stringify({ ...ask("How?"), stream: true }));
  const asking = await upstream.next();
  asking.begin("text/event-stream");
  for (const event of events.slice(0, firstEvents)) asking.write(event);
  await call.received(/She/);
  return { call, asking };
}

function finish(asking: LedCall): void {
  for (const event of events.slice(firstEvents)) asking.write(event);
  asking.end();
}

function isListening(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address.slice("unix:".length));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

async function until(isThere: () => Promise<boolean>): Promise<void> {
  await eventually(async () => ((await isThere()) ? true : undefined));
}

describe("a server told to end", { concurrency: true, timeout: 60_000 }, () => {
  test("says so to health at once, serves on, lets a stream finish, and exits 0", async (t) => {
    const server = await Server.start(t, "{ noticeSeconds: 1, exchangesSeconds: 25 }");
    const upstream = await startLedUpstream(t);
    const envoy = await startEnvoyStage(t, { processor: [server.socket], upstream: upstream.url });
    const client = new RawGrpcClient(server.socket);
    t.after(() => client.close());
    const watch = client.call({ ":path": "/grpc.health.v1.Health/Watch" });
    watch.sendBytes(toGrpcFrame(Buffer.alloc(0)));
    watch.finish();
    assert.equal((await watch.nextBytes())?.toString("hex"), health.serving);
    const { asking, call } = await openStream(envoy, upstream);

    server.process.send("SIGTERM");
    assert.equal((await watch.nextBytes())?.toString("hex"), health.notServing);
    assert.equal((await fetch(`${server.process.adminUrl}/readyz`)).status, 503);
    assert.equal((await fetch(`${server.process.adminUrl}/livez`)).status, 200);
    const late = await openStream(envoy, upstream);
    finish(late.asking);
    assert.match((await late.call.answer).text, /\[EMAIL\]/);
    // It listens no more, which is as far as it gets while a stream is open.
    await until(async () => !(await isListening(server.socket)));
    finish(asking);
    const { isComplete, text } = await call.answer;
    assert.ok(isComplete && text.endsWith("data: [DONE]\n\n"), text);
    assert.ok(!text.includes("jane"), text);
    await assertExits(server.process);
    const ends = (await readRecords(server.state)).filter(({ kind }) => kind === "closing");
    assert.deepEqual(
      ends.map(({ end }) => end),
      ["complete", "complete"],
    );
  });

  test("ends what is left at its limit with an error, and records it as drained", async (t) => {
    const server = await Server.start(t, "{ noticeSeconds: 0, exchangesSeconds: 1 }");
    const upstream = await startLedUpstream(t);
    const envoy = await startEnvoyStage(t, { processor: [server.socket], upstream: upstream.url });
    const { asking, call } = await openStream(envoy, upstream);
    server.process.send("SIGTERM");
    const { isComplete, text } = await call.answer;
    assert.ok(!isComplete && !text.includes("jane"), text);
    assert.equal(await asking.ended, "cut");
    await assertExits(server.process);
    await assertDrained(server);
    assert.equal(await envoy.statistic("http.llm.ext_proc.streams_failed"), 1);
    assert.equal(await envoy.statistic("http.llm.ext_proc.failure_mode_allowed"), 0);
  });

  test("ends at once when it is told again", async (t) => {
    const server = await Server.start(t, "{ noticeSeconds: 600, exchangesSeconds: 3600 }");
    const upstream = await startLedUpstream(t);
    const envoy = await startEnvoyStage(t, { processor: [server.socket], upstream: upstream.url });
    const { asking, call } = await openStream(envoy, upstream);
    server.process.send("SIGTERM");
    const readiness = `${server.process.adminUrl}/readyz`;
    await until(async () => (await fetch(readiness)).status === 503);
    server.process.send("SIGTERM");
    const { isComplete, text } = await call.answer;
    assert.ok(!isComplete && !text.includes("jane"), text);
    assert.equal(await asking.ended, "cut");
    await assertExits(server.process);
    await assertDrained(server);
  });

  test("gets no new exchanges once the proxy has noticed", async (t) => {
    const drain = "{ noticeSeconds: 3, exchangesSeconds: 25 }";
    const servers = await Promise.all([Server.start(t, drain), Server.start(t, drain)]);
    const upstream = await startLedUpstream(t);
    const envoy = await startEnvoyStage(t, {
      processor: servers.map(({ socket }) => socket),
      upstream: upstream.url,
    });
    await untilHealthy(envoy, 2);
    const { asking, call } = await openStream(envoy, upstream);
    const streams = await Promise.all(servers.map((server) => server.activeStreams()));
    const leaving = servers[streams.indexOf(1)];
    const staying = servers[streams.indexOf(0)];
    assert.ok(leaving !== undefined && staying !== undefined);
    leaving.process.send("SIGTERM");
    await untilHealthy(envoy, 1);
    for (let count = 0; count < 20; count += 1) {
      const other = await openStream(envoy, upstream);
      finish(other.asking);
      assert.match((await other.call.answer).text, /\[EMAIL\]/);
    }
    assert.equal((await leaving.decisions()).length, 1);
    assert.equal((await staying.decisions()).length, 20);
    finish(asking);
    assert.ok((await call.answer).isComplete);
    await assertExits(leaving.process);
  });
});

async function assertDrained(server: Server): Promise<void> {
  const closing = (await readRecords(server.state)).at(-1);
  assert.equal(closing?.kind, "closing");
  assert.equal(closing?.end, "drained");
}

function untilHealthy(envoy: EnvoyStage, count: number): Promise<void> {
  return until(
    async () => (await envoy.statistic("cluster.chancery.membership_healthy")) === count,
  );
}

describe("a restart under load", { concurrency: true, timeout: 60_000 }, () => {
  test("of two processes in turn fails no exchange", async (t) => {
    const drain = "{ noticeSeconds: 3, exchangesSeconds: 25 }";
    const servers = await Promise.all([Server.start(t, drain), Server.start(t, drain)]);
    const { envoy, load, upstream } = await startUnderLoad(t, servers);
    await untilHealthy(envoy, 2);
    for (const server of servers) {
      await load.answered(100);
      server.process.send("SIGTERM");
      await assertExits(server.process);
      await server.startNext();
      await untilHealthy(envoy, 2);
    }
    await load.answered(100);
    await load.stop();
    await assertNoneFailed({ envoy, load, upstream });
    const decisions = await Promise.all(servers.map((server) => server.decisions()));
    const parts = await Promise.all(servers.map((server) => server.processes()));
    assert.deepEqual(parts, [2, 2], "each of the four processes took part");
    assertRecorded(load, decisions.flat());
  });

  test("in place, on one socket, fails no exchange", async (t) => {
    const server = await Server.start(t, "{ noticeSeconds: 0, exchangesSeconds: 25 }");
    const { envoy, load, upstream } = await startUnderLoad(t, [server]);
    const restarts = 3;
    for (let count = 0; count < restarts; count += 1) {
      await load.answered(100);
      const old = await server.startNext();
      old.send("SIGTERM");
      await assertExits(old);
    }
    await load.answered(100);
    await load.stop();
    await assertNoneFailed({ envoy, load, upstream });
    const decisions = await server.decisions();
    assert.equal(await server.processes(), restarts + 1);
    assertRecorded(load, decisions);
  });
});

/** Whichever process answered, its decision is in one of the logs. */
function assertRecorded({ answers }: Load, decisions: readonly WrittenRecord[]): void {
  const recorded = new Set(decisions.map(({ exchange }) => exchange));
  const lost = answers.filter(({ headers }) => !recorded.has(headers["x-chancery-decision"]));
  assert.deepEqual(lost, []);
}

interface UnderLoad {
  readonly envoy: EnvoyStage;
  readonly load: Load;
  readonly upstream: StubUpstream;
}

async function startUnderLoad(t: TestContext, servers: readonly Server[]): Promise<UnderLoad> {
  const upstream = await startUpstream();
  t.after(() => upstream.stop());
  // A model takes its time, so that exchanges are under way whatever happens when.
  upstream.answerWith({ text: `She is ${email}.`, delayMs: 20, paceMs: 5 });
  const envoy = await startEnvoyStage(t, {
    processor: servers.map(({ socket }) => socket),
    upstream: upstream.url,
  });
  const load = startLoad(envoy.caller, path, {
    callers: 16,
    bodyOf: (turn) => ({ ...ask(`Who is ${email}?`), stream: turn % 2 === 0 }),
  });
  t.after(() => load.stop());
  return { envoy, load, upstream };
}

async function assertNoneFailed({ envoy, load, upstream }: UnderLoad): Promise<void> {
  const failed = load.answers.filter(
    ({ isComplete, status, text }) =>
      status !== 200 || !isComplete || !text.includes("[EMAIL]") || text.includes("jane"),
  );
  assert.deepEqual(failed, []);
  const leaked = upstream.requests.filter(({ body }) => body.includes("jane"));
  assert.deepEqual(leaked, []);
  assert.equal(upstream.requests.length, load.answers.length);
  assert.equal(await envoy.statistic("http.llm.ext_proc.failure_mode_allowed"), 0);
}
