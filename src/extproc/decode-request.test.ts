import assert from "node:assert/strict";
import { test } from "node:test";
import type { WireRequest } from "../../test/support/raw-grpc-client.ts";
import { defaultLimits, Fault } from "../base/index.ts";
import { type AskedEvent, decodeRequest } from "./decode-request.ts";
import { envoy } from "./gen/messages.js";

const { ProcessingRequest } = envoy.service.ext_proc.v3;

function eventOf(request: WireRequest, limits = defaultLimits): AskedEvent | undefined {
  return decodeRequest(Buffer.from(ProcessingRequest.encode(request).finish()), limits).event;
}

function headersOf(event: AskedEvent | undefined): readonly unknown[] {
  assert.ok(event?.kind === "request_headers");
  return event.headers;
}

const field = (key: string, rawValue: string | Buffer) => ({
  key,
  rawValue: Buffer.from(rawValue),
});

test("a header's raw value is read, and its plain value where there is no raw one", () => {
  const headers = [
    { key: "a", rawValue: Buffer.from("raw"), value: "plain" },
    { key: ":path", value: "/v1" },
    { key: "empty" },
  ];
  assert.deepEqual(headersOf(eventOf({ requestHeaders: { headers: { headers } } })), [
    { name: "a", value: "raw" },
    { name: ":path", value: "/v1" },
    { name: "empty", value: "" },
  ]);
});

test("repeated headers stay separate, in wire order, with lower-case names", () => {
  const headers = [field("X-A", "1"), field("b", "2"), field("x-a", "3")];
  assert.deepEqual(headersOf(eventOf({ requestHeaders: { headers: { headers } } })), [
    { name: "x-a", value: "1" },
    { name: "b", value: "2" },
    { name: "x-a", value: "3" },
  ]);
});

test("header bytes that are not UTF-8 become replacement characters", () => {
  const headers = [field("a", Buffer.from([0x61, 0xff, 0x62]))];
  const [header] = headersOf(eventOf({ requestHeaders: { headers: { headers } } }));
  assert.deepEqual(header, { name: "a", value: "a\uFFFDb" });
});

test("a header named __proto__ is just a header", () => {
  const headers = [field("__proto__", "x")];
  const event = eventOf({ requestHeaders: { headers: { headers } } });
  assert.deepEqual(headersOf(event), [{ name: "__proto__", value: "x" }]);
});

test("text, numbers and booleans among the attributes are kept, the rest is left out", () => {
  const fields = {
    text: { stringValue: "t" },
    number: { numberValue: 0.5 },
    flag: { boolValue: false },
    nothing: { nullValue: 0 },
    list: { listValue: { values: [] } },
  };
  const event = eventOf({ requestHeaders: {}, attributes: { any: { fields } } });
  assert.ok(event?.kind === "request_headers");
  assert.deepEqual(
    [...event.attributes].sort(),
    [
      ["text", "t"],
      ["number", 0.5],
      ["flag", false],
    ].sort(),
  );
});

test("attributes of several keys are read together", () => {
  const attributes = {
    one: { fields: { a: { stringValue: "1" } } },
    two: { fields: { b: { stringValue: "2" } } },
  };
  const event = eventOf({ responseHeaders: {}, attributes });
  assert.ok(event?.kind === "response_headers");
  assert.deepEqual(Object.fromEntries(event.attributes), { a: "1", b: "2" });
});

test("a message with nothing in it asks nothing", () => {
  assert.equal(eventOf({}), undefined);
  assert.equal(eventOf({ protocolConfig: { requestBodyMode: 2 } }), undefined);
});

test("unknown fields are skipped at every level", () => {
  // Fields 12 and 13 of newer proxies; then 100, as text, inside the headers message.
  const flowControl = Buffer.from("6202080a6a021001", "hex");
  const unknownInside = Buffer.from("1206a2060378797a", "hex");
  const { event } = decodeRequest(Buffer.concat([flowControl, unknownInside]), defaultLimits);
  assert.deepEqual(headersOf(event), []);
});

test("a body without bytes is empty", () => {
  assert.deepEqual(eventOf({ responseBody: { endOfStream: true } }), {
    kind: "response_body",
    bytes: Buffer.alloc(0),
    endOfStream: true,
  });
});

test("of two questions in one message the last one counts, whole", () => {
  const headers = ProcessingRequest.encode({ requestHeaders: { endOfStream: true } }).finish();
  const body = ProcessingRequest.encode({ requestBody: { body: Buffer.from("b") } }).finish();
  const { event } = decodeRequest(Buffer.concat([headers, body]), defaultLimits);
  assert.deepEqual(event, { kind: "request_body", bytes: Buffer.from("b"), endOfStream: false });
});

test("more headers than the limit are a fault, as many are not", () => {
  const headers = (count: number) => ({
    requestHeaders: { headers: { headers: Array.from({ length: count }, () => field("a", "b")) } },
  });
  assert.equal(headersOf(eventOf(headers(defaultLimits.headersMax))).length, 256);
  const event = eventOf(headers(defaultLimits.headersMax + 1));
  assert.ok(event?.kind === "malformed" && event.fault.code === "headers_too_large");
});

test("more header bytes than the limit are a fault, as many are not", () => {
  const headers = (bytes: number) => ({
    requestHeaders: { headers: { headers: [field("a", "b".repeat(bytes - 1))] } },
  });
  assert.equal(headersOf(eventOf(headers(defaultLimits.headerBytesMax))).length, 1);
  const event = eventOf(headers(defaultLimits.headerBytesMax + 1));
  assert.ok(event?.kind === "malformed" && event.fault.code === "headers_too_large");
});

test("headers beyond the limits do not hide the modes announced behind them", () => {
  const headers = Array.from({ length: 300 }, () => field("a", "b"));
  const message = ProcessingRequest.encode({
    requestHeaders: { headers: { headers } },
    protocolConfig: { requestBodyMode: 2 },
  }).finish();
  const request = decodeRequest(Buffer.from(message), defaultLimits);
  assert.equal(request.protocolConfig?.requestBodyMode, 2);
});

test("bytes that are no message are a fault, wherever they stop making sense", () => {
  const whole = ProcessingRequest.encode({
    requestHeaders: { headers: { headers: [field("name", "value")] } },
  }).finish();
  for (let end = 1; end < whole.length; end += 1) {
    assert.throws(
      () => decodeRequest(Buffer.from(whole.subarray(0, end)), defaultLimits),
      (error) => error instanceof Fault && error.code === "message_malformed",
      `cut at ${end}`,
    );
  }
});

test("attributes nested without end are passed over, and nothing overflows", () => {
  let value: Buffer = Buffer.alloc(0);
  // Value.list_value around ListValue.values, 5000 times.
  for (let depth = 0; depth < 5000; depth += 1) value = delimited(0x32, delimited(0x0a, value));
  const struct = delimited(0x0a, delimited(0x12, value));
  // The first field of the message is an empty header block, so that there is an event to look at.
  const headers = Buffer.from([0x12, 0x00]);
  const message = Buffer.concat([headers, delimited(0x4a, delimited(0x12, struct))]);
  const { event } = decodeRequest(message, defaultLimits);
  assert.ok(event?.kind === "request_headers");
  assert.equal(event.attributes.size, 0);
});

/** A length-delimited field. */
function delimited(tag: number, bytes: Buffer): Buffer {
  const prefix = [tag];
  let rest = bytes.length;
  for (; rest > 127; rest >>>= 7) prefix.push((rest & 127) | 128);
  return Buffer.concat([Buffer.from([...prefix, rest]), bytes]);
}
