import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { copyFile, mkdir, rename } from "node:fs/promises";
import { connect as connectHttp2 } from "node:http2";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { connect as connectTls, type SecureVersion, type TLSSocket } from "node:tls";
import { parse, stringify } from "yaml";
import { parseConfig, type RunningServer, startServer } from "../../src/server/index.ts";
import { createOperatorLog, createTelemetry } from "../../src/telemetry/index.ts";
import { type Authority, type Certificate, createAuthority } from "../support/certificates.ts";
import { writePolicies } from "../support/chancery-process.ts";
import { startEditedEnvoy } from "../support/edited-envoy.ts";
import { makeDirectory } from "../support/envoy-stage.ts";
import { stagePolicies } from "../support/exchange-stage.ts";
import { eventually } from "../support/governed-envoy.ts";
import { HttpCaller } from "../support/http-caller.ts";
import { startLoad } from "../support/load.ts";
import { envoyBinary } from "../support/tools.ts";
import { type StubUpstream, startUpstream } from "../support/upstream.ts";

const path = "/chat/completions";
const email = "jane.roe@example.org";
const asked = { model: "large", messages: [{ role: "user", content: `Who is ${email}?` }] };
const gateway = "spiffe://mesh.example/ns/gateway/sa/envoy";

interface Stage {
  readonly directory: string;
  readonly authority: Authority;
  readonly server: RunningServer;
  readonly port: number;
  /** The listener's certificate and key, where it reads them. */
  readonly files: { readonly cert: string; readonly key: string; readonly clientCa: string };
  metric(line: string): Promise<number>;
}

/** A server on a port with mutual TLS, for gateways of one namespace and one DNS name. */
async function startStage(t: TestContext): Promise<Stage> {
  const directory = await makeDirectory(t);
  const authority = await createAuthority(directory);
  await mkdir(join(directory, "tls"));
  const files = {
    cert: join(directory, "tls", "server.pem"),
    key: join(directory, "tls", "server.key"),
    clientCa: join(directory, "tls", "clients.pem"),
  };
  await install(await authority.issue(["IP:127.0.0.1"]), files);
  await copyFile(authority.certificatePath, files.clientCa);
  await writePolicies(join(directory, "policies"), stagePolicies);
  const text = `
listeners:
  - address: 127.0.0.1:0
    identity: acme/bot
    tls:
      certFile: tls/server.pem
      keyFile: tls/server.key
      clientCaFile: tls/clients.pem
      allow: { spiffe: ["spiffe://mesh.example/ns/gateway/*"], san: [gateway.mesh.example] }
admin: { address: 127.0.0.1:0 }
stateDir: state
policies: { sources: [{ directory: policies }], unsigned: true }
`;
  const { config, problems } = parseConfig({ path: join(directory, "chancery.yaml"), text });
  assert.ok(config !== undefined, JSON.stringify(problems));
  const server = await startServer({
    config,
    version: "0.0.0",
    telemetry: createTelemetry({ version: "0.0.0" }),
    log: createOperatorLog({ level: "fatal", destination: process.stderr }),
  });
  t.after(() => server.stop(AbortSignal.abort()));
  return {
    directory,
    authority,
    server,
    port: Number(server.addresses[0]?.split(":")[1]),
    files,
    metric: async (line) => {
      const metrics = await (await fetch(`http://${server.adminAddress}/metrics`)).text();
      const found = metrics.split("\n").find((candidate) => candidate.startsWith(`${line} `));
      return Number(found?.split(" ")[1] ?? 0);
    },
  };
}

/** Puts a certificate and its key where the listener reads them, one after the other. */
async function install(from: Certificate, to: { cert: string; key: string }): Promise<void> {
  for (const [source, target] of [
    [from.certificatePath, to.cert],
    [from.keyPath, to.key],
  ] as const) {
    await copyFile(source, `${target}.draft`);
    await rename(`${target}.draft`, target);
  }
}

async function startGateway(
  t: TestContext,
  stage: Stage,
  identity: Certificate | undefined,
): Promise<{ readonly caller: HttpCaller; readonly upstream: StubUpstream }> {
  const upstream = await startUpstream();
  t.after(() => upstream.stop());
  upstream.answerWith({ text: `She is ${email}.` });
  const envoy = await startEditedEnvoy({
    path: await envoyBinary(),
    directory: await makeDirectory(t),
    bootstrap: {
      listen: { host: "127.0.0.1", port: 0 },
      admin: { host: "127.0.0.1", port: 0 },
      processor: [`127.0.0.1:${stage.port}`],
      upstreams: [{ provider: "cloud", url: upstream.url }],
    },
    edit: (text) => withClientTls(text, stage.authority, identity),
  });
  t.after(() => envoy.stop());
  const caller = new HttpCaller(`${envoy.baseUrl}/v1`, { socketsMax: 16 });
  t.after(() => caller.close());
  return { caller, upstream };
}

/** Lets Envoy speak TLS to the processor, as `envoy/operator.yaml` tells operators to. */
function withClientTls(text: string, authority: Authority, own: Certificate | undefined): string {
  const bootstrap = parse(text) as {
    readonly static_resources: { readonly clusters: Record<string, unknown>[] };
  };
  const [processor] = bootstrap.static_resources.clusters;
  assert.ok(processor !== undefined);
  processor["transport_socket"] = {
    name: "envoy.transport_sockets.tls",
    typed_config: {
      "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
      common_tls_context: {
        alpn_protocols: ["h2"],
        // Without it an Envoy that calls out offers 1.2 at most.
        tls_params: { tls_maximum_protocol_version: "TLSv1_3" },
        tls_certificates:
          own === undefined
            ? []
            : [
                {
                  certificate_chain: { filename: own.certificatePath },
                  private_key: { filename: own.keyPath },
                },
              ],
        validation_context: { trusted_ca: { filename: authority.certificatePath } },
      },
    },
  };
  return stringify(bootstrap, { lineWidth: 0 });
}

/** What a client with these credentials gets to its first call: an HTTP status, or nothing. */
async function firstAnswer(
  stage: Stage,
  credentials: { readonly cert?: string; readonly key?: string },
  maxVersion: SecureVersion = "TLSv1.3",
): Promise<number | "closed"> {
  const session = connectHttp2(`https://127.0.0.1:${stage.port}`, {
    ca: stage.authority.cert,
    maxVersion,
    ...credentials,
  });
  session.on("error", () => undefined);
  const call = session.request({
    ":method": "POST",
    ":path": "/grpc.health.v1.Health/Check",
    "content-type": "application/grpc",
    te: "trailers",
  });
  call.on("error", () => undefined);
  call.end(Buffer.alloc(5));
  const answer = await new Promise<number | "closed">((resolve) => {
    call.once("response", (headers) => resolve(Number(headers[":status"])));
    call.once("close", () => resolve("closed"));
  });
  session.destroy();
  return answer;
}

/** A connection as a proxy would open it. */
async function openConnection(stage: Stage, own: Certificate): Promise<TLSSocket> {
  const socket = connectTls({
    host: "127.0.0.1",
    port: stage.port,
    ca: stage.authority.cert,
    cert: own.cert,
    key: own.key,
    ALPNProtocols: ["h2"],
  });
  await once(socket, "secureConnect");
  return socket;
}

describe("a listener with mutual TLS", { timeout: 60_000 }, () => {
  test("serves an Envoy whose SPIFFE id is on the list", async (t) => {
    const stage = await startStage(t);
    const { caller, upstream } = await startGateway(
      t,
      stage,
      await stage.authority.issue([`URI:${gateway}`]),
    );
    const { status, text } = await caller.post(path, asked);
    assert.equal(status, 200);
    assert.match(text, /She is \[EMAIL\]\./);
    assert.ok(upstream.requests.every(({ body }) => body.includes("Who is [EMAIL]?")));
    assert.equal(await stage.metric('chancery_wire_errors_total{kind="peer"}'), 0);
  });

  test("an Envoy that is not on the list is refused, and its callers with it", async (t) => {
    const stage = await startStage(t);
    const strangers = [
      await stage.authority.issue(["URI:spiffe://mesh.example/ns/other/sa/envoy"]),
      undefined,
    ];
    for (const stranger of strangers) {
      const { caller, upstream } = await startGateway(t, stage, stranger);
      const { status } = await caller.post(path, asked);
      assert.notEqual(status, 200, "Envoy fails closed");
      assert.deepEqual(upstream.requests, []);
    }
    assert.ok((await stage.metric('chancery_wire_errors_total{kind="peer"}')) >= 2);
    assert.equal(await stage.metric("chancery_sessions_active"), 0);
  });

  test("only a certificate of the right authority with a name on the list opens it", async (t) => {
    const stage = await startStage(t);
    const { authority } = stage;
    const other = await createAuthority(stage.directory);
    const answers = {
      "a SPIFFE id below the prefix": await authority.issue([`URI:${gateway}`]),
      "a DNS name on the list": await authority.issue(["DNS:Gateway.mesh.example"]),
      "another authority": await other.issue([`URI:${gateway}`]),
      "another trust domain": await authority.issue(["URI:spiffe://mesh.example.org/ns/gateway/x"]),
      "a longer first segment": await authority.issue(["URI:spiffe://mesh.example/ns/gateways/x"]),
      "dots for segments": await authority.issue(["URI:spiffe://mesh.example/ns/gateway/../x"]),
      "two ids": await authority.issue([`URI:${gateway}`, "URI:spiffe://mesh.example/ns/x"]),
      "an id as a DNS name": await authority.issue([`DNS:${gateway}`]),
      "a wildcard": await authority.issue(["DNS:*.mesh.example"]),
      "an address": await authority.issue(["IP:127.0.0.1"]),
    };
    const found: Record<string, number | "closed"> = {};
    for (const [what, { cert, key }] of Object.entries(answers)) {
      found[what] = await firstAnswer(stage, { cert, key });
    }
    found["none"] = await firstAnswer(stage, {});
    found["TLS 1.2"] = await firstAnswer(stage, answers["a DNS name on the list"], "TLSv1.2");
    const open = Object.entries(found).filter(([, answer]) => answer !== "closed");
    assert.deepEqual(open, [
      ["a SPIFFE id below the prefix", 200],
      ["a DNS name on the list", 200],
    ]);
  });

  test("certificates that change are taken up, and no exchange is lost on the way", async (t) => {
    const stage = await startStage(t);
    const own = await stage.authority.issue([`URI:${gateway}`]);
    const { caller, upstream } = await startGateway(t, stage, own);
    const load = startLoad(caller, path, { callers: 8, bodyOf: () => asked });
    await load.answered(50);
    const serials = new Set<string>();
    for (let turn = 0; turn < 3; turn += 1) {
      const renewed = await stage.authority.issue(["IP:127.0.0.1"]);
      await install(renewed, stage.files);
      const expected = new X509Certificate(renewed.cert).serialNumber;
      await eventually(async () => {
        const socket = await openConnection(stage, own);
        const { serialNumber } = socket.getPeerCertificate();
        socket.destroy();
        return serialNumber === expected || undefined;
      });
      serials.add(expected);
      await load.answered(50);
    }
    await load.stop();
    assert.equal(serials.size, 3);
    const wrong = load.answers.filter(
      ({ isComplete, status, text }) => status !== 200 || !isComplete || !text.includes("[EMAIL]"),
    );
    assert.deepEqual(wrong, []);
    assert.equal(upstream.requests.length, load.answers.length);
    assert.equal(await stage.metric('chancery_sessions_closed_total{reason="error"}'), 0);
  });

  test("an authority that is taken away vouches for no new connection", async (t) => {
    const stage = await startStage(t);
    const own = await stage.authority.issue([`URI:${gateway}`]);
    assert.equal(await firstAnswer(stage, own), 200);
    const successor = await createAuthority(stage.directory);
    await copyFile(successor.certificatePath, stage.files.clientCa);
    await eventually(async () => (await firstAnswer(stage, own)) === "closed" || undefined);
    const next = await successor.issue([`URI:${gateway}`]);
    assert.equal(await firstAnswer(stage, next), 200);
  });

  test("a key that does not fit is not taken up, and status says since when", async (t) => {
    const stage = await startStage(t);
    const own = await stage.authority.issue([`URI:${gateway}`]);
    const misfit = await stage.authority.issue(["IP:127.0.0.1"]);
    const refusedSince = async () => {
      const status = (await (await fetch(`http://${stage.server.adminAddress}/status`)).json()) as {
        readonly listeners: readonly { tls: { refusedSince: string | null } }[];
      };
      return status.listeners[0]?.tls.refusedSince;
    };
    assert.equal(await refusedSince(), null);
    await copyFile(misfit.keyPath, stage.files.key);
    await eventually(async () => (await refusedSince()) ?? undefined);
    assert.equal(await firstAnswer(stage, own), 200);
    await copyFile(misfit.certificatePath, stage.files.cert);
    await eventually(async () => (await refusedSince()) === null || undefined);
  });
});
