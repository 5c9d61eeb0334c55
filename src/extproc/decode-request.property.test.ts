import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { WireRequest } from "../../test/support/raw-grpc-client.ts";
import { defaultLimits, Fault } from "../base/index.ts";
import { type AskedEvent, decodeRequest } from "./decode-request.ts";
import { envoy } from "./gen/messages.js";

const { ProcessingRequest } = envoy.service.ext_proc.v3;

const bytes = fc.uint8Array({ maxLength: 300 });
const text = fc.oneof(fc.string(), fc.string({ unit: "binary" }));
const header = fc.record(
  {
    key: text,
    value: text,
    rawValue: fc.oneof(
      bytes,
      text.map((plain) => Buffer.from(plain)),
    ),
  },
  { requiredKeys: [] },
);
const headerMap = fc.record({ headers: fc.array(header, { maxLength: 8 }) }, { requiredKeys: [] });
const httpHeaders = fc.record(
  { headers: headerMap, endOfStream: fc.boolean() },
  { requiredKeys: [] },
);
const httpBody = fc.record(
  { body: bytes, endOfStream: fc.boolean(), grpcMessageCompressed: fc.boolean() },
  { requiredKeys: [] },
);
const httpTrailers = fc.record({ trailers: headerMap }, { requiredKeys: [] });
const value = fc.oneof(
  fc.record({ stringValue: fc.string() }),
  fc.record({ numberValue: fc.double({ noNaN: true }) }),
  fc.record({ boolValue: fc.boolean() }),
  fc.constant({ nullValue: 0 }),
);
const struct = fc.record({ fields: fc.dictionary(fc.string({ minLength: 1 }), value) });
const question: fc.Arbitrary<WireRequest> = fc.oneof(
  fc.record({ requestHeaders: httpHeaders }),
  fc.record({ responseHeaders: httpHeaders }),
  fc.record({ requestBody: httpBody }),
  fc.record({ responseBody: httpBody }),
  fc.record({ requestTrailers: httpTrailers }),
  fc.record({ responseTrailers: httpTrailers }),
  fc.constant({}),
);
const rest: fc.Arbitrary<WireRequest> = fc.record(
  {
    attributes: fc.dictionary(fc.string(), struct, { maxKeys: 1 }),
    metadataContext: fc.record({ filterMetadata: fc.dictionary(fc.string(), struct) }),
    observabilityMode: fc.boolean(),
    protocolConfig: fc.record({ requestBodyMode: fc.nat(6), responseBodyMode: fc.nat(6) }),
  },
  { requiredKeys: [] },
);
const request = fc.tuple(question, rest).map(([asked, around]) => ({ ...asked, ...around }));

/** What the generated codec reads, brought into the form of an event. */
function eventByGeneratedCodec(message: Uint8Array): AskedEvent | undefined {
  const read = ProcessingRequest.decode(Buffer.from(message));
  if (read.requestTrailers != null) return { kind: "request_trailers" };
  if (read.responseTrailers != null) return { kind: "response_trailers" };
  const body = read.requestBody ?? read.responseBody;
  if (body != null) {
    const kind = read.requestBody != null ? "request_body" : "response_body";
    const bytes = Buffer.from(body.body ?? []);
    return { kind, bytes, endOfStream: body.endOfStream === true };
  }
  const head = read.requestHeaders ?? read.responseHeaders;
  if (head == null) return undefined;
  const kind = read.requestHeaders != null ? "request_headers" : "response_headers";
  const headers = (head.headers?.headers ?? []).map(({ key, value, rawValue }) => ({
    name: (key ?? "").toLowerCase(),
    value:
      rawValue != null && rawValue.length > 0 ? Buffer.from(rawValue).toString() : (value ?? ""),
  }));
  return { kind, headers, endOfStream: head.endOfStream === true, attributes: attributesOf(read) };
}

function attributesOf(read: WireRequest): ReadonlyMap<string, string | number | boolean> {
  const attributes = new Map<string, string | number | boolean>();
  for (const struct of Object.values(read.attributes ?? {})) {
    for (const [name, value] of Object.entries(struct.fields ?? {})) {
      const scalar = value.stringValue ?? value.numberValue ?? value.boolValue;
      if (scalar != null) attributes.set(name, scalar);
    }
  }
  return attributes;
}

test("the one-pass decoder reads what the generated codec reads", () => {
  fc.assert(
    fc.property(request, (sent) => {
      const message = Buffer.from(ProcessingRequest.encode(sent).finish());
      const read = decodeRequest(message, defaultLimits);
      assert.deepEqual(read.event, eventByGeneratedCodec(message));
      const generated = ProcessingRequest.decode(message);
      assert.equal(read.isObservability, generated.observabilityMode);
      assert.deepEqual(read.protocolConfig, generated.protocolConfig ?? undefined);
    }),
    { numRuns: 500 },
  );
});

test("of several questions joined into one message, both decoders read the same", () => {
  fc.assert(
    fc.property(fc.array(question, { minLength: 2, maxLength: 3 }), (sent) => {
      const parts = sent.map((part) => ProcessingRequest.encode(part).finish());
      const message = Buffer.concat(parts);
      assert.deepEqual(decodeRequest(message, defaultLimits).event, eventByGeneratedCodec(message));
    }),
    { numRuns: 200 },
  );
});

test("whatever the bytes, decoding gives a request or a fault", () => {
  const flips = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 });
  fc.assert(
    fc.property(request, flips, (sent, changes) => {
      const message = Buffer.from(ProcessingRequest.encode(sent).finish());
      for (const [at, byte] of changes) if (message.length > 0) message[at % message.length] = byte;
      try {
        decodeRequest(message, defaultLimits);
      } catch (error) {
        assert.ok(error instanceof Fault && error.code === "message_malformed");
      }
    }),
    { numRuns: 1000 },
  );
});
