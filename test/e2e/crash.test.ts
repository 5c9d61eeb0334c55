import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { type ServeProcess, startServe, writeServeConfig } from "../support/chancery-process.ts";
import {
  type EnvoyStage,
  makeDirectory,
  readRecords,
  startEnvoyStage,
} from "../support/envoy-stage.ts";
import { eventually } from "../support/governed-envoy.ts";
import type { CallAnswer, OpenCall } from "../support/http-caller.ts";
import { type LedCall, type LedUpstream, startLedUpstream } from "../support/led-upstream.ts";
import { startLoad } from "../support/load.ts";
import { openaiChat } from "../support/model-replies.ts";
import { type StubUpstream, startUpstream } from "../support/upstream.ts";

const path = "/chat/completions";
const email = "jane.roe@example.org";
const token = `ghp_${"aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3gH5"}`;
const ask = (content: string) => ({ model: "large", messages: [{ role: "user", content }] });
const asked = JSON.stringify(ask(`Who is ${email}?`));
const reply = {
  model: "large",
  text: `She is ${email} as far as I know.`,
  toolCalls: [],
  deltaChars: 4,
  inputTokens: 1,
  includeUsage: false,
};
const wholeAnswer = JSON.stringify(openaiChat.whole(reply));
/** Ends in the middle of the value. */
const streamBegin = openaiChat.stream(reply).slice(0, 4);
const streamRest = openaiChat.stream(reply).slice(4);

/** Exchanges brought to each phase before the process is killed. */
const perPhase = 4;

/** An exchange that a test has brought to some phase. */
interface InFlight {
  readonly call: OpenCall;
  /** Present once the request has reached the upstream. */
  readonly asking?: LedCall;
}

describe("a server killed under its exchanges, fail closed", { timeout: 60_000 }, () => {
  test("fails each of them, in whatever phase it is, and passes nothing unprocessed", async (t) => {
    const crash = await startServer(t);
    const upstream = await startLedUpstream(t);
    const envoy = await startEnvoyStage(t, {
      processor: [crash.socket],
      upstream: upstream.url,
    });
    const phases = new Map<string, readonly InFlight[]>();
    phases.set("headers seen", await each(async () => beginRequest(envoy)));
    phases.set("body handed over", await each(async () => beginRequest(envoy)));
    phases.set("upstream asked", await each(() => toUpstream(envoy, upstream)));
    phases.set("JSON answer held", await each(() => toHeldAnswer(envoy, upstream)));
    phases.set("stream running", await each(() => toRunningStream(envoy, upstream)));
    await untilStatus(crash.server, ({ activeStreams }) => activeStreams === 5 * perPhase);

    // Frozen, so that what is handed over stays unanswered until the end.
    crash.server.send("SIGSTOP");
    const sent = await envoy.statistic("http.llm.ext_proc.stream_msgs_sent");
    for (const { call } of phases.get("body handed over") ?? []) call.end(asked);
    phases.set("headers handed over", await each(async () => beginRequest(envoy)));
    await eventually(async () => {
      const now = await envoy.statistic("http.llm.ext_proc.stream_msgs_sent");
      return now === sent + 2 * perPhase ? now : undefined;
    });
    await kill(crash.server);

    for (const phase of ["headers seen", "headers handed over"]) {
      for (const { call } of phases.get(phase) ?? []) call.end(asked);
    }
    await assertAllFailed(phases);
    const begun = upstream.begun;
    const gone = await each(() => envoy.caller.post(path, ask(email)));
    assert.deepEqual(new Set(gone.map(({ status }) => status)), new Set([503]));
    assert.equal(upstream.begun, begun);
    assert.ok(!isUnmasked(upstream.seen()));
    assert.equal(await envoy.statistic("http.llm.ext_proc.failure_mode_allowed"), 0);

    await startServe(t, crash.config);
    const { asking, call } = await toUpstream(envoy, upstream);
    asking.begin("application/json");
    asking.write(wholeAnswer);
    asking.end();
    const { status, text } = await call.answer;
    assert.equal(status, 200);
    assert.match(text, /She is \[EMAIL\]/);
  });

  test("loses no decision that was answered, kill after kill", async (t) => {
    const crash = await startServer(t);
    const upstream = await startUpstream();
    t.after(() => upstream.stop());
    upstream.answerWith({ text: `She is ${email}.` });
    const envoy = await startEnvoyStage(t, {
      processor: [crash.socket],
      upstream: upstream.url,
    });
    // Most are to be masked, some to be refused.
    const bodyOf = (turn: number) => ask(turn % 4 === 0 ? `Use ${token}.` : `Who is ${email}?`);
    const answers: CallAnswer[] = [];
    for (const answeredBefore of [150, 37, 401]) {
      const load = startLoad(envoy.caller, path, { callers: 16, bodyOf });
      await load.answered(answeredBefore);
      await kill(crash.server);
      await load.stop();
      answers.push(...load.answers);
      crash.server = await startServe(t, crash.config);
    }
    assertNothingUnprocessed(answers, upstream);
    const records = await readRecords(crash.state);
    const recorded = new Set(records.map(({ exchange, kind }) => `${kind} ${exchange}`));
    const decided = answers.flatMap(({ headers }) => headers["x-chancery-decision"] ?? []);
    assert.ok(decided.length >= 150 + 37 + 401);
    const lost = decided.filter((exchange) => !recorded.has(`decision ${exchange}`));
    assert.deepEqual(lost, []);
    const unclosed = answers.filter(
      ({ headers, isComplete, status }) =>
        status === 200 && isComplete && !recorded.has(`closing ${headers["x-chancery-decision"]}`),
    );
    assert.deepEqual(unclosed, []);
  });
});

describe("a server killed under its exchanges, fail open", { timeout: 60_000 }, () => {
  test("passes nothing of a body that was handed over", async (t) => {
    const crash = await startServer(t);
    const upstream = await startLedUpstream(t);
    const envoy = await startEnvoyStage(t, {
      processor: [crash.socket],
      upstream: upstream.url,
      bootstrap: { requestBodyMode: "FULL_DUPLEX_STREAMED", failureModeAllow: true },
    });
    const phases = new Map<string, readonly InFlight[]>();
    const begin = asked.slice(0, -2);
    phases.set("request body held", await each(async () => beginRequest(envoy, begin)));
    phases.set("JSON answer held", await each(() => toHeldAnswer(envoy, upstream)));
    const held = perPhase * (begin.length + wholeAnswer.length - 2);
    await untilStatus(crash.server, ({ heldBytes }) => heldBytes === held);
    phases.set("stream running", await each(() => toRunningStream(envoy, upstream)));
    const begun = upstream.begun;
    await kill(crash.server);

    for (const { call } of phases.get("request body held") ?? []) call.end(asked.slice(-2));
    await assertAllFailed(phases);
    assert.equal(upstream.begun, begun);
    assert.ok(!isUnmasked(upstream.seen()));
  });
});

interface CrashStage {
  readonly config: string;
  readonly state: string;
  readonly socket: string;
  server: ServeProcess;
}

async function startServer(t: TestContext): Promise<CrashStage> {
  const directory = await makeDirectory(t);
  const socket = `unix:${join(directory, "processor.sock")}`;
  const config = await writeServeConfig(directory, { addresses: [socket] });
  const server = await startServe(t, config);
  return { config, state: join(directory, "state"), socket, server };
}

async function kill(server: ServeProcess): Promise<void> {
  server.send("SIGKILL");
  assert.deepEqual(await server.ended, { code: null, signal: "SIGKILL" });
}

/** Waits until the server says of itself what is expected. */
function untilStatus(
  server: ServeProcess,
  isThere: (status: { readonly activeStreams: number; readonly heldBytes: number }) => boolean,
): Promise<true> {
  return eventually(async () => {
    const response = await fetch(`${server.adminUrl}/status`);
    const status = (await response.json()) as Parameters<typeof isThere>[0];
    return isThere(status) ? true : undefined;
  });
}

function each<T>(open: () => Promise<T>): Promise<readonly T[]> {
  return Promise.all(Array.from({ length: perPhase }, open));
}

function beginRequest({ caller }: EnvoyStage, body = ""): InFlight {
  const call = caller.open(path, { "content-length": String(asked.length) });
  if (body !== "") call.write(body);
  return { call };
}

/** The pairing is loose where several come at once, so whoever leads one leads all alike. */
async function toUpstream(
  { caller }: EnvoyStage,
  upstream: LedUpstream,
  body: object = ask(`Who is ${email}?`),
): Promise<Required<InFlight>> {
  const call = caller.open(path);
  call.end(JSON.stringify(body));
  return { call, asking: await upstream.next() };
}

async function toHeldAnswer(envoy: EnvoyStage, upstream: LedUpstream): Promise<InFlight> {
  const exchange = await toUpstream(envoy, upstream);
  exchange.asking.begin("application/json");
  exchange.asking.write(wholeAnswer.slice(0, -2));
  return exchange;
}

async function toRunningStream(envoy: EnvoyStage, upstream: LedUpstream): Promise<InFlight> {
  const exchange = await toUpstream(envoy, upstream, { ...ask("How?"), stream: true });
  exchange.asking.begin("text/event-stream");
  for (const event of streamBegin) exchange.asking.write(event);
  await exchange.call.received(/She/);
  return exchange;
}

/** Each ends in an error status, without an answer, or broken off; and nothing more comes. */
async function assertAllFailed(phases: ReadonlyMap<string, readonly InFlight[]>): Promise<void> {
  for (const [phase, exchanges] of phases) {
    for (const { asking, call } of exchanges) {
      for (const event of asking === undefined ? [] : streamRest) asking?.write(event);
      const { isComplete, status, text } = await call.answer;
      const isFailed = status === undefined || status >= 500 || !isComplete;
      assert.ok(isFailed, `${phase}: ${status} ${text}`);
      assert.ok(!isUnmasked(text), `${phase}: ${text}`);
      if (asking !== undefined) assert.equal(await asking.ended, "cut", phase);
    }
  }
}

function isUnmasked(text: string): boolean {
  return text.includes("jane") || text.includes("ghp_");
}

function assertNothingUnprocessed(answers: readonly CallAnswer[], upstream: StubUpstream): void {
  const wrong = answers.filter(
    ({ isComplete, status = 599, text }) =>
      isUnmasked(text) || (isComplete && status !== 200 && status !== 403 && status < 500),
  );
  assert.deepEqual(wrong, []);
  const leaked = upstream.requests.filter(({ body }) => isUnmasked(body.toString()));
  assert.deepEqual(leaked, []);
}
