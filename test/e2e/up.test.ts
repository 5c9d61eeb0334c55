import assert from "node:assert/strict";
import { cp, readdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, type TestContext, test } from "node:test";
import { type ChanceryProcess, startChancery, writePolicies } from "../support/chancery-process.ts";
import { makeDirectory, readRecords } from "../support/envoy-stage.ts";
import { stagePolicies } from "../support/exchange-stage.ts";
import { HttpCaller } from "../support/http-caller.ts";
import { repository } from "../support/source-graph.ts";
import { envoyBinary } from "../support/tools.ts";
import { type StubUpstream, startUpstream } from "../support/upstream.ts";

const path = "/chat/completions";
const email = "jane.roe@example.org";
const token = `ghp_${"aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3gH5"}`;
const ask = (model: string, content: string) => ({ model, messages: [{ role: "user", content }] });

let envoyPath = "";
before(async () => {
  envoyPath = await envoyBinary();
});

async function startModels(t: TestContext, ...models: readonly string[]): Promise<StubUpstream> {
  const upstream = await startUpstream({ models });
  t.after(() => upstream.stop());
  upstream.answerWith({ text: `She is ${email}.`, deltaChars: 3 });
  return upstream;
}

interface Up {
  readonly process: ChanceryProcess;
  readonly caller: HttpCaller;
  /** Where its temporary files go. */
  readonly temporary: string;
}

/** Starts `up` on a free port and waits for its `ready` line. */
async function startUp(t: TestContext, ...options: readonly string[]): Promise<Up> {
  const temporary = await makeDirectory(t);
  const process = startUpProcess(t, temporary, options);
  const [, baseUrl = ""] = await process.printed(
    /^ready {2}(http:\/\/127\.0\.0\.1:\d+\/v1) {2}\(admin http:\/\/127\.0\.0\.1:\d+\)$/m,
  );
  const caller = new HttpCaller(baseUrl);
  t.after(() => caller.close());
  return { process, caller, temporary };
}

function startUpProcess(
  t: TestContext,
  temporary: string,
  options: readonly string[],
): ChanceryProcess {
  return startChancery(t, ["up", "--listen", "127.0.0.1:0", ...options], {
    environment: { ...process.env, ENVOY_BIN: envoyPath, TMPDIR: temporary },
  });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("chancery up", { concurrency: 2, timeout: 30_000 }, () => {
  test("masks, refuses and says so in one line each, until it is interrupted", async (t) => {
    const upstream = await startModels(t, "stub-large");
    const state = await makeDirectory(t);
    const up = await startUp(t, "--upstream", upstream.url.href, "--state", state);
    const envoyPid = Number(await readFile(join(state, "envoy.pid"), "utf8"));
    assert.ok(isRunning(envoyPid));

    const masked = await up.caller.post(path, ask("stub-large", `Who is ${email}?`));
    assert.equal(masked.status, 200);
    assert.match(masked.text, /She is \[EMAIL\]\./);
    const body = { ...ask("stub-large", `Who is ${email}?`), stream: true };
    const streamed = await up.caller.post(path, body);
    assert.ok(streamed.isComplete && !streamed.text.includes("jane"), streamed.text);
    const refused = await up.caller.post(path, ask("stub-large", `Use ${token}.`));
    assert.equal(refused.status, 403);
    const sent = upstream.requests.filter(({ path }) => path === "/v1/chat/completions");
    assert.equal(sent.length, 2);
    assert.ok(sent.every(({ body }) => body.includes("Who is [EMAIL]?")));

    up.process.send("SIGINT");
    assert.deepEqual(await up.process.ended, { code: 0, signal: null });
    assert.ok(!isRunning(envoyPid));
    assert.equal(up.process.stderr(), "");
    const decisions = (await readRecords(state)).filter(({ kind }) => kind === "decision");
    assert.deepEqual(
      decisions.map(({ verdict }) => verdict),
      ["redact", "redact", "deny"],
    );
    const lines = up.process.stdout().trimEnd().split("\n").slice(1);
    for (const { exchange, verdict } of decisions) {
      const told = lines.filter(
        (line) => line.endsWith(`  ${exchange}`) && !line.includes("  answer "),
      );
      assert.equal(told.length, 1, up.process.stdout());
      assert.match(told[0] ?? "", new RegExp(`^\\d\\d:\\d\\d:\\d\\d  ${verdict} +stub-large`));
    }
    assert.match(lines.join("\n"), /deny .* secret\.github_token/);
    assert.ok(!/jane|ghp_/.test(up.process.stdout()));
  });

  test("an interrupt that reaches Envoy as well ends in order, and leaves nothing", async (t) => {
    const upstream = await startModels(t, "stub-large");
    const up = await startUp(t, "--upstream", upstream.url.href);
    up.process.sendToAll("SIGINT");
    assert.deepEqual(await up.process.ended, { code: 0, signal: null }, up.process.stderr());
    assert.equal(up.process.stderr(), "");
    assert.deepEqual(await readdir(up.temporary), []);
  });

  test("ends in an error that shows Envoy's own words when Envoy dies", async (t) => {
    const upstream = await startModels(t, "stub-large");
    const state = await makeDirectory(t);
    const up = await startUp(t, "--upstream", upstream.url.href, "--state", state);
    process.kill(Number(await readFile(join(state, "envoy.pid"), "utf8")), "SIGKILL");
    assert.deepEqual(await up.process.ended, { code: 1, signal: null });
    assert.match(up.process.stderr(), /Envoy ended by itself \(SIGKILL\)/);
  });

  test("asks each provider for its own models and routes to the one that has it", async (t) => {
    const [cloud, local] = await Promise.all([startModels(t, "large"), startModels(t, "small")]);
    const up = await startUp(
      t,
      ...["--upstream", `cloud=${cloud.url.href}`],
      ...["--upstream", `local=${local.url.href}`],
    );
    const asked = [ask("large", "Hi"), ask("small", "Hi"), ask("local/small", "Hi")];
    for (const body of asked) assert.equal((await up.caller.post(path, body)).status, 200);
    assert.equal((await up.caller.post(path, ask("other", "Hi"))).status, 403);
    assert.deepEqual(modelsAsked(cloud), ["large"]);
    assert.deepEqual(modelsAsked(local), ["small", "small"]);
  });

  test("routes an alias of its own policies to the provider behind it", async (t) => {
    const [cloud, local] = await Promise.all([startModels(t), startModels(t)]);
    const policies = await makeDirectory(t);
    await writePolicies(policies, stagePolicies);
    const up = await startUp(
      t,
      ...["--upstream", `cloud=${cloud.url.href}`],
      ...["--upstream", `local=${local.url.href}`],
      ...["--policies", policies, "--identity", "acme/bot"],
    );
    assert.equal((await up.caller.post(path, ask("fast", "Hi"))).status, 200);
    assert.deepEqual(modelsAsked(cloud), []);
    assert.deepEqual(modelsAsked(local), ["small"]);
  });

  test("without any model it names both ways to permit one", async (t) => {
    const upstream = await startModels(t);
    const temporary = await makeDirectory(t);
    const up = startUpProcess(t, temporary, ["--upstream", upstream.url.href]);
    assert.deepEqual(await up.ended, { code: 1, signal: null });
    assert.equal(up.stdout(), "");
    assert.match(up.stderr(), /No model to permit.*--model NAME.*--policies DIR/);
    assert.deepEqual(await readdir(temporary), []);
  });

  test("without any Envoy it names the three ways to get one", async (t) => {
    const upstream = await startModels(t, "stub-large");
    const [copy, temporary] = await Promise.all([copyWithoutTools(t), makeDirectory(t)]);
    const up = startChancery(t, ["up", "--upstream", upstream.url.href], {
      launcher: join(copy, "bin", "chancery.js"),
      environment: { PATH: "", TMPDIR: temporary },
    });
    assert.deepEqual(await up.ended, { code: 1, signal: null });
    assert.equal(up.stdout(), "");
    assert.match(up.stderr(), /set ENVOY_BIN .*; put envoy .* on PATH; or install Python 3/);
    assert.ok(!up.stderr().includes("    at "), "no stack");
    assert.deepEqual(await readdir(temporary), []);
  });

  test("an ENVOY_BIN that is none is said so, and nothing else is tried", async (t) => {
    const upstream = await startModels(t, "stub-large");
    const up = startChancery(t, ["up", "--upstream", upstream.url.href], {
      environment: { ...process.env, ENVOY_BIN: "/nonexistent/envoy" },
    });
    assert.deepEqual(await up.ended, { code: 1, signal: null });
    assert.match(up.stderr(), /ENVOY_BIN names \/nonexistent\/envoy, not an executable/);
  });
});

function modelsAsked({ requests }: StubUpstream): readonly string[] {
  return requests
    .filter(({ path }) => path === "/v1/chat/completions")
    .map(({ body }) => JSON.parse(body.toString()).model);
}

/** The program in another place, where no Envoy has been fetched. */
async function copyWithoutTools(t: TestContext): Promise<string> {
  const copy = await makeDirectory(t);
  for (const part of ["bin", "envoy", "policies", "src", "package.json"]) {
    await cp(join(repository, part), join(copy, part), { recursive: true });
  }
  await symlink(join(repository, "node_modules"), join(copy, "node_modules"));
  return copy;
}
