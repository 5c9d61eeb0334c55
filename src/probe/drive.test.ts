import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type Script,
  type ScriptedStep,
  startScriptedProcessor,
} from "../../test/support/scripted-processor.ts";
import { openProbe } from "./client.ts";
import type { TranscriptEntry } from "./conversation.ts";
import { driveExchange, type ProbeOutcome } from "./drive.ts";
import type { ProbeExchange } from "./exchange.ts";
import { parseProbeExchange } from "./exchange-file.ts";

/** Long enough for any machine; tests of silence use their own. */
const patientMs = 10_000;

function exchangeOf(text: string): ProbeExchange {
  const { exchange, problems } = parseProbeExchange({ path: "exchange.yaml", text });
  assert.deepEqual(problems, []);
  assert.ok(exchange !== undefined);
  return exchange;
}

async function drive(
  script: Script,
  exchange: ProbeExchange,
  deadlineMs = patientMs,
): Promise<{ outcome: ProbeOutcome; entries: readonly TranscriptEntry[] }> {
  const server = await startScriptedProcessor(script);
  const probe = openProbe({ address: server.address });
  const entries: TranscriptEntry[] = [];
  try {
    const observe = (entry: TranscriptEntry): void => void entries.push(entry);
    const outcome = await driveExchange(exchange, { stream: probe.open(), deadlineMs, observe });
    return { outcome, entries };
  } finally {
    probe.close();
    server.close();
  }
}

const answer = (message: object): ScriptedStep => ({ kind: "answer", message });
const piece = (text: string, end: boolean): object => ({
  response: {
    body_mutation: { streamed_response: { body: Buffer.from(text), end_of_stream: end } },
  },
});
const set = (key: string, value: string): object => ({
  header: { key, raw_value: Buffer.from(value) },
  append_action: 2,
});

/** Answers every event with no change, in the form its mode asks for. */
function passing(over: Readonly<Record<string, readonly ScriptedStep[]>> = {}): Script {
  return (message) => {
    if (message === undefined) return [];
    const kind = String(message["request"]);
    const own = over[kind];
    if (own !== undefined) return own;
    if (kind === "response_body") {
      const event = message["response_body"] as { body?: Buffer; end_of_stream?: boolean };
      return [
        answer({
          response_body: piece(event.body?.toString() ?? "", event.end_of_stream ?? false),
        }),
      ];
    }
    return [answer({ [kind]: {} })];
  };
}

const whole = exchangeOf(`
request:
  path: /v1/chat/completions
  headers: { X-Caller: [a, b] }
  body: { model: m }
response:
  headers: { content-type: text/event-stream }
  chunks: ["data: 1\\n\\n", "data: 2\\n\\n"]
`);

const refusal = answer({
  immediate_response: {
    status: { code: 403 },
    headers: { set_headers: [set("content-type", "application/json")] },
    body: Buffer.from('{"error":{}}'),
    details: "refused",
  },
});

describe("driveExchange", () => {
  test("an exchange that is let through arrives as it was sent", async () => {
    const { outcome, entries } = await drive(passing(), whole);
    assert.ok(outcome.kind === "processed");
    assert.equal(outcome.request.body.toString(), '{"model":"m"}');
    assert.deepEqual(outcome.request.headers, [
      [":method", "POST"],
      [":path", "/v1/chat/completions"],
      [":authority", "localhost"],
      [":scheme", "http"],
      ["x-caller", "a"],
      ["x-caller", "b"],
      ["content-type", "application/json"],
      ["content-length", "13"],
    ]);
    assert.equal(outcome.response?.body.toString(), "data: 1\n\ndata: 2\n\n");
    assert.deepEqual(
      entries.map((entry) => entry.kind),
      // Both events of the request in step; of the response all four before the first answer.
      ["sent", "received", "sent", "received", "sent", "sent", "sent", "sent"].concat(
        Array.from({ length: 4 }, () => "received"),
        ["ended"],
      ),
    );
  });

  test("the first event announces the body modes and carries the attributes, later ones do not", async () => {
    const exchange = {
      ...whole,
      attributes: { "xds.route_name": "chat", "connection.mtls": true },
    };
    const { entries } = await drive(passing(), exchange);
    const sent = entries.flatMap((entry) => (entry.kind === "sent" ? [entry.message] : []));
    assert.deepEqual(Object.keys(sent[0] ?? {}), [
      "protocol_config",
      "attributes",
      "request_headers",
    ]);
    for (const message of sent.slice(1)) assert.equal(Object.keys(message).length, 1);
  });

  test("attributes arrive under the name of the filter, each with its own type", async () => {
    let seen: unknown;
    const script: Script = (message) => {
      if (message?.["request"] === "request_headers") seen = message["attributes"];
      return passing()(message);
    };
    await drive(script, { ...whole, attributes: { a: "x", b: 2, c: true } });
    assert.deepEqual(seen, {
      "envoy.filters.http.ext_proc": {
        fields: {
          a: { stringValue: "x", kind: "stringValue" },
          b: { numberValue: 2, kind: "numberValue" },
          c: { boolValue: true, kind: "boolValue" },
        },
      },
    });
  });

  test("a BUFFERED request is changed by its body's answer, headers included", async () => {
    const script = passing({
      request_body: [
        answer({
          request_body: {
            response: {
              header_mutation: {
                set_headers: [set("content-length", "2"), set("x-model", "small")],
                remove_headers: ["x-caller"],
              },
              body_mutation: { body: Buffer.from("{}") },
              clear_route_cache: true,
            },
          },
        }),
      ],
    });
    const { outcome } = await drive(script, whole);
    assert.ok(outcome.kind === "processed");
    assert.equal(outcome.request.body.toString(), "{}");
    const headers = new Map(outcome.request.headers);
    assert.equal(headers.get("content-length"), "2");
    assert.equal(headers.get("x-model"), "small");
    assert.equal(headers.has("x-caller"), false);
  });

  for (const phase of ["request_headers", "request_body", "response_headers"]) {
    test(`a refusal in answer to ${phase} is in order`, async () => {
      const { outcome } = await drive(passing({ [phase]: [refusal] }), whole);
      assert.ok(outcome.kind === "refused");
      assert.equal(outcome.refusal.status, 403);
      assert.equal(outcome.refusal.body.toString(), '{"error":{}}');
      assert.deepEqual(outcome.refusal.headers, [["content-type", "application/json"]]);
    });
  }

  test("without a response in the file only the request is driven", async () => {
    const { outcome } = await drive(passing(), exchangeOf("request: { path: /v1/models }"));
    assert.deepEqual(outcome, {
      kind: "processed",
      request: {
        headers: [
          [":method", "GET"],
          [":path", "/v1/models"],
          [":authority", "localhost"],
          [":scheme", "http"],
        ],
        body: Buffer.alloc(0),
      },
    });
  });

  test("an error status is a failure with its name", async () => {
    const script = passing({ request_body: [{ kind: "end", code: 14, details: "draining" }] });
    const { outcome } = await drive(script, whole);
    assert.deepEqual(outcome, {
      kind: "failed",
      status: { code: 14, name: "UNAVAILABLE", details: "draining" },
    });
  });

  test("a server that is not there is a failure, not a hang", async () => {
    const server = await startScriptedProcessor(passing());
    server.close();
    const probe = openProbe({ address: server.address });
    const outcome = await driveExchange(whole, {
      stream: probe.open(),
      deadlineMs: patientMs,
      observe: () => {},
    });
    probe.close();
    assert.ok(outcome.kind === "failed");
    assert.equal(outcome.status.name, "UNAVAILABLE");
  });
});

describe("trailers and modes", () => {
  const withTrailers = exchangeOf(`
request: { path: /, method: POST, body: "hello", trailers: { x-end: "1" } }
response: { chunks: [a, b], trailers: { grpc-status: "0" } }
`);

  test("a FULL_DUPLEX body with trailers ends with the answer to the trailers", async () => {
    const { outcome } = await drive(passing(), withTrailers);
    assert.ok(outcome.kind === "processed");
    assert.equal(outcome.response?.body.toString(), "ab");
  });

  test("an end of stream before trailers would lose them, so it breaks the protocol", async () => {
    const script = passing({ response_body: [answer({ response_body: piece("a", true) })] });
    const { outcome } = await drive(script, withTrailers);
    assert.match(outcome.kind === "broken" ? outcome.reason : "", /trailers follow/);
  });

  test("STREAMED asks in step, one answer for each chunk", async () => {
    const exchange = exchangeOf(`
request: { path: /, chunks: [ab, cd] }
modes: { request: STREAMED }
`);
    const script: Script = (message) => {
      const body = message?.["request_body"] as { body?: Buffer } | undefined;
      if (body === undefined) return message === undefined ? [] : [answer({ request_headers: {} })];
      const mutation = { body: Buffer.from(body.body?.toString().toUpperCase() ?? "") };
      return [answer({ request_body: { response: { body_mutation: mutation } } })];
    };
    const { outcome, entries } = await drive(script, exchange);
    assert.ok(outcome.kind === "processed");
    assert.equal(outcome.request.body.toString(), "ABCD");
    const pattern = ["sent", "received", "sent", "received", "sent", "received", "ended"];
    assert.deepEqual(
      entries.map(({ kind }) => kind),
      pattern,
    );
  });

  test("in mode NONE the body passes without being asked about", async () => {
    const exchange = exchangeOf("request: { path: /, body: secret }\nmodes: { request: NONE }");
    const { outcome, entries } = await drive(passing(), exchange);
    assert.ok(outcome.kind === "processed");
    assert.equal(outcome.request.body.toString(), "secret");
    assert.equal(entries.length, 3);
  });

  test("CONTINUE_AND_REPLACE brings the whole body, and no body event follows", async () => {
    const replaced = { status: 1, body_mutation: { body: Buffer.from("new") } };
    const script = passing({
      request_headers: [answer({ request_headers: { response: replaced } })],
    });
    const { outcome } = await drive(script, exchangeOf("request: { path: /, body: old }"));
    assert.ok(outcome.kind === "processed");
    assert.equal(outcome.request.body.toString(), "new");
  });
});

describe("a server that breaks the protocol is told so", () => {
  const body = (common: object): readonly ScriptedStep[] => [
    answer({ request_body: { response: common } }),
  ];
  const cases: readonly {
    readonly claim: string;
    readonly script: Script;
    readonly reason: RegExp;
  }[] = [
    {
      claim: "status 0 before the proxy has ended lets everything pass",
      script: passing({ request_headers: [{ kind: "end", code: 0 }] }),
      reason: /ended OK while request_headers was due/,
    },
    {
      claim: "an answer of another phase is spurious",
      script: passing({ request_headers: [answer({ request_body: {} })] }),
      reason: /^request_body where request_headers was due/,
    },
    {
      claim: "an empty answer is spurious",
      script: passing({ request_headers: [answer({})] }),
      reason: /nothing in it where request_headers/,
    },
    {
      claim: "an answer too many is spurious",
      script: passing({
        response_headers: [answer({ response_headers: {} }), answer({ response_headers: {} })],
      }),
      reason: /^response_headers where response_body was due/,
    },
    {
      claim: "streamed_response in BUFFERED passes the original",
      script: passing({ request_body: [answer({ request_body: piece("x", true) })] }),
      reason: /streamed_response outside FULL_DUPLEX_STREAMED/,
    },
    {
      claim: "a whole body in FULL_DUPLEX is spurious",
      script: passing({ response_body: [answer({ response_body: {} })] }),
      reason: /response_body without streamed_response/,
    },
    {
      claim: "a rewritten body under its old length fails in Envoy",
      script: passing({ request_body: body({ body_mutation: { body: Buffer.from("{}") } }) }),
      reason: /content-length 13 on a body of 2 bytes/,
    },
    {
      claim: "a header set by value writes an empty one",
      script: passing({
        request_body: body({
          header_mutation: { set_headers: [{ header: { key: "x-model", value: "m" } }] },
        }),
      }),
      reason: /x-model is set by `value`/,
    },
    {
      claim: "an immediate response below 200 becomes 200",
      script: passing({ request_headers: [answer({ immediate_response: {} })] }),
      reason: /status 0/,
    },
    {
      claim: "an immediate response after the answer's headers only cuts the caller",
      script: passing({ response_body: [refusal] }),
      reason: /headers had left/,
    },
  ];
  for (const { claim, script, reason } of cases) {
    test(claim, async () => {
      const { outcome } = await drive(script, whole);
      assert.ok(outcome.kind === "broken", outcome.kind);
      assert.match(outcome.reason, reason);
    });
  }

  test("an answer after the last one is one that nobody asked for", async () => {
    const script: Script = (message) =>
      message === undefined ? [answer({ request_headers: {} })] : [answer({ request_headers: {} })];
    const { outcome } = await drive(script, exchangeOf("request: { path: / }"));
    assert.match(outcome.kind === "broken" ? outcome.reason : "", /nobody asked for/);
  });

  test("silence ends at the deadline", async () => {
    const { outcome } = await drive(passing({ request_headers: [] }), whole, 30);
    assert.deepEqual(outcome, { kind: "broken", reason: "No request_headers within 30 ms" });
  });

  test("a wish for more time is no answer and no breach", async () => {
    const wish = answer({ override_message_timeout: { seconds: 1 } });
    const script = passing({ request_headers: [wish, answer({ request_headers: {} })] });
    const { outcome } = await drive(script, whole);
    assert.equal(outcome.kind, "processed");
  });
});
