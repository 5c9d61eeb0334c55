import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { describe, type TestContext, test } from "node:test";
import { startLoopbackServer } from "../../test/support/loopback-server.ts";
import { createOwnTrust } from "../../test/support/own-trust.ts";
import { createHttpClient } from "./http-client.ts";

const soon = () => AbortSignal.timeout(5_000);
const yes: RequestListener = (_, response) => response.end("yes");

/** A client under test, closed with it. */
function clientOf(t: TestContext, tls?: Parameters<typeof createHttpClient>[0]) {
  const client = createHttpClient(tls);
  t.after(() => client.close());
  return client;
}

describe("a client with certificates of its own", () => {
  test("speaks to who its authority vouches for, and to nobody else", async (t) => {
    const [trust, other] = [await createOwnTrust(t), await createOwnTrust(t)];
    const { url } = await startLoopbackServer(t, yes, trust.openServer);
    const { caFile } = trust.tls;
    assert.equal((await clientOf(t, { caFile }).post({ url, body: "" }, soon())).text, "yes");
    for (const tls of [undefined, {}, { caFile: other.tls.caFile }]) {
      await assert.rejects(clientOf(t, tls).post({ url, body: "" }, soon()), {
        code: /UNABLE_TO_VERIFY|SELF_SIGNED|CERT_SIGNATURE_FAILURE/,
      });
    }
  });

  test("says who it is where the server asks", async (t) => {
    const { server, tls } = await createOwnTrust(t);
    const { url } = await startLoopbackServer(t, yes, server);
    assert.equal((await clientOf(t, tls).post({ url, body: "" }, soon())).text, "yes");
    const nobody = clientOf(t, { caFile: tls.caFile });
    await assert.rejects(nobody.post({ url, body: "" }, soon()));
  });

  test("reads its files again with each connection, and takes none up from before", async (t) => {
    const [trust, other] = [await createOwnTrust(t), await createOwnTrust(t)];
    const { url } = await startLoopbackServer(
      t,
      (request, response) => {
        if (request.url === "/last") response.setHeader("connection", "close");
        response.end("yes");
      },
      trust.openServer,
    );
    const { caFile } = trust.tls;
    const client = clientOf(t, { caFile });
    const ask = async (path: string) =>
      (await client.post({ url: `${url}${path}`, body: "" }, soon())).text;
    // Twice, so that there is a session of the first to take up.
    await ask("/last");
    await ask("/");
    copyFileSync(other.tls.caFile, caFile);
    assert.equal(await ask("/last"), "yes", "still connected");
    await assert.rejects(ask("/"), { code: /UNABLE_TO_VERIFY|CERT_SIGNATURE_FAILURE/ });
  });

  test("says of what cannot be sent that it has no answer, as of anything else", async (t) => {
    const post = { url: "http://127.0.0.1:9", headers: { authorization: "two\nlines" }, body: "" };
    const answer = clientOf(t).post(post, soon());
    await assert.rejects(answer, { code: "ERR_INVALID_CHAR" });
  });

  test("asks nobody without a file that it was given", async (t) => {
    const { openServer } = await createOwnTrust(t);
    const { url } = await startLoopbackServer(t, yes, openServer);
    const client = clientOf(t, { caFile: "/nowhere/ca.pem" });
    await assert.rejects(client.post({ url, body: "" }, soon()), /cannot be read/);
  });
});

describe("an answer", () => {
  test("comes whole, with its status and when to come again", async (t) => {
    const seen: string[] = [];
    const { url } = await startLoopbackServer(t, (request, response) => {
      request.on("data", (chunk) => seen.push(`${request.headers["x-key"]} ${chunk}`));
      response.writeHead(429, { "retry-after": "8" }).end("later");
    });
    const post = { url, headers: { "x-key": "k" }, body: "größe" };
    assert.deepEqual(await clientOf(t).post(post, soon()), {
      ...{ status: 429, retryAfter: "8", text: "later" },
    });
    assert.deepEqual(seen, ["k größe"]);
  });

  test("that leads elsewhere is not followed", async (t) => {
    const asked: (string | undefined)[] = [];
    const { url } = await startLoopbackServer(t, (request, response) => {
      asked.push(request.url);
      response.writeHead(307, { location: "/other" }).end();
    });
    assert.equal((await clientOf(t).post({ url, body: "" }, soon())).status, 307);
    assert.deepEqual(asked, ["/"]);
  });

  test("that is longer than a few lines, or breaks off, is none", async (t) => {
    const { url } = await startLoopbackServer(t, (request, response) => {
      if (request.url === "/long") return response.end("x".repeat(65 * 1024));
      response.writeHead(200, { "content-length": "100" }).write("x");
      setImmediate(() => response.destroy());
      return undefined;
    });
    const client = clientOf(t);
    await assert.rejects(client.post({ url: `${url}/long`, body: "" }, soon()), /at most 65536/);
    await assert.rejects(client.post({ url: `${url}/short`, body: "" }, soon()));
  });

  test("is waited for as long as the signal says, head and body", async (t) => {
    const { url } = await startLoopbackServer(t, (request, response) => {
      if (request.url === "/body") response.write("x");
    });
    for (const path of ["/head", "/body"]) {
      const post = { url: `${url}${path}`, body: "" };
      await assert.rejects(clientOf(t).post(post, AbortSignal.timeout(50)));
    }
  });
});
