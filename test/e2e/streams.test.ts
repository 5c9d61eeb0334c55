/** Running answers through a real Envoy: in every packing and layout, as the official clients see them. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { callOnce } from "../support/client-call.ts";
import { eventually, type GovernedEnvoy, startGovernedEnvoy } from "../support/governed-envoy.ts";
import { type StreamedClient, streamedClients } from "../support/streamed-clients.ts";
import type { Script } from "../support/upstream-script.ts";

const email = "jane.roe@example.org";
const packings = [undefined, "gzip", "br", "deflate", "zstd"] as const;
const modes = ["FULL_DUPLEX_STREAMED", "STREAMED"] as const;

const words = ["One ", "and ", "two ", "and ", "three ", "and ", "four."];

async function join(texts: AsyncIterable<string>): Promise<string> {
  let all = "";
  for await (const text of texts) all += text;
  return all;
}

/** A stream of which no event leaves before the client has the text of the event before the last. */
function inLockstep(client: StreamedClient, packing: Script["encoding"]) {
  const events = client.events(words);
  const first = events.findIndex((event) => event.includes(words[0] ?? ""));
  let received = "";
  const script: Script = {
    raw: events,
    isStream: true,
    ...(packing === undefined ? {} : { encoding: packing }),
    beforePiece: (index) => {
      const due = words.slice(0, Math.max(0, index - first - 1)).join("");
      return eventually(async () => received.length >= due.length || undefined).then(() => {});
    },
  };
  const takeText = (text: string) => {
    received += text;
  };
  return { script, takeText };
}

for (const responseBodyMode of modes) {
  describe(`under ${responseBodyMode}`, () => {
    for (const client of streamedClients) {
      test(`${client.name} has each text at the latest with the next event, however packed`, async (t) => {
        const stage = await startGovernedEnvoy(t, { bootstrap: { responseBodyMode } });
        for (const packing of packings) {
          const { script, takeText } = inLockstep(client, packing);
          stage.cloud.answerWith(script);
          let all = "";
          for await (const text of client.texts(stage.baseUrl)) {
            takeText(text);
            all += text;
          }
          assert.equal(all, words.join(""), packing);
        }
      });
    }

    test("a value split over packed events is masked, and the answer leaves plain", async (t) => {
      const stage = await startGovernedEnvoy(t, { bootstrap: { responseBodyMode } });
      for (const client of streamedClients) {
        for (const encoding of packings.slice(1)) {
          const said = [...`Write to ${email} today.`];
          stage.cloud.answerWith({
            raw: client.events(said),
            isStream: true,
            ...(encoding === undefined ? {} : { encoding }),
          });
          const call = { path: client.path, body: JSON.stringify(client.request) };
          const answer = await callOnce(stage.envoy.baseUrl, call);
          assert.equal(answer.headers["content-encoding"], undefined);
          assert.ok(!answer.text.includes("@"), answer.text);
          assert.equal(
            await join(client.texts(stage.baseUrl)),
            "Write to [EMAIL] today.",
            encoding,
          );
        }
      }
    });
  });
}

/** Layouts of one stream that the standard allows, as they come from the model server. */
function layouts(events: readonly string[]): readonly (readonly [string, Script])[] {
  const whole = events.join("");
  const raw = (pieces: readonly (string | Buffer)[], more: Script = {}): Script => ({
    isStream: true,
    raw: pieces,
    ...more,
  });
  const named = (contentType: string) => ({ headers: { "content-type": contentType } });
  return [
    ["lines ending in CRLF", raw([whole.replaceAll("\n", "\r\n")])],
    ["cut between CR and LF", raw(whole.replaceAll("\n", "\r\n").split(/(?<=\r)/))],
    ["a byte order mark", raw([`\uFEFF${whole}`])],
    ["comments between events", raw(events.flatMap((event) => [": keep-alive\n\n", event]))],
    ["other fields", raw(events.map((event) => `id: 7\nretry: 10\n${event}`))],
    ["no space behind the colon", raw([whole.replaceAll("data: ", "data:")])],
    ["data over several lines", raw([whole.replaceAll('data: {"', 'data: {\ndata: "')])],
    ["one byte at a time", raw(Array.from(Buffer.from(whole), (byte) => Buffer.from([byte])))],
    ["no content type", raw([whole], named(""))],
    ["another content type", raw(events, named("application/json"))],
    ["no content type, and packed", raw(events, { encoding: "gzip", ...named("") })],
    [
      "two codings",
      raw([gzipSync(whole)], { encoding: "br", headers: { "content-encoding": "gzip, br" } }),
    ],
  ];
}

describe("a stream laid out in another legal way", () => {
  for (const client of streamedClients) {
    test(`is masked, and ${client.name} reads it as before`, async (t) => {
      const stage = await startGovernedEnvoy(t);
      for (const [name, script] of layouts(client.events([..."Ask “", ...email, ..."” now."]))) {
        stage.cloud.answerWith(script);
        assert.equal(await join(client.texts(stage.baseUrl)), "Ask “[EMAIL]” now.", name);
      }
    });

    test(`and with nothing to mask keeps every byte that ${client.name} gets`, async (t) => {
      const stage = await startGovernedEnvoy(t);
      for (const [name, script] of layouts(client.events(words))) {
        stage.cloud.answerWith(script);
        const { text } = await ask(stage, client);
        const sent = name === "two codings" ? client.events(words) : (script.raw ?? []);
        assert.equal(text, Buffer.concat(sent.map((piece) => Buffer.from(piece))).toString(), name);
      }
    });
  }

  test("without its terminator or its last empty line ends as it came", async (t) => {
    const stage = await startGovernedEnvoy(t);
    for (const client of streamedClients) {
      const whole = client.events(words).join("");
      for (const raw of [whole.slice(0, -2), client.events(words).slice(0, -2).join("")]) {
        stage.cloud.answerWith({ isStream: true, raw: [raw] });
        const answer = await ask(stage, client);
        assert.equal(answer.text, raw);
        assert.ok(answer.isComplete);
      }
    }
  });
});

test("a value in any field a client may show is masked", async (t) => {
  const stage = await startGovernedEnvoy(t);
  const lines = [
    `: ask ${email}`,
    `id: ${email}`,
    `event: ${email}`,
    `event: ${email}\nevent: ping`,
    `retry: ${email}`,
    email,
    `other: ${email}`,
    `data: ask ${email}`,
    `data: {"type":"odd","note":"${email}"}`,
    `data: {"note":"${email}"} {"note":"${email}"}`,
    `event: error\ndata: {"type":"error","error":{"type":"api_error","message":"not ${email}"}}`,
  ];
  for (const client of streamedClients) {
    for (const line of lines) {
      stage.cloud.answerWith({ isStream: true, raw: [`${line}\n\n`, ...client.events(words)] });
      const { text } = await ask(stage, client);
      assert.ok(text.includes("[EMAIL]"), line);
      assert.ok(!text.includes(email), line);
    }
  }
});

test("JSON where a stream was asked for, and a stream where JSON was, are both judged", async (t) => {
  const stage = await startGovernedEnvoy(t);
  for (const client of streamedClients) {
    stage.cloud.answerWith({ isStream: false, text: `Ask ${email}.` });
    const json = await ask(stage, client);
    assert.match(json.text, /^\{.*Ask \[EMAIL\]\./);
    const headers = { "content-type": "text/event-stream" };
    stage.cloud.answerWith({ isStream: false, text: `Ask ${email}.`, headers });
    const misnamed = await ask(stage, client);
    assert.match(misnamed.text, /^\{.*Ask \[EMAIL\]\./);
    stage.cloud.answerWith({ isStream: true, text: `Ask ${email}.` });
    const stream = await ask(stage, client, { ...client.request, stream: false });
    assert.match(stream.text, /^(data|event): /);
    assert.match(stream.text, /\[EMAIL\]/);
    assert.ok(!stream.text.includes("example.org"));
  }
});

test("an answer without a byte stays one, whatever its headers say", async (t) => {
  const stage = await startGovernedEnvoy(t);
  for (const client of streamedClients) {
    for (const headers of [{}, { "content-encoding": "gzip" }, { "content-type": "" }]) {
      stage.cloud.answerWith({ isStream: true, raw: ["", ""], headers });
      const answer = await ask(stage, client);
      assert.equal(answer.status, 200);
      assert.equal(answer.text, "");
      assert.ok(answer.isComplete);
    }
  }
});

function ask(stage: GovernedEnvoy, client: StreamedClient, request: object = client.request) {
  return callOnce(stage.envoy.baseUrl, { path: client.path, body: JSON.stringify(request) });
}
