import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, type TestContext, test } from "node:test";
import { rootCertificates } from "node:tls";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { parse } from "yaml";
import {
  type BootstrapOptions,
  EnvoyNotStarted,
  type EnvoyProcess,
  renderBootstrap,
  startEnvoy,
} from "../../src/envoy/index.ts";
import { startPassThroughProcessor } from "../support/pass-through-processor.ts";
import { envoyBinary } from "../support/tools.ts";
import { startUpstream } from "../support/upstream.ts";

const shippedFolder = fileURLToPath(new URL("../../envoy/", import.meta.url));
const anyPort = { host: "127.0.0.1", port: 0 };
const nobody = "unix:/nonexistent/chancery.sock";
const plain: BootstrapOptions = {
  listen: anyPort,
  admin: anyPort,
  processor: [nobody],
  upstreams: [{ url: new URL("http://127.0.0.1:8080") }],
};

let folder = "";
let trustedCaPath = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "chancery-envoy-"));
  trustedCaPath = join(folder, "ca.pem");
  await writeFile(trustedCaPath, rootCertificates[0] ?? "");
});
after(() => rm(folder, { recursive: true, force: true }));

async function start(t: TestContext, options: Partial<BootstrapOptions>): Promise<EnvoyProcess> {
  const directory = await mkdtemp(join(folder, "run-"));
  const path = await envoyBinary();
  const envoy = await startEnvoy({ path, directory, bootstrap: { ...plain, ...options } });
  t.after(() => envoy.stop());
  return envoy;
}

async function assertValid(bootstrap: string): Promise<void> {
  const file = join(await mkdtemp(join(folder, "validate-")), "bootstrap.yaml");
  await writeFile(file, bootstrap);
  const args = ["--mode", "validate", "--log-level", "error", "-c", file];
  const { stdout } = await promisify(execFile)(await envoyBinary(), args);
  assert.match(stdout, /OK/);
}

const providers = [
  { provider: "openai", url: new URL("https://models.example/base") },
  { provider: "local", url: new URL("http://[::1]:8080/") },
];

const variants: Readonly<Record<string, Partial<BootstrapOptions>>> = {
  "one plain upstream": {},
  "several providers over http and https": { upstreams: providers },
  "an https upstream by address": { upstreams: [{ url: new URL("https://127.0.0.1:8443") }] },
  "several processors on sockets and ports": { processor: ["unix:/a.sock", "127.0.0.1:9002"] },
  "a processor by name": { processor: ["chancery.internal:9002"] },
  "full duplex both ways": { requestBodyMode: "FULL_DUPLEX_STREAMED" },
  "streamed both ways": { requestBodyMode: "STREAMED", responseBodyMode: "STREAMED" },
  "no bodies and no trailers": {
    requestBodyMode: "NONE",
    responseBodyMode: "NONE",
    responseTrailers: false,
  },
  "buffered with trailers": {
    responseBodyMode: "BUFFERED",
    requestTrailers: true,
    http1Trailers: true,
  },
  "observability mode": { observabilityMode: true },
  "everything a test turns": {
    gracefulClose: false,
    retry: false,
    failureModeAllow: true,
    messageTimeoutMs: 250,
    streamIdleTimeoutMs: 1500,
    accessLogPath: "/dev/null",
  },
};

for (const [name, options] of Object.entries(variants)) {
  test(`Envoy accepts the bootstrap for ${name}`, async () => {
    await assertValid(renderBootstrap({ ...plain, trustedCaPath, ...options }));
  });
}

for (const name of ["bootstrap.yaml", "operator.yaml"]) {
  test(`Envoy accepts envoy/${name}`, async () => {
    const shipped = await readFile(join(shippedFolder, name), "utf8");
    // The one thing that is not the same on every machine.
    await assertValid(shipped.replace("/etc/ssl/certs/ca-certificates.crt", trustedCaPath));
  });
}

test("operator.yaml has the very filter that the tests run", async () => {
  const filterOf = async (name: string) => {
    const bootstrap = parse(await readFile(join(shippedFolder, name), "utf8"));
    const [chain] = bootstrap.static_resources.listeners[0].filter_chains;
    const manager = chain.filters[0].typed_config;
    return { filter: manager.http_filters[0], early: manager.early_header_mutation_extensions };
  };
  assert.deepEqual(await filterOf("operator.yaml"), await filterOf("bootstrap.yaml"));
});

test("without a processor every request is refused and none reaches the upstream", async (t) => {
  const upstream = await startUpstream();
  t.after(() => upstream.stop());
  const envoy = await start(t, { upstreams: [{ url: upstream.url }] });
  const requests = [
    fetch(`${envoy.baseUrl}/v1/models`),
    fetch(`${envoy.baseUrl}/v1/chat/completions`, { method: "POST", body: "{}" }),
    fetch(`${envoy.baseUrl}/anything`, { headers: { "x-chancery-provider": "openai" } }),
  ];
  for (const response of await Promise.all(requests)) assert.equal(response.status, 503);
  assert.deepEqual(upstream.requests, []);
});

test("what a processor lets pass reaches the upstream under its path and host", async (t) => {
  const [upstream, processor] = await Promise.all([startUpstream(), startPassThroughProcessor()]);
  t.after(() => Promise.all([upstream.stop(), processor.stop()]));
  const url = new URL("/base/", upstream.url);
  const envoy = await start(t, { processor: [processor.address], upstreams: [{ url }] });
  const response = await fetch(`${envoy.baseUrl}/v1/chat/completions?a=1`, {
    method: "POST",
    headers: { "x-chancery-provider": "openai", "x-envoy-retry-on": "5xx", "x-request-id": "mine" },
    body: JSON.stringify({ model: "stub-small", messages: [], stream: true }),
  });
  assert.equal(response.status, 200);
  assert.match(await response.text(), /data: \[DONE\]\n\n$/);
  const [seen] = upstream.requests;
  assert.equal(seen?.path, "/base/v1/chat/completions?a=1");
  assert.equal(seen?.headers.host, upstream.url.host);
  assert.notEqual(seen?.headers["x-request-id"], "mine");
  const inner = Object.keys(seen?.headers ?? {}).filter((name) =>
    /^x-(chancery|envoy)-/.test(name),
  );
  assert.deepEqual(inner, []);
});

test("a request goes where the processor routes it, whatever the client asks", async (t) => {
  const [openai, local, processor] = await Promise.all([
    startUpstream(),
    startUpstream(),
    startPassThroughProcessor({ "x-chancery-provider": "local" }),
  ]);
  t.after(() => Promise.all([openai.stop(), local.stop(), processor.stop()]));
  const envoy = await start(t, {
    processor: [processor.address],
    upstreams: [
      { provider: "openai", url: openai.url },
      { provider: "local", url: local.url },
    ],
  });
  const headers = { "x-chancery-provider": "openai" };
  const list = await fetch(`${envoy.baseUrl}/v1/models`, { headers });
  const chat = await fetch(`${envoy.baseUrl}/v1/chat/completions`, {
    method: "POST",
    headers,
    body: JSON.stringify({ model: "stub-small", messages: [] }),
  });
  assert.deepEqual([list.status, chat.status], [200, 200]);
  assert.deepEqual(
    local.requests.map(({ path }) => path),
    ["/v1/models", "/v1/chat/completions"],
  );
  assert.deepEqual(openai.requests, []);
});

test("what no route claims is seen by the processor and then answered 503", async (t) => {
  const [upstream, processor] = await Promise.all([startUpstream(), startPassThroughProcessor()]);
  t.after(() => Promise.all([upstream.stop(), processor.stop()]));
  const envoy = await start(t, {
    processor: [processor.address],
    upstreams: [{ provider: "openai", url: upstream.url }],
  });
  const response = await fetch(`${envoy.baseUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { "x-chancery-provider": "openai" },
    body: "{}",
  });
  assert.equal(response.status, 503);
  assert.match(await response.text(), /"unrouted"/);
  assert.deepEqual(processor.events.slice(0, 2), ["request_headers", "request_body"]);
  assert.deepEqual(upstream.requests, []);
});

test("an Envoy that cannot start says why", async () => {
  const path = await envoyBinary();
  const directory = await mkdtemp(join(folder, "run-"));
  const taken = await startUpstream();
  const listen = { host: "127.0.0.1", port: Number(taken.url.port) };
  await assert.rejects(
    startEnvoy({ path, directory, bootstrap: { ...plain, listen } }),
    (error) => error instanceof EnvoyNotStarted && /Address already in use/.test(error.message),
  );
  await assert.rejects(
    startEnvoy({ path: join(directory, "absent"), directory, bootstrap: plain }),
    (error) => error instanceof EnvoyNotStarted && /ENOENT/.test(error.message),
  );
  await taken.stop();
});

test("an https upstream is checked against the system's authorities unless told otherwise", async (t) => {
  const envoy = await start(t, { upstreams: [{ url: new URL("https://localhost:1") }] });
  const certificates = await fetch(`${envoy.adminUrl}/certs`);
  assert.match(await certificates.text(), /trusted-ca\.pem/);
});

test("an Envoy that does not end is ended", async () => {
  const path = await envoyBinary();
  const directory = await mkdtemp(join(folder, "run-"));
  const envoy = await startEnvoy({ path, directory, bootstrap: plain, stopDeadlineMs: 50 });
  // A stopped process keeps SIGTERM for later.
  process.kill(envoy.pid, "SIGSTOP");
  await envoy.stop();
  assert.deepEqual(await envoy.exited, { code: null, signal: "SIGKILL" });
});

test("stopping twice is stopping once, and the port is free after it", async (t) => {
  const envoy = await start(t, {});
  await Promise.all([envoy.stop(), envoy.stop()]);
  assert.deepEqual(await envoy.exited, { code: 0, signal: null });
  await assert.rejects(fetch(envoy.baseUrl));
});
