import assert from "node:assert/strict";
import { test } from "node:test";
import { type MessageCommand, toResponse } from "./encode-response.ts";
import { envoy } from "./gen/messages.js";
import { ResponseEncoder } from "./response-encoder.ts";

const { ProcessingResponse } = envoy.service.ext_proc.v3;

/** What a proxy reads of a command. */
function read(command: MessageCommand): envoy.service.ext_proc.v3.ProcessingResponse.$Shape {
  return ProcessingResponse.decode(
    Buffer.from(ProcessingResponse.encode(toResponse(command)).finish()),
  );
}

test("a header that is set goes out as raw bytes that overwrite, in both dialects", () => {
  const edit = { set: [{ name: "x-a", value: "é" }], remove: [] };
  const option = read({ kind: "headers", direction: "response", edit }).responseHeaders?.response
    ?.headerMutation?.setHeaders?.[0];
  assert.deepEqual(Buffer.from(option?.header?.rawValue ?? []), Buffer.from("é"));
  assert.equal(option?.header?.value, "");
  assert.equal(option?.appendAction, 2);
  assert.equal(option?.append, null);
});

test("a body answer without bytes leaves the body as it is", () => {
  const answer = read({ kind: "body", direction: "request" });
  assert.notEqual(answer.requestBody, null);
  assert.equal(answer.requestBody?.response ?? null, null);
});

test("a body answer carries bytes, header edit and route choice in one answer", () => {
  const answer = read({
    kind: "body",
    direction: "request",
    bytes: Buffer.from("{}"),
    edit: { set: [{ name: "content-length", value: "2" }], remove: ["etag"] },
    clearRouteCache: true,
  }).requestBody?.response;
  assert.equal(Buffer.from(answer?.bodyMutation?.body ?? []).toString(), "{}");
  assert.equal(answer?.headerMutation?.setHeaders?.length, 1);
  assert.deepEqual(answer?.headerMutation?.removeHeaders, ["etag"]);
  assert.equal(answer?.clearRouteCache, true);
});

test("an empty replacement is a cleared body, which cannot be mistaken for none", () => {
  const answer = read({ kind: "body", direction: "response", bytes: Buffer.alloc(0) });
  assert.equal(answer.responseBody?.response?.bodyMutation?.clearBody, true);
});

test("a piece goes to the body of its direction", () => {
  const piece = { kind: "piece", bytes: Buffer.from("x"), endOfStream: true } as const;
  const request = read({ ...piece, direction: "request" }).requestBody;
  const response = read({ ...piece, direction: "response" }).responseBody;
  assert.deepEqual(request, response);
  assert.equal(request?.response?.bodyMutation?.streamedResponse?.endOfStream, true);
});

test("an immediate answer sets its status and content type explicitly", () => {
  const { immediateResponse } = read({
    kind: "immediate",
    status: 429,
    headers: [{ name: "content-type", value: "application/json" }],
    body: Buffer.from("{}"),
    details: "quota",
  });
  assert.equal(immediateResponse?.status?.code, 429);
  const header = immediateResponse?.headers?.setHeaders?.[0]?.header;
  assert.equal(Buffer.from(header?.rawValue ?? []).toString(), "application/json");
  assert.equal(immediateResponse?.details, "quota");
});

test("metadata stands in our namespace, text as text and numbers as numbers", () => {
  const metadata = { verdict: "deny", seq: 7 };
  const commands: MessageCommand[] = [
    { kind: "headers", direction: "request", metadata },
    { kind: "body", direction: "request", metadata },
    { kind: "piece", direction: "response", bytes: Buffer.alloc(0), endOfStream: true, metadata },
    { kind: "trailers", direction: "response", metadata },
    { kind: "immediate", status: 403, headers: [], body: Buffer.alloc(0), details: "x", metadata },
  ];
  for (const command of commands) {
    const fields = read(command).dynamicMetadata?.fields?.["chancery"]?.structValue?.fields;
    assert.equal(fields?.["verdict"]?.stringValue, "deny", command.kind);
    assert.equal(fields?.["seq"]?.numberValue, 7, command.kind);
  }
});

test("several answers leave as one buffer, each behind its prefix", () => {
  const bytes = new ResponseEncoder().encode([
    { kind: "headers", direction: "request" },
    { kind: "trailers", direction: "response" },
  ]);
  assert.equal(bytes.toString("hex"), "00000000020a00" + "00000000023200");
});

test("an answer is not changed by the answers encoded after it, large ones included", () => {
  const encoder = new ResponseEncoder();
  const piece = (size: number): MessageCommand => ({
    kind: "piece",
    direction: "response",
    bytes: Buffer.alloc(size, "x"),
    endOfStream: false,
  });
  const first = encoder.encode([piece(10)]);
  const before = Buffer.from(first);
  const large = encoder.encode([piece(3_000_000)]);
  assert.equal(large.readUInt32BE(1), large.length - 5);
  encoder.encode([piece(11)]);
  assert.deepEqual(first, before);
});

test("an encoder that failed in the middle of an answer encodes the next one whole", () => {
  const encoder = new ResponseEncoder();
  const body = Buffer.from("b");
  const broken = { kind: "immediate", status: Symbol("none"), headers: [], body, details: "" };
  assert.throws(() => encoder.encode([broken as unknown as MessageCommand]));
  const bytes = encoder.encode([
    { kind: "piece", direction: "request", bytes: body, endOfStream: true },
  ]);
  const again = new ResponseEncoder().encode([
    { kind: "piece", direction: "request", bytes: body, endOfStream: true },
  ]);
  assert.deepEqual(bytes, again);
});
