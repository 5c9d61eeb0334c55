import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type AdminOptions, createAdminServer } from "./index.ts";

const working: AdminOptions = {
  isLive: () => true,
  isReady: () => true,
  status: () => ({ version: "1.0.0" }),
  metrics: async () => "# HELP a b\n",
  metricsContentType: "text/plain; version=0.0.4; charset=utf-8",
};

test("OpenMetrics is for those who ask for it, where there is such a text", async () => {
  const server = createAdminServer({ ...working, openMetrics: async () => "# EOF\n" });
  const origin = `http://${await server.listen("127.0.0.1:0")}`;
  const open = "application/openmetrics-text;version=1.0.0,text/plain;q=0.5";
  const asked = await fetch(`${origin}/metrics`, { headers: { accept: open } });
  assert.match(asked.headers.get("content-type") ?? "", /^application\/openmetrics-text/);
  assert.equal(await asked.text(), "# EOF\n");
  const plain = await fetch(`${origin}/metrics`);
  assert.equal(plain.headers.get("content-type"), working.metricsContentType);
  await server.close();
});

function serving(
  claim: string,
  options: Partial<AdminOptions>,
  run: (origin: string) => Promise<void>,
): void {
  test(claim, async () => {
    const server = createAdminServer({ ...working, ...options });
    const address = await server.listen("127.0.0.1:0");
    try {
      await run(`http://${address}`);
    } finally {
      await server.close();
    }
  });
}

async function ask(url: string, init?: RequestInit) {
  const response = await fetch(url, init);
  return {
    status: response.status,
    headers: response.headers,
    body: await response.text(),
  };
}

serving("probes, status and metrics are answered", {}, async (origin) => {
  const live = await ask(`${origin}/livez`);
  assert.deepEqual([live.status, live.body], [200, "live\n"]);
  const ready = await ask(`${origin}/readyz?verbose`);
  assert.deepEqual([ready.status, ready.body], [200, "ready\n"]);
  const status = await ask(`${origin}/status`);
  assert.equal(status.headers.get("content-type"), "application/json");
  assert.equal(status.headers.get("cache-control"), "no-store");
  assert.deepEqual(JSON.parse(status.body), { version: "1.0.0" });
  const metrics = await ask(`${origin}/metrics`);
  assert.equal(metrics.headers.get("content-type"), working.metricsContentType);
  assert.equal(metrics.body, "# HELP a b\n");
});

serving("what is not so is 503", { isLive: () => false, isReady: () => false }, async (origin) => {
  const live = await ask(`${origin}/livez`);
  assert.deepEqual([live.status, live.body], [503, "not live\n"]);
  const ready = await ask(`${origin}/readyz`);
  assert.deepEqual([ready.status, ready.body], [503, "not ready\n"]);
});

serving("another path is 404 and says which there are", {}, async (origin) => {
  for (const path of ["/", "/livez/", "/metrics/x", "/__proto__", "//livez"]) {
    const { status, body } = await ask(origin + path);
    assert.equal(status, 404, path);
    assert.equal(body, "Not found. There are /livez /readyz /status /metrics.\n");
  }
});

serving("another method is 405 and says which are allowed", {}, async (origin) => {
  const { status, headers, body } = await ask(`${origin}/status`, { method: "POST", body: "x" });
  assert.equal(status, 405);
  assert.equal(headers.get("allow"), "GET, HEAD");
  assert.equal(headers.get("connection"), "close");
  assert.equal(body, "/status is for GET and HEAD.\n");
});

serving("HEAD has the headers of GET and no body", {}, async (origin) => {
  const { status, headers, body } = await ask(`${origin}/readyz`, { method: "HEAD" });
  assert.deepEqual([status, headers.get("content-length"), body], [200, "6", ""]);
});

const secret = () => {
  throw new Error("secret detail");
};
serving(
  "a page that fails is 500 and says nothing of why",
  { status: secret, metrics: async () => secret(), isReady: secret },
  async (origin) => {
    for (const path of ["/status", "/metrics", "/readyz"]) {
      const { status, body } = await ask(origin + path);
      assert.deepEqual([status, body], [500, "This page could not be made.\n"]);
    }
    assert.equal((await ask(`${origin}/livez`)).status, 200);
  },
);

serving(
  "metrics that do not come are 503",
  { metrics: () => new Promise(() => {}), metricsTimeoutMs: 1 },
  async (origin) => {
    const { status, body } = await ask(`${origin}/metrics`);
    assert.deepEqual([status, body], [503, "The metrics took too long.\n"]);
  },
);

serving("headers beyond 8 KiB are 431", {}, async (origin) => {
  const { status } = await ask(`${origin}/livez`, { headers: { x: "x".repeat(9_000) } });
  assert.equal(status, 431);
});

serving("a request that is none closes its connection and nothing else", {}, async (origin) => {
  const { port } = new URL(origin);
  const socket = connect(Number(port), "127.0.0.1");
  socket.end("\u0016\u0003\u0001 no http\r\n\r\n");
  const [answer] = await once(socket, "data");
  assert.match(String(answer), /^HTTP\/1\.1 400 /);
  await once(socket, "close");
  assert.equal((await ask(`${origin}/livez`)).status, 200);
});

test("close ends connections that are held open", async () => {
  const server = createAdminServer(working);
  const address = await server.listen("127.0.0.1:0");
  const socket = connect(Number(address.split(":")[1]), "127.0.0.1");
  await once(socket, "connect");
  socket.on("error", () => {});
  const ended = once(socket, "close");
  await server.close();
  await ended;
});

test("close before listen is fine", async () => {
  await createAdminServer(working).close();
});

test("a port that is taken and a host beyond loopback are errors", async () => {
  const first = createAdminServer(working);
  const address = await first.listen("127.0.0.1:0");
  await assert.rejects(async () => createAdminServer(working).listen(address), /EADDRINUSE/);
  await first.close();
  await assert.rejects(async () => createAdminServer(working).listen("0.0.0.0:0"), /this machine/);
});

test("a Unix socket is for owner and group, replaces a dead one, and respects a living one", async () => {
  const folder = mkdtempSync(join(tmpdir(), "admin-"));
  try {
    const path = join(folder, "admin.sock");
    await leaveDeadSocket(path);
    const server = createAdminServer(working);
    assert.equal(await server.listen(`unix:${path}`), `unix:${path}`);
    assert.equal(statSync(path).mode & 0o777, 0o660);
    assert.equal(await statusOverSocket(path, "/livez"), 200);
    await assert.rejects(createAdminServer(working).listen(`unix:${path}`), /EADDRINUSE/);
    assert.equal(await statusOverSocket(path, "/livez"), 200);
    await server.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

async function statusOverSocket(socketPath: string, path: string): Promise<number | undefined> {
  const sent = httpRequest({ socketPath, path });
  sent.end();
  const [response] = await once(sent, "response");
  response.resume();
  return response.statusCode;
}

/** Leaves the socket of a process that died. */
async function leaveDeadSocket(path: string): Promise<void> {
  const script = `require("node:net").createServer().listen(${JSON.stringify(path)}, () => console.log("up"))`;
  const child = spawn(process.execPath, ["--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}
