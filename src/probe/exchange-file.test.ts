import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseProbeExchange } from "./exchange-file.ts";

function parse(text: string) {
  return parseProbeExchange({ path: "exchange.yaml", text });
}

function problemsOf(text: string): readonly string[] {
  const { exchange, problems } = parse(text);
  assert.equal(exchange, undefined);
  return problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe("parseProbeExchange", () => {
  test("a path is enough: a GET in the modes of the shipped configuration", () => {
    assert.deepEqual(parse("request: { path: /v1/models }"), {
      exchange: {
        request: {
          headers: [
            [":method", "GET"],
            [":path", "/v1/models"],
            [":authority", "localhost"],
            [":scheme", "http"],
          ],
          chunks: [],
        },
        modes: { request: "BUFFERED", response: "FULL_DUPLEX_STREAMED" },
        attributes: {},
      },
      problems: [],
    });
  });

  test("a body that is not text is sent as JSON, with what a client adds", () => {
    const { exchange } = parse('request: { path: /, body: { a: [1, "é"] } }');
    assert.deepEqual(exchange?.request.chunks, [Buffer.from('{"a":[1,"é"]}')]);
    const headers = new Map(exchange?.request.headers);
    assert.equal(headers.get(":method"), "POST");
    assert.equal(headers.get("content-type"), "application/json");
    assert.equal(headers.get("content-length"), "14");
  });

  test("headers that are given are not guessed again", () => {
    const { exchange } = parse(`
request:
  path: /
  headers: { Content-Type: text/plain, content-length: 99, x-many: [a, b] }
  body: [1]
`);
    assert.deepEqual(exchange?.request.headers.slice(4), [
      ["content-type", "text/plain"],
      ["content-length", "99"],
      ["x-many", "a"],
      ["x-many", "b"],
    ]);
  });

  test("chunks keep their borders and announce no length", () => {
    const { exchange } = parse(
      'request: { path: / }\nresponse: { status: 201, chunks: [a, "", b] }',
    );
    assert.deepEqual(exchange?.response, {
      headers: [[":status", "201"]],
      chunks: [Buffer.from("a"), Buffer.alloc(0), Buffer.from("b")],
    });
  });

  test("what is wrong is told with its place, all at once", () => {
    assert.deepEqual(problemsOf("request:\n  path: /\n  hedders: {}\nmodes: { request: SOME }\n"), [
      "3:12 unknown key `request.hedders`",
      "4:19 `modes.request` takes NONE, BUFFERED, BUFFERED_PARTIAL, STREAMED, FULL_DUPLEX_STREAMED",
    ]);
    assert.deepEqual(problemsOf("{}"), ["1:1 the file lacks `request`"]);
    assert.deepEqual(problemsOf("request: {}"), ["1:10 `request` lacks `path`"]);
    assert.equal(problemsOf("request: [").length > 0, true);
  });

  test("a body in two ways is a contradiction", () => {
    const [problem] = problemsOf("request: { path: /, body: a, chunks: [a] }");
    assert.match(problem ?? "", /both say what the body is/);
  });
});
