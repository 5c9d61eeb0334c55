import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { PolicyFile } from "../../src/policy/index.ts";
import { stagePolicies } from "../support/exchange-stage.ts";
import { type GovernedEnvoy, startGovernedEnvoy } from "../support/governed-envoy.ts";
import { type CliResult, runCli } from "../support/run-cli.ts";

/** The policies of the stage, with identity headers as the source. */
const policies: readonly PolicyFile[] = stagePolicies.map((file) => ({
  ...file,
  text: file.text.replace(
    "{ fallback: deny }",
    "{ fallback: deny, identity: [{ source: header }] }",
  ),
}));

const listener = "identity: null, stripsHeaders: [x-user, x-tenant, x-app, x-groups]";
const body = JSON.stringify({ model: "large", messages: [{ role: "user", content: "hi" }] });

interface Stage extends GovernedEnvoy {
  /** Asks as somebody, and gives how the record tells who that was. */
  ask(user: string): Promise<string>;
  run(...argv: readonly string[]): Promise<CliResult>;
}

async function startStage(t: TestContext, audit: string): Promise<Stage> {
  const config = [`audit: { ${audit} }`];
  const stage = await startGovernedEnvoy(t, { policies, listener, config });
  stage.cloud.answerWith({ text: "Hello." });
  const ask = async (user: string) => {
    const answer = await fetch(`${stage.baseUrl}/chat/completions`, {
      method: "POST",
      headers: {
        ...{ "content-type": "application/json", "x-user": user },
        ...{ "x-tenant": "acme", "x-app": "bot" },
      },
      body,
    });
    assert.equal(answer.status, 200);
    await answer.text();
    const exchange = answer.headers.get("x-chancery-decision") ?? "";
    const [decision] = await stage.recordsOf(exchange, 2);
    return (decision as unknown as { principal: { ref: string } }).principal.ref;
  };
  return { ...stage, ask, run: (...argv) => runCli(argv, stage.directory) };
}

/** Asks until a running server tells somebody by another name. */
async function askUntilOther(stage: Stage, user: string, ref: string): Promise<string> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const told = await stage.ask(user);
    if (told !== ref || Date.now() > deadline) return told;
  }
}

async function assertVerifies(stage: Stage, ...more: readonly string[]): Promise<void> {
  const keys = await stage.run("log", "keys", "--state", "state", "--format", "json");
  const trusted = JSON.parse(keys.stdout).keys.flatMap(({ verifier }: { verifier: string }) => [
    "--key",
    verifier,
  ]);
  const { exit, stdout } = await stage.run("log", "verify", "state/log", ...trusted, ...more);
  assert.equal(exit, 0, stdout);
}

test("a month that is erased under way is unlinkable; the log verifies and replays", async (t) => {
  const stage = await startStage(t, "retentionDays: 400");
  const before = await stage.ask("ann@acme.example");
  assert.equal(await stage.ask("ann@acme.example"), before);
  const month = `${before.slice(1, 5)}-${before.slice(5, 7)}`;
  const because = ["--tenant", "acme", "--state", "state", "--reason", "request 12"];
  const erased = await stage.run("log", "erase", "--month", month, ...because);
  assert.equal(erased.exit, 0, erased.stderr);
  const after = await askUntilOther(stage, "ann@acme.example", before);
  assert.notEqual(after, before);
  await assertVerifies(stage, "--allow-tail");
  const exported = await stage.run("log", "export", "state/log", "--out", "copy");
  assert.equal(exported.exit, 0, exported.stderr);
  await stage.server.stop();
  await assertVerifies(stage);
  const replayed = await stage.run("replay", "state/log", "--verify", "--format", "json");
  assert.equal(replayed.exit, 0, replayed.stdout + replayed.stderr);
  assert.deepEqual(JSON.parse(replayed.stdout).differences, []);
  const { stdout } = await stage.run("log", "access", "--state", "state");
  assert.match(stdout, /erase {5}.*tenant_month/);
  assert.match(stdout, /access {4}log export --as segments/);
  assert.match(stdout, /access {4}replay --verify/);
});

test("with a key for each person one can be erased, and content is told by keyed digests", async (t) => {
  const stage = await startStage(t, "pseudonyms: perSubject, contentDigests: true");
  const [ann, bob] = [await stage.ask("ann@acme.example"), await stage.ask("bob@acme.example")];
  assert.match(ann, /^s:/);
  writeFileSync(join(stage.directory, "who.json"), '{"subject":"ann@acme.example"}');
  const because = ["--tenant", "acme", "--state", "state", "--reason", "request 12"];
  const erased = await stage.run("log", "erase", "--subject", "who.json", ...because);
  assert.equal(erased.exit, 0, erased.stderr);
  assert.notEqual(await askUntilOther(stage, "ann@acme.example", ann), ann);
  assert.equal(await stage.ask("bob@acme.example"), bob);
  const folder = join(stage.directory, "state/keys/content");
  const [name = ""] = readdirSync(folder);
  const mac = createHmac("sha256", readFileSync(join(folder, name))).update(body);
  const [decision, closing] = (await stage.records()) as unknown as readonly Record<
    "input" | "output",
    { readonly digest: string }
  >[];
  const digest = `hmac-sha256:c${name.split("-").at(-1)}:${mac.digest("base64url")}`;
  assert.equal(decision?.input.digest, digest);
  assert.match(closing?.output.digest ?? "", /^hmac-sha256:c\d{6}:[\w-]{43}$/);
  await stage.server.stop();
  await assertVerifies(stage);
});
