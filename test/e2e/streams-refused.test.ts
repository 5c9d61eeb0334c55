/** Running answers that must not go on: how the client, the upstream and the record see their end. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { type ClientAnswer, callOnce } from "../support/client-call.ts";
import { type GovernedEnvoy, startGovernedEnvoy } from "../support/governed-envoy.ts";
import { type StreamedClient, streamedClients } from "../support/streamed-clients.ts";
import type { Script } from "../support/upstream-script.ts";

const token = `ghp_${"aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3gH5"}`;
const packings = [undefined, "gzip", "br", "deflate", "zstd"] as const;

const withPacking = (encoding: Script["encoding"]) => (encoding === undefined ? {} : { encoding });

/** A stream that names a secret and then goes on for as long as anyone listens. */
function endless(client: StreamedClient, packing: Script["encoding"]): Script {
  const said = [...piecesOf("The token is ", 4), ...piecesOf(token, 7), " so there. "];
  const more = Array.from({ length: 20_000 }, () => "And so on. ");
  return {
    raw: client.events([...said, ...more]),
    isStream: true,
    paceMs: 1,
    ...withPacking(packing),
  };
}

function piecesOf(text: string, chars: number): readonly string[] {
  return text.match(new RegExp(`.{1,${chars}}`, "g")) ?? [];
}

function ask(stage: GovernedEnvoy, client: StreamedClient): Promise<ClientAnswer> {
  return callOnce(stage.envoy.baseUrl, {
    path: client.path,
    body: JSON.stringify(client.request),
  });
}

async function closingOf(stage: GovernedEnvoy, answer: ClientAnswer) {
  const exchange = String(answer.headers["x-chancery-decision"]);
  return (await stage.recordsOf(exchange, 2)).find(({ kind }) => kind === "closing");
}

describe("a refusal in mid-stream", () => {
  for (const client of streamedClients) {
    test(`is an error ${client.name} raises, and stops the upstream`, async (t) => {
      const stage = await startGovernedEnvoy(t);
      for (const packing of packings) {
        stage.cloud.answerWith(endless(client, packing));
        let text = "";
        await assert.rejects(async () => {
          for await (const piece of client.texts(stage.baseUrl)) text += piece;
        }, client.errorClass);
        assert.equal(text.trim(), "The token is", packing);
        assert.equal(await stage.cloud.requests.at(-1)?.ended, "cut", packing);
      }
    });

    test(`ends the answer cleanly for any other client of ${client.path} as well`, async (t) => {
      const stage = await startGovernedEnvoy(t);
      for (const packing of packings) {
        stage.cloud.answerWith(endless(client, packing));
        const answer = await ask(stage, client);
        assert.equal(answer.status, 200);
        assert.ok(answer.isComplete);
        assert.ok(!answer.text.includes("ghp_"));
        assert.match(answer.text, /"code":"secret_detected"[^\n]*\n\n(data: \[DONE\]\n\n)?$/);
        assert.equal(await stage.cloud.requests.at(-1)?.ended, "cut", packing);
        assert.equal((await closingOf(stage, answer))?.end, "cut");
      }
      await stage.quiet();
    });

    test(`under STREAMED stops the upstream when ${client.name} leaves`, async (t) => {
      const responseBodyMode = "STREAMED";
      const stage = await startGovernedEnvoy(t, { bootstrap: { responseBodyMode } });
      for (const packing of packings) {
        stage.cloud.answerWith(endless(client, packing));
        await assert.rejects(async () => {
          for await (const _ of client.texts(stage.baseUrl));
        }, client.errorClass);
        assert.equal(await stage.cloud.requests.at(-1)?.ended, "cut", packing);
      }
    });
  }
});

const packers = {
  gzip: gzipSync,
  br: brotliCompressSync,
  deflate: deflateSync,
  zstd: zstdCompressSync,
} as const;

test("packed data that is corrupt, cut short or goes on behind its end is an error, not a pass", async (t) => {
  const stage = await startGovernedEnvoy(t);
  for (const client of streamedClients) {
    for (const [encoding, pack] of Object.entries(packers)) {
      const whole = pack(client.events(["Hello ", "to ", "you all. "]).join(""));
      const bodies = [
        whole.subarray(0, whole.length - 5),
        Buffer.concat([whole.subarray(0, 20), Buffer.alloc(20, 0x55), whole.subarray(40)]),
        Buffer.concat([whole, Buffer.from("data: more")]),
        Buffer.from(client.events(["Hello "]).join("")),
      ];
      for (const [index, body] of bodies.entries()) {
        stage.cloud.answerWith({
          raw: [body.subarray(0, 15), body.subarray(15)],
          isStream: true,
          headers: { "content-encoding": encoding },
        });
        const answer = await ask(stage, client);
        const name = `${client.name}, ${encoding}, body ${index}`;
        assert.match(answer.text, /"error"/, name);
        assert.ok(answer.isComplete, name);
        assert.ok(!answer.text.includes("more"), name);
        assert.equal((await closingOf(stage, answer))?.end, "cut", name);
      }
    }
  }
  await stage.quiet();
});

test("a bomb in a running answer ends within its limits", async (t) => {
  const stage = await startGovernedEnvoy(t);
  for (const client of streamedClients) {
    for (const [encoding, pack] of Object.entries(packers)) {
      const bomb = pack(Buffer.concat([Buffer.from("data: "), Buffer.alloc(8 * 1024 * 1024, "a")]));
      stage.cloud.answerWith({
        raw: [bomb],
        isStream: true,
        headers: { "content-encoding": encoding },
      });
      const answer = await ask(stage, client);
      assert.match(answer.text, /"error"/, encoding);
      assert.ok(answer.body.length < 1000, encoding);
    }
  }
  await stage.quiet();
});

test("a packed answer whose caller leaves stops the upstream and holds nothing", async (t) => {
  const stage = await startGovernedEnvoy(t);
  for (const client of streamedClients) {
    stage.cloud.answerWith({
      raw: client.events(Array.from({ length: 20_000 }, () => "And so on. ")),
      isStream: true,
      paceMs: 1,
      encoding: "gzip",
    });
    for await (const text of client.texts(stage.baseUrl)) {
      assert.match(text, /^And/);
      break;
    }
    assert.equal(await stage.cloud.requests.at(-1)?.ended, "cut");
  }
  await stage.quiet();
});
