import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { runCli } from "../support/run-cli.ts";
import { type Script, startScriptedProcessor } from "../support/scripted-processor.ts";

const exchange = `
request:
  path: /v1/chat/completions
  body: { model: m }
attributes: { xds.route_name: chat }
`;

let directory: string;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), "chancery-probe-"));
  await writeFile(join(directory, "exchange.yaml"), exchange);
});

after(() => rm(directory, { recursive: true }));

async function probe(script: Script, ...options: readonly string[]) {
  const server = await startScriptedProcessor(script);
  try {
    const argv = ["probe", "--address", server.address, "--request", "exchange.yaml", ...options];
    return await runCli(argv, directory);
  } finally {
    server.close();
  }
}

const allow: Script = (message) => {
  switch (message?.["request"]) {
    case "request_headers":
      return [
        {
          kind: "answer",
          message: {
            request_headers: {},
            dynamic_metadata: {
              fields: {
                chancery: { structValue: { fields: { verdict: { stringValue: "redact" } } } },
              },
            },
          },
        },
      ];
    case "request_body": {
      const raw = (text: string) => Buffer.from(text);
      const mutation = {
        set_headers: [{ header: { key: "content-length", raw_value: raw("2") }, append_action: 2 }],
        remove_headers: ["x-old"],
      };
      const response = { header_mutation: mutation, body_mutation: { body: raw("{}") } };
      return [{ kind: "answer", message: { request_body: { response } } }];
    }
    default:
      return [];
  }
};

const refuse: Script = (message) =>
  message === undefined
    ? []
    : [
        {
          kind: "answer",
          message: {
            immediate_response: {
              status: { code: 403 },
              body: Buffer.from("no"),
              details: "chancery_refused",
            },
          },
        },
      ];

const break_: Script = (message) =>
  message === undefined ? [] : [{ kind: "answer", message: { response_body: {} } }];

const fail: Script = (message) =>
  message === undefined ? [] : [{ kind: "end", code: 13, details: "a bug" }];

describe("chancery probe", () => {
  test("every message both ways is shown, and how it ended", async () => {
    const { exit, stdout, stderr } = await probe(allow);
    assert.equal(
      stdout,
      `> request_headers
    :method: POST
    :path: /v1/chat/completions
    :authority: localhost
    :scheme: http
    content-type: application/json
    content-length: 13
    protocol_config
      request_body_mode: BUFFERED
      response_body_mode: FULL_DUPLEX_STREAMED
    attributes
      envoy.filters.http.ext_proc
        xds.route_name: chat
< request_headers
    dynamic_metadata
      chancery
        verdict: redact
> request_body
    body: 13 bytes
      {"model":"m"}
    end_of_stream: true
< request_body
    set content-length: 2
    remove x-old
    body: 2 bytes
      {}
< end of stream, OK

processed: the upstream gets 2 bytes
`,
    );
    assert.equal(stderr, "");
    assert.equal(exit, 0);
  });

  test("a refusal in good order is a success of the probe", async () => {
    const { exit, stdout } = await probe(refuse);
    assert.match(
      stdout,
      /< immediate_response\n {4}status\n {6}code: 403\n {4}body: 2 bytes\n {6}no\n/,
    );
    assert.match(stdout, /\nrefused: the caller gets 403 \(chancery_refused\) with 2 bytes\n$/);
    assert.equal(exit, 0);
  });

  test("a server that breaks the protocol fails the probe", async () => {
    const { exit, stdout } = await probe(break_);
    assert.match(stdout, /\nbroken: response_body where request_headers was due\n$/);
    assert.equal(exit, 1);
  });

  test("an error status fails the probe", async () => {
    const { exit, stdout } = await probe(fail);
    assert.match(stdout, /\nfailed: INTERNAL: a bug\n$/);
    assert.equal(exit, 1);
  });

  test("for programs it is one JSON document, bytes as text and structs as objects", async () => {
    const { exit, stdout } = await probe(allow, "--format", "json");
    const { outcome, messages } = JSON.parse(stdout);
    assert.equal(exit, 0);
    assert.equal(outcome.kind, "processed");
    assert.equal(outcome.request.body, "{}");
    assert.deepEqual(
      messages.map(({ kind }: { kind: string }) => kind),
      ["sent", "received", "sent", "received", "ended"],
    );
    assert.deepEqual(messages[1].message.dynamic_metadata, { chancery: { verdict: "redact" } });
    assert.equal(messages[0].message.request_headers.headers.headers[0].raw_value, "POST");
  });

  test("silence ends at the deadline that was given", async () => {
    const { exit, stdout } = await probe(() => [], "--deadline-ms", "20");
    assert.match(stdout, /broken: No request_headers within 20 ms/);
    assert.equal(exit, 1);
  });

  test("a deadline that is none is a slip of the command line", async () => {
    const { exit, stderr } = await probe(() => [], "--deadline-ms", "soon");
    assert.match(stderr, /--deadline-ms takes a whole number of milliseconds, found "soon"/);
    assert.equal(exit, 3);
  });
});
