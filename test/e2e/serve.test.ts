import assert from "node:assert/strict";
import { once } from "node:events";
import { stat, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import {
  type ServeProcess,
  startChancery,
  startServe,
  writeServeConfig,
} from "../support/chancery-process.ts";
import { makeDirectory, startEnvoyStage } from "../support/envoy-stage.ts";
import { RawGrpcClient, toGrpcFrame } from "../support/raw-grpc-client.ts";
import { type StubUpstream, startUpstream } from "../support/upstream.ts";

const path = "/chat/completions";
const email = "jane.roe@example.org";
const asked = { model: "large", messages: [{ role: "user", content: `Who is ${email}?` }] };

/** grpc.health.v1: HealthCheckResponse with a status, as bytes. */
const health = { serving: "0801", notServing: "0802" };

async function checkHealth(t: TestContext, address: string): Promise<string | undefined> {
  const client = new RawGrpcClient(address);
  t.after(() => client.close());
  const call = client.call({ ":path": "/grpc.health.v1.Health/Check" });
  call.sendBytes(toGrpcFrame(Buffer.alloc(0)));
  call.finish();
  return (await call.nextBytes())?.toString("hex");
}

async function startModel(t: TestContext): Promise<StubUpstream> {
  const upstream = await startUpstream();
  t.after(() => upstream.stop());
  upstream.answerWith({ text: `She is ${email}.` });
  return upstream;
}

function getAdmin({ adminUrl }: ServeProcess, page: string): Promise<Response> {
  return fetch(`${adminUrl}/${page}`);
}

async function assertDoesNotStart(t: TestContext, config: string, why: RegExp): Promise<void> {
  const server = startChancery(t, ["serve", "--config", config]);
  assert.deepEqual(await server.ended, { code: 1, signal: null });
  assert.equal(server.stdout(), "");
  assert.match(server.stderr(), why);
  assert.ok(!server.stderr().includes("    at "), server.stderr());
}

describe("chancery serve", { concurrency: 2, timeout: 30_000 }, () => {
  test("serves a Unix socket and a port alike, on the addresses of its ready line", async (t) => {
    const directory = await makeDirectory(t);
    const socket = join(directory, "processor.sock");
    const config = await writeServeConfig(directory, {
      addresses: [`unix:${socket}`, "127.0.0.1:0"],
    });
    const server = await startServe(t, config);
    const [onSocket = "", onPort = ""] = server.addresses;
    assert.equal(onSocket, `unix:${socket}`);
    assert.match(onPort, /^127\.0\.0\.1:[1-9]\d*$/);
    assert.equal((await stat(socket)).mode & 0o777, 0o660);
    const upstream = await startModel(t);
    for (const address of server.addresses) {
      assert.equal(await checkHealth(t, address), health.serving);
      const envoy = await startEnvoyStage(t, { processor: [address], upstream: upstream.url });
      const { status, text } = await envoy.caller.post(path, asked);
      assert.equal(status, 200);
      assert.match(text, /She is \[EMAIL\]\./);
    }
    assert.ok(upstream.requests.every(({ body }) => body.includes("Who is [EMAIL]?")));
  });

  test("tells probes and people how it is on its admin port", async (t) => {
    const directory = await makeDirectory(t);
    const address = `unix:${join(directory, "processor.sock")}`;
    const server = await startServe(t, await writeServeConfig(directory, { addresses: [address] }));
    assert.equal((await getAdmin(server, "livez")).status, 200);
    assert.equal((await getAdmin(server, "readyz")).status, 200);
    assert.equal((await getAdmin(server, "absent")).status, 404);
    const upstream = await startModel(t);
    const envoy = await startEnvoyStage(t, { processor: [address], upstream: upstream.url });
    assert.equal((await envoy.caller.post(path, asked)).status, 200);

    const status = (await (await getAdmin(server, "status")).json()) as {
      readonly isReady: boolean;
      readonly isDraining: boolean;
      readonly heldBytes: number;
      readonly policies: { readonly snapshot: string; readonly problems: readonly unknown[] };
      readonly log: { readonly nextSeq: number; readonly isWritable: boolean };
    };
    assert.deepEqual(
      { isReady: status.isReady, isDraining: status.isDraining, heldBytes: status.heldBytes },
      { isReady: true, isDraining: false, heldBytes: 0 },
    );
    assert.match(status.policies.snapshot, /^sha256:[0-9a-f]{64}$/);
    assert.equal(status.log.isWritable, true);
    assert.equal(status.log.nextSeq, 4, "open, policy, decision, closing");
    const metrics = await (await getAdmin(server, "metrics")).text();
    assert.match(metrics, /^chancery_decisions_total\{.*verdict="redact".*\} 1$/m);
    assert.ok(!metrics.includes("jane"));
  });

  const unusable: Readonly<Record<string, { readonly path: string; readonly text: string }[]>> = {
    "no policies": [],
    "policies that do not compile": [{ path: "platform/broken.yaml", text: "kind: Nonsense\n" }],
  };
  for (const [what, policies] of Object.entries(unusable)) {
    test(`with ${what} it is alive, not ready, and refuses everything`, async (t) => {
      const directory = await makeDirectory(t);
      const address = `unix:${join(directory, "processor.sock")}`;
      const config = await writeServeConfig(directory, { addresses: [address], policies });
      const server = await startServe(t, config);
      assert.equal((await getAdmin(server, "livez")).status, 200);
      assert.equal((await getAdmin(server, "readyz")).status, 503);
      assert.equal(await checkHealth(t, address), health.notServing);
      assert.notEqual(server.stderr(), "");
      const upstream = await startModel(t);
      const envoy = await startEnvoyStage(t, { processor: [address], upstream: upstream.url });
      const answer = await envoy.caller.post(path, asked);
      assert.equal(answer.status, 503);
      assert.equal(JSON.parse(answer.text).error.code, "policy_unavailable");
      assert.equal((await envoy.caller.post("/embeddings", asked)).status, 503);
      const list = await fetch(`${envoy.envoy.baseUrl}/v1/models`);
      assert.equal(list.status, 503);
      assert.deepEqual(upstream.requests, []);
    });
  }

  test("an address that is taken ends it with a sentence, and nothing is left open", async (t) => {
    const taken = createServer();
    taken.listen(0, "127.0.0.1");
    await once(taken, "listening");
    t.after(() => taken.close());
    const { port } = taken.address() as AddressInfo;
    const directory = await makeDirectory(t);
    const config = await writeServeConfig(directory, {
      addresses: [`unix:${join(directory, "processor.sock")}`, `127.0.0.1:${port}`],
    });
    await assertDoesNotStart(
      t,
      config,
      new RegExp(`^chancery: .*127\\.0\\.0\\.1:${port}\\.$`, "m"),
    );
  });

  test("a state directory that is none ends it with a sentence", async (t) => {
    const directory = await makeDirectory(t);
    await writeFile(join(directory, "state"), "");
    const config = await writeServeConfig(directory, { addresses: ["127.0.0.1:0"] });
    await assertDoesNotStart(t, config, /^chancery: The log cannot be opened: .*\/state/m);
  });
});
