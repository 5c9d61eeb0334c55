/** Envoy's access log and our own hold the same exchanges, and what one lacks is named. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type ServeProcess, startServe, writeServeConfig } from "../support/chancery-process.ts";
import { callOnce, openCall } from "../support/client-call.ts";
import {
  type EnvoyStage,
  makeDirectory,
  readRecords,
  startEnvoyStage,
} from "../support/envoy-stage.ts";
import { eventually, startGovernedEnvoy } from "../support/governed-envoy.ts";
import { accessLogLines, cutTail, joinLogs, logKeysOf } from "../support/joined-logs.ts";
import { startLoad } from "../support/load.ts";
import { chat, decisionOf, email, token } from "../support/planted.ts";
import { runCli } from "../support/run-cli.ts";
import { startUpstream } from "../support/upstream.ts";

for (const requestBodyMode of ["BUFFERED", "FULL_DUPLEX_STREAMED"] as const) {
  test(`every exchange that ended is in both logs: ${requestBodyMode} requests`, async (t) => {
    const stage = await startGovernedEnvoy(t, {
      bootstrap: { requestBodyMode },
      config: ["content: { unrecognised: flag }"],
    });
    const { cloud, directory, envoy, local } = stage;
    const { baseUrl } = envoy;
    const answered: string[] = [];
    const call = async (...[sent]: [Parameters<typeof callOnce>[1]]) => {
      const answer = await callOnce(baseUrl, sent);
      answered.push(decisionOf(answer));
      return answer;
    };
    let left = 0;
    const leave = async (gone: ReturnType<typeof openCall>) => {
      gone.leave();
      left += 1;
      await stage.quiet();
    };

    cloud.answerWith({ text: `She is ${email}.`, deltaChars: 3 });
    await call({ body: chat(`Who is ${email}?`) });
    await call({ body: chat("Who?", { stream: true }) });
    // Refused, at its body and at its headers.
    assert.equal((await call({ body: chat(token) })).status, 403);
    const upgrade = { connection: "Upgrade", upgrade: "websocket" };
    await call({ method: "GET", headers: upgrade });
    // Passed unjudged, with and without a body.
    await call({ path: "/v1/embeddings", body: email });
    await call({ method: "GET", path: "/v1/models" });
    // Answered by Envoy itself.
    assert.equal((await call({ path: "/v1%2Fchat/completions", body: chat("Hi") })).status, 400);
    await local.stop();
    assert.equal((await call({ body: chat("Hi", { model: "fast" }) })).status, 503);
    // Cut by us in the middle, and broken off by the upstream.
    cloud.answerWith({ text: `It is ${token} so there.`, deltaChars: 4 });
    const cut = await call({ body: chat("Which?", { stream: true }) });
    assert.match(cut.text, /secret_detected/);
    cloud.answerWith({ text: "Slowly, slowly, it goes on.", deltaChars: 4, cutAfterPieces: 3 });
    await callOnce(baseUrl, { body: chat("How?", { stream: true }) });
    left += 1;
    // Left by the caller: in the request, while the upstream thinks, in a stream.
    const asking = openCall(baseUrl);
    asking.write(chat("Hi").slice(0, -1));
    await eventually(async () => (await isBusy(stage.server.adminAddress)) || undefined);
    await leave(asking);
    cloud.answerWith({ text: "Late.", delayMs: 10_000 });
    const waiting = openCall(baseUrl);
    const before = cloud.requests.length;
    waiting.write(chat("Hi"));
    waiting.end();
    await eventually(async () => cloud.requests.length > before || undefined);
    await leave(waiting);
    const held = Promise.withResolvers<void>();
    t.after(() => held.resolve());
    cloud.answerWith({
      text: "Slowly, slowly, it goes on and on.",
      deltaChars: 4,
      beforePiece: (index) => (index > 4 ? held.promise : undefined),
    });
    const reading = openCall(baseUrl);
    reading.write(chat("How?", { stream: true }));
    reading.end();
    await reading.received(1);
    await leave(reading);

    const lines = await stage.accessLog(answered.length + left);
    await stage.server.stop();
    const { join: joined, problems, status } = joinLogs(directory, envoy.accessLogPath);
    assert.deepEqual([status, problems], ["good", []]);
    // Whoever left before anything was answered is in both as well, without the proxy knowing.
    const { differences, ...counts } = joined;
    assert.deepEqual(counts, {
      ...{ lines: answered.length + left, unmarked: 1, untold: 1 },
      ...{ missing: 0, differ: 0, unlogged: 0, refused: 0 },
    });
    const records = await stage.records();
    const first = records.filter(({ kind }) => kind !== "closing");
    assert.equal(first.length, lines.length);
    const [untold] = differences;
    const early = first.find(({ exchange }) => exchange === untold?.exchange);
    assert.deepEqual([early?.outcome, early?.end], ["none", "peer_reset"]);
    assert.ok(answered.every((id) => first.some(({ exchange }) => exchange === id)));
    // The same by hand, and with a line that somebody took out.
    const verify = async (log: string) => {
      const state = join(directory, "state");
      const keys = logKeysOf(state).flatMap((key) => ["--key", key]);
      const argv = ["log", "verify", join(state, "log"), ...keys, "--join", log];
      return runCli([...argv, "--format", "json"], directory);
    };
    assert.equal((await verify(envoy.accessLogPath)).exit, 0);
    const shortened = join(directory, "shortened.log");
    const out = lines[2]?.decision?.["exchange"];
    const rest = lines.filter((line) => line !== lines[2]);
    await writeFile(shortened, rest.map((line) => `${JSON.stringify(line)}\n`).join(""));
    const { exit, stdout } = await verify(shortened);
    assert.equal(exit, 2);
    const { differences: found } = JSON.parse(stdout).join;
    assert.deepEqual([found[0].is, found[0].exchange], ["unlogged", out]);
    const ends = new Set(records.flatMap(({ bypass, end, kind }) => end ?? bypass ?? kind));
    for (const end of ["complete", "refused", "cut", "peer_reset", "bypass"]) {
      assert.ok(ends.has(end), `no exchange ended ${end}`);
    }
  });
}

async function isBusy(adminAddress: string): Promise<boolean> {
  const status = await (await fetch(`http://${adminAddress}/status`)).json();
  return (status as { readonly activeStreams: number }).activeStreams > 0;
}

test("after a server was killed under load, what it had told nobody yet is listed", async (t) => {
  const stage = await startKilledStage(t, ["audit: { wait: committed }"]);
  // While records wait for the disk, answers do: a kill seldom finds none of them.
  let untold = 0;
  while (untold === 0) {
    await stage.killUnderLoad();
    const [records, told] = await Promise.all([stage.firstRecords(), stage.told()]);
    untold = records.filter(({ exchange }) => !told.has(String(exchange))).length;
    await stage.restart();
  }
  const { joined, records, told } = await stage.end();
  const { differences, ...counts } = joined.join;
  assert.deepEqual(joined.problems, []);
  assert.equal(joined.status, "good", "nothing that was answered is lost, and nothing unlogged");
  assert.deepEqual(
    new Set(differences.map(({ exchange, is }) => `${is} ${exchange}`)),
    new Set(
      records.flatMap(({ exchange }) => (told.has(String(exchange)) ? [] : `untold ${exchange}`)),
    ),
  );
  assert.equal(counts.untold, differences.length);
  assert.equal(counts.lines, told.size + counts.unmarked);
});

test("after a power cut, what was answered and not on the disk yet is listed", async (t) => {
  const stage = await startKilledStage(t);
  const lost = new Set<string>();
  while (lost.size === 0) {
    await stage.killUnderLoad();
    const told = await stage.told();
    // The last moments of the segment, which the disk did not have yet.
    const cut = await cutTail(stage.directory);
    for (const { exchange, kind } of cut) {
      if (kind !== "closing" && told.has(String(exchange))) lost.add(String(exchange));
    }
    await stage.restart();
  }
  const { joined } = await stage.end();
  assert.deepEqual(joined.problems, []);
  assert.equal(joined.status, "incomplete");
  assert.equal(joined.join.missing, lost.size);
  const named = joined.join.differences.filter(({ is }) => is === "missing");
  assert.deepEqual(new Set(named.map(({ exchange }) => exchange)), lost);
});

/** A server that is killed and comes back, behind an Envoy that stays. */
interface KilledStage {
  /** Holds its state. */
  readonly directory: string;
  /** Kills the server between its exchanges and comes back when all callers have heard. */
  killUnderLoad(): Promise<void>;
  restart(): Promise<void>;
  /** The one decision or bypass of each exchange that is on record. */
  firstRecords(): ReturnType<typeof readRecords>;
  /** The exchanges that the access log names, once it has every request. */
  told(): Promise<ReadonlySet<string>>;
  /** Makes another exchange, stops the server in order, and joins. */
  end(): Promise<{
    readonly joined: ReturnType<typeof joinLogs>;
    readonly records: Awaited<ReturnType<typeof readRecords>>;
    readonly told: ReadonlySet<string>;
  }>;
}

async function startKilledStage(
  t: TestContext,
  lines: readonly string[] = [],
): Promise<KilledStage> {
  const directory = await makeDirectory(t);
  const socket = `unix:${join(directory, "processor.sock")}`;
  const drain = "drain: { noticeSeconds: 0, exchangesSeconds: 5 }";
  const config = await writeServeConfig(directory, {
    addresses: [socket],
    lines: [drain, ...lines],
  });
  const upstream = await startUpstream();
  t.after(() => upstream.stop());
  upstream.answerWith({ text: `She is ${email}.` });
  let server: ServeProcess = await startServe(t, config);
  const envoy = await startEnvoyStage(t, { processor: [socket], upstream: upstream.url });
  const bodyOf = (turn: number) => JSON.parse(chat(turn % 4 === 0 ? token : `Who is ${email}?`));
  const path = "/chat/completions";
  const firstRecords = async () => {
    const records = await readRecords(join(directory, "state"));
    return records.filter(({ kind }) => kind !== "closing");
  };
  const told = () => exchangesTold(envoy);
  return {
    directory,
    firstRecords,
    told,
    async killUnderLoad() {
      const load = startLoad(envoy.caller, path, { callers: 16, bodyOf });
      await load.answered(50);
      server.send("SIGKILL");
      await server.ended;
      await load.stop();
    },
    async restart() {
      server = await startServe(t, config);
      await eventually(async () => {
        const { status } = await envoy.caller.post(path, bodyOf(1));
        return status === 200 || undefined;
      });
    },
    async end() {
      // Ends the time that the access log spans.
      await envoy.caller.post(path, bodyOf(1));
      const seen = await told();
      server.send("SIGTERM");
      assert.deepEqual(await server.ended, { code: 0, signal: null }, server.stderr());
      const joined = joinLogs(directory, envoy.envoy.accessLogPath);
      return { joined, records: await firstRecords(), told: seen };
    },
  };
}

async function exchangesTold(stage: EnvoyStage): Promise<ReadonlySet<string>> {
  const lines = await accessLogLines(stage);
  return new Set(lines.flatMap(({ decision }) => decision?.["exchange"]?.toString() ?? []));
}
