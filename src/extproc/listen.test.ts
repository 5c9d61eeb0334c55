import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { answerEach, startFixture } from "../../test/support/ext-proc-fixture.ts";
import { RawGrpcClient } from "../../test/support/raw-grpc-client.ts";
import { parseListenAddress } from "./listen.ts";

const headers = { requestHeaders: { headers: { headers: [] } } };

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "chancery-listen-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function isAnswered(address: string): Promise<boolean> {
  const client = new RawGrpcClient(address);
  const call = client.call();
  call.send(headers);
  const answer = await call.next();
  await client.close();
  return answer !== undefined;
}

test("addresses are a socket path or a host and port", () => {
  assert.deepEqual(parseListenAddress("unix:/run/a.sock"), { kind: "unix", path: "/run/a.sock" });
  assert.deepEqual(parseListenAddress("127.0.0.1:0"), { kind: "tcp", host: "127.0.0.1", port: 0 });
  assert.deepEqual(parseListenAddress("[::1]:65535"), { kind: "tcp", host: "::1", port: 65_535 });
  assert.deepEqual(parseListenAddress("localhost:1"), { kind: "tcp", host: "localhost", port: 1 });
});

for (const wrong of [
  "",
  "unix:relative",
  "9002",
  ":9002",
  "host:",
  "host:65536",
  "::1:80",
  "a/b:1",
]) {
  test(`"${wrong}" is no address`, () => {
    assert.throws(() => parseListenAddress(wrong), /expected unix:\/path or HOST:PORT/);
  });
}

test("the bound address names the port that was found", async (t) => {
  const { address } = await startFixture(t, answerEach, { address: "[::1]:0" });
  assert.match(address, /^\[::1\]:[1-9]\d*$/);
  assert.equal(await isAnswered(address), true);
});

test("a port that is taken is an error, not a silence", async (t) => {
  const taken = createServer().listen(0, "127.0.0.1");
  t.after(() => taken.close());
  await new Promise((resolve) => taken.once("listening", resolve));
  const bound = taken.address();
  assert.ok(bound !== null && typeof bound === "object");
  const { server } = await startFixture(t);
  await assert.rejects(server.listen(`127.0.0.1:${bound.port}`), { code: "EADDRINUSE" });
});

test("a socket has the mode asked for, and nothing else is left beside it", async (t) => {
  const folder = temporaryFolder(t);
  const { server } = await startFixture(t);
  const address = await server.listen(`unix:${folder}/a.sock`, { socketMode: 0o660 });
  assert.equal(address, `unix:${folder}/a.sock`);
  assert.equal(statSync(join(folder, "a.sock")).mode & 0o777, 0o660);
  assert.deepEqual(readdirSync(folder), ["a.sock"]);
  assert.equal(await isAnswered(address), true);
});

test("whatever stands at the path is replaced", async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, "a.sock"), "stale");
  const { server } = await startFixture(t);
  assert.equal(await isAnswered(await server.listen(`unix:${folder}/a.sock`)), true);
});

test("a successor takes the path over, and the first server does not remove it when it closes", async (t) => {
  const folder = temporaryFolder(t);
  const address = `unix:${folder}/a.sock`;
  const first = await startFixture(t);
  await first.server.listen(address);
  const kept = new RawGrpcClient(address);
  const call = kept.call();
  call.send(headers);
  await call.next();

  const second = await startFixture(t);
  await second.server.listen(address);
  assert.equal(await isAnswered(address), true);
  assert.equal(second.exchanges.length, 1);

  call.finish();
  assert.equal((await call.end).code, 0, "what the first server had goes on");
  await kept.close();
  await first.server.close();
  assert.equal(existsSync(join(folder, "a.sock")), true);
  assert.equal(await isAnswered(address), true);
});

test("a folder that does not exist is an error that says so", async (t) => {
  const { server } = await startFixture(t);
  await assert.rejects(server.listen("unix:/does/not/exist.sock"), /create it first/);
});

test("a path too long for a socket is an error that says so", async (t) => {
  const folder = temporaryFolder(t);
  const { server } = await startFixture(t);
  await assert.rejects(server.listen(`unix:${folder}/${"a".repeat(100)}`), /too long for a socket/);
});
