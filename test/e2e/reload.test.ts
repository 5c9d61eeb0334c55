import assert from "node:assert/strict";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import type { RunningServer } from "../../src/server/index.ts";
import {
  startChancery,
  startServe,
  writePolicies,
  writeServeConfig,
} from "../support/chancery-process.ts";
import { makeDirectory, readRecords, startEnvoyStage } from "../support/envoy-stage.ts";
import { stagePolicies } from "../support/exchange-stage.ts";
import { eventually, startStageServer } from "../support/governed-envoy.ts";
import type { HttpCaller } from "../support/http-caller.ts";
import { type LedUpstream, startLedUpstream } from "../support/led-upstream.ts";
import { startUpstream } from "../support/upstream.ts";

const path = "/chat/completions";
const email = "jane.roe@example.org";
const asked = { model: "large", messages: [{ role: "user", content: `Who is ${email}?` }] };
const streamed = { ...asked, stream: true };
const [baseline] = stagePolicies;
const masking = baseline?.text ?? "";
const maskRule = /^ {4}- \{ id: mask,.*\n/m;
const unmasking = masking
  .replace(maskRule, "")
  .replace("[public, internal]", "[public, internal, pii]");

interface Stage {
  readonly directory: string;
  readonly server: RunningServer;
  readonly upstream: LedUpstream;
  readonly caller: HttpCaller;
  /** Writes a policy file as an editor does: a draft beside it, renamed over it. */
  edit(file: string, text: string): Promise<void>;
  status(): Promise<Status>;
  metrics(): Promise<string>;
}

interface Status {
  readonly isReady: boolean;
  readonly policies: {
    readonly snapshot: string | null;
    readonly refusedSince: string | null;
    readonly layers: readonly { id: string; serves: string; ageSeconds: number | null }[];
    readonly problems: readonly { file: string; line: number; column: number; code: string }[];
  };
}

async function startStage(t: TestContext, config: readonly string[] = []): Promise<Stage> {
  const directory = await makeDirectory(t);
  const upstream = await startLedUpstream(t);
  const socket = join(directory, "processor.sock");
  const server = await startStageServer(directory, socket, config);
  t.after(() => server.stop(AbortSignal.abort()));
  const { caller } = await startEnvoyStage(t, {
    processor: [`unix:${socket}`],
    upstream: upstream.url,
  });
  const adminUrl = `http://${server.adminAddress}`;
  return {
    directory,
    server,
    upstream,
    caller,
    edit: (file, text) => editPolicy(directory, file, text),
    status: async () => (await (await fetch(`${adminUrl}/status`)).json()) as Status,
    metrics: async () => (await fetch(`${adminUrl}/metrics`)).text(),
  };
}

async function editPolicy(directory: string, file: string, text: string): Promise<void> {
  const target = join(directory, "policies", file);
  await writeFile(`${target}.draft`, text);
  await rename(`${target}.draft`, target);
}

/** What the model hears of one whole exchange. */
async function askedUpstream({ caller, upstream }: Stage): Promise<string> {
  const answer = caller.post(path, asked);
  const call = await Promise.race([upstream.next(), answer]);
  if ("status" in call) return `refused ${call.status}`;
  call.begin("application/json");
  call.write(JSON.stringify({ choices: [{ index: 0, message: { content: "Hello." } }] }));
  call.end();
  await answer;
  return call.body;
}

function event(text: string): string {
  return `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: text } }] })}\n\n`;
}

describe("policies that change while exchanges run", { timeout: 60_000 }, () => {
  test("a stream keeps the policies it began with, and the next exchange has the new ones", async (t) => {
    const stage = await startStage(t);
    const call = stage.caller.open(path);
    call.end(JSON.stringify(streamed));
    const model = await stage.upstream.next();
    model.begin("text/event-stream");
    model.write(event("First words go through at once. "));
    await call.begun();
    const before = stage.server.policies.snapshot;

    await stage.edit("platform/baseline.yaml", unmasking);
    await stage.server.reload();
    assert.notEqual(stage.server.policies.snapshot, before);
    assert.match(await askedUpstream(stage), /Who is jane\.roe@example\.org\?/);

    model.write(event(`She is ${email}.`));
    model.write("data: [DONE]\n\n");
    model.end();
    const { isComplete, text } = await call.answer;
    assert.ok(isComplete);
    assert.match(text, /\[EMAIL\]/);
    assert.ok(!text.includes(email));
    const records = await readRecords(join(stage.directory, "state"));
    const [first] = records;
    const own = records.filter(({ exchange }) => exchange === first?.["exchange"]);
    assert.deepEqual(
      own.map(({ kind }) => kind),
      ["decision", "closing"],
    );
    const versions = first?.["versions"] as { readonly snapshot: string };
    assert.equal(versions.snapshot, before?.digest);
  });

  test("edited policies serve without being asked for, whole or not at all", async (t) => {
    const stage = await startStage(t);
    assert.match(await askedUpstream(stage), /\[EMAIL\]/);
    const first = stage.server.policies.snapshot?.digest;
    await stage.edit("platform/baseline.yaml", unmasking);
    await eventually(async () => stage.server.policies.snapshot?.digest !== first || undefined);
    assert.match(await askedUpstream(stage), /jane\.roe/);
    assert.equal((await stage.status()).policies.refusedSince, null);
    assert.match(
      await stage.metrics(),
      /^chancery_policy_loads_total\{layer="platform",result="active"\} [2-9]$/m,
    );
  });

  test("policies with errors do not serve, and status and metrics say where and since when", async (t) => {
    const stage = await startStage(t);
    const first = (await stage.status()).policies.snapshot;
    await stage.edit("platform/baseline.yaml", unmasking.replace("effect: allow", "effect: alow"));
    const { policies, isReady } = await eventually(async () => {
      const status = await stage.status();
      return status.policies.refusedSince === null ? undefined : status;
    });
    assert.equal(isReady, true);
    assert.equal(policies.snapshot, first);
    const line = unmasking.split("\n").findIndex((text) => text.includes("effect: allow")) + 1;
    const [problem] = policies.problems;
    assert.deepEqual(
      [problem?.file, problem?.line, problem?.code],
      ["platform/baseline.yaml", line, "E01"],
    );
    assert.deepEqual(
      policies.layers.map(({ id, serves }) => [id, serves]),
      [
        ["acme", "current"],
        ["platform", "lastGood"],
      ],
    );
    assert.match(await askedUpstream(stage), /\[EMAIL\]/);
    const metrics = await stage.metrics();
    assert.match(
      metrics,
      /^chancery_policy_loads_total\{layer="platform",result="bad_schema"\} [1-9]$/m,
    );
    assert.match(metrics, /^chancery_policy_conflicts\{severity="error"\} [1-9]/m);

    await stage.edit("platform/baseline.yaml", unmasking);
    await eventually(async () => stage.server.policies.refusedSinceMs === undefined || undefined);
    assert.match(await askedUpstream(stage), /jane\.roe/);
    assert.match(await stage.metrics(), /^chancery_policy_conflicts\{severity="error"\} 0$/m);
  });

  test("a tenant with errors keeps its last good version while the platform moves on", async (t) => {
    const stage = await startStage(t);
    await stage.edit("acme/app.yaml", "kind: App\nbroken: [\n");
    await stage.edit("platform/baseline.yaml", unmasking);
    await stage.server.reload();
    const { policies } = await stage.status();
    assert.deepEqual(
      policies.layers.map(({ id, serves }) => [id, serves]),
      [
        ["acme", "lastGood"],
        ["platform", "current"],
      ],
    );
    assert.match(await askedUpstream(stage), /jane\.roe/);
  });

  test("a tenant that is taken away is refused; a platform that is gone goes on", async (t) => {
    const stage = await startStage(t);
    await rm(join(stage.directory, "policies", "platform"), { recursive: true });
    await stage.server.reload();
    assert.notEqual((await stage.status()).policies.refusedSince, null);
    assert.match(await askedUpstream(stage), /\[EMAIL\]/);
    await rm(join(stage.directory, "policies", "acme"), { recursive: true });
    await stage.server.reload();
    assert.match(await askedUpstream(stage), /\[EMAIL\]/, "an empty folder is no policy");
  });
});

describe("a server that starts without its policies", { timeout: 60_000 }, () => {
  test("serves the last good ones, and says how old they are", async (t) => {
    const directory = await makeDirectory(t);
    const address = `unix:${join(directory, "processor.sock")}`;
    const config = await writeServeConfig(directory, {
      addresses: [address],
      lines: ["drain: { noticeSeconds: 0, exchangesSeconds: 0 }"],
    });
    const first = await startServe(t, config);
    first.send("SIGTERM");
    assert.deepEqual(await first.ended, { code: 0, signal: null });

    await rm(join(directory, "policies"), { recursive: true });
    const second = await startServe(t, config);
    const upstream = await startLedUpstream(t);
    const { caller } = await startEnvoyStage(t, { processor: [address], upstream: upstream.url });
    const answer = caller.post(path, asked);
    const call = await upstream.next();
    assert.match(call.body, /\[EMAIL\]/);
    call.begin("application/json");
    call.end();
    await answer;
    const status = (await (await fetch(`${second.adminUrl}/status`)).json()) as Status;
    assert.equal(status.isReady, true);
    assert.notEqual(status.policies.refusedSince, null);
    for (const { ageSeconds, serves } of status.policies.layers) {
      assert.equal(serves, "lastGood");
      assert.ok(ageSeconds !== null && ageSeconds >= 0 && ageSeconds < 60);
    }
    assert.match(second.stderr(), /it does not exist/);
  });

  test("a hangup loads policies at once", async (t) => {
    const directory = await makeDirectory(t);
    const config = await writeServeConfig(directory, {
      addresses: [`unix:${join(directory, "processor.sock")}`],
    });
    const server = await startServe(t, config);
    const loads = async () => {
      const text = await (await fetch(`${server.adminUrl}/metrics`)).text();
      const line = /^chancery_policy_loads_total\{layer="platform",result="unchanged"\} (\d+)$/m;
      return Number(line.exec(text)?.[1] ?? 0);
    };
    assert.equal(await loads(), 0);
    server.send("SIGHUP");
    await eventually(async () => (await loads()) === 1 || undefined);
  });
});

describe("chancery up", { timeout: 60_000 }, () => {
  test("takes up edited policies, and says so in one line each time", async (t) => {
    const directory = await makeDirectory(t);
    await writePolicies(join(directory, "policies"), stagePolicies);
    const upstream = await startUpstream({ models: ["large"] });
    t.after(() => upstream.stop());
    const up = startChancery(t, [
      ...["up", "--listen", "127.0.0.1:0", "--upstream", `cloud=${upstream.url.href}`],
      ...["--policies", join(directory, "policies"), "--identity", "acme/bot"],
    ]);
    await up.printed(/^ready {2}/m);
    await editPolicy(
      directory,
      "platform/baseline.yaml",
      masking.replace("effect: allow", "effect: alow"),
    );
    await up.printed(
      /policies {2}refused {2}platform\/baseline\.yaml:\d+:\d+ E01 .* {2}the last good ones serve$/m,
    );
    await editPolicy(directory, "platform/baseline.yaml", unmasking);
    await up.printed(/policies {2}edited {2}sha256:[0-9a-f]{12}$/m);
  });
});
