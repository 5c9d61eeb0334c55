import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { WireRequest } from "../../test/support/raw-grpc-client.ts";
import { defaultLimits, Fault } from "../base/index.ts";
import type { ReadMetadata } from "../domain/index.ts";
import { type AskedEvent, decodeRequest } from "./decode-request.ts";
import { envoy, type google } from "./gen/messages.js";

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
const { anyValue } = fc.letrec<{ anyValue: google.protobuf.Value.$Properties }>((tie) => ({
  anyValue: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    value,
    fc.constant({}),
    fc.record({
      structValue: fc.record({ fields: fc.dictionary(fc.string(), tie("anyValue")) }),
    }),
    fc.record({ listValue: fc.record({ values: fc.array(tie("anyValue"), { maxLength: 4 }) }) }),
  ),
}));
const anyStruct = fc.record({ fields: fc.dictionary(fc.string(), anyValue) });
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
    metadataContext: fc.record({ filterMetadata: fc.dictionary(fc.string(), anyStruct) }),
    observabilityMode: fc.boolean(),
    protocolConfig: fc.record({ requestBodyMode: fc.nat(6), responseBodyMode: fc.nat(6) }),
  },
  { requiredKeys: [] },
);
const request = fc.tuple(question, rest).map(([asked, around]) => ({ ...asked, ...around }));

/** What the generated codec reads, brought into the form of an event. */
function eventByGeneratedCodec(message: Uint8Array): AskedEvent | undefined {
  const read = ProcessingRequest.decode(Buffer.from(message));
  const tail = read.requestTrailers ?? read.responseTrailers;
  if (tail != null) {
    const kind = read.requestTrailers != null ? "request_trailers" : "response_trailers";
    const headers = fieldsOf(tail.trailers);
    return headers.length === 0 ? { kind } : { kind, headers };
  }
  const body = read.requestBody ?? read.responseBody;
  if (body != null) {
    const kind = read.requestBody != null ? "request_body" : "response_body";
    const bytes = Buffer.from(body.body ?? []);
    return { kind, bytes, endOfStream: body.endOfStream === true };
  }
  const head = read.requestHeaders ?? read.responseHeaders;
  if (head == null) return undefined;
  const kind = read.requestHeaders != null ? "request_headers" : "response_headers";
  const headers = fieldsOf(head.headers);
  return { kind, headers, endOfStream: head.endOfStream === true, attributes: attributesOf(read) };
}

function fieldsOf(map: envoy.config.core.v3.HeaderMap.$Properties | null | undefined) {
  return (map?.headers ?? []).map(({ key, value, rawValue }) => ({
    name: (key ?? "").toLowerCase(),
    value:
      rawValue != null && rawValue.length > 0 ? Buffer.from(rawValue).toString() : (value ?? ""),
  }));
}

/** Every namespace as plain data, by the generated codec. */
function metadataOf(read: WireRequest): Readonly<Record<string, unknown>> {
  const namespaces = Object.entries(read.metadataContext?.filterMetadata ?? {});
  return Object.fromEntries(namespaces.map(([name, read]) => [name, toFields(read)]));
}

function toFields(read: google.protobuf.Struct.$Properties): Readonly<Record<string, unknown>> {
  const fields = Object.create(null) as Record<string, unknown>;
  for (const [name, entry] of Object.entries(read.fields ?? {})) fields[name] = toPlain(entry);
  return fields;
}

function toPlain(read: google.protobuf.Value.$Properties): unknown {
  if (read.structValue != null) return toFields(read.structValue);
  if (read.listValue != null) return (read.listValue.values ?? []).map(toPlain);
  return read.stringValue ?? read.numberValue ?? read.boolValue ?? null;
}

/** An event without its metadata, which only a question about request headers has. */
function split(event: AskedEvent | undefined): {
  readonly event: AskedEvent | undefined;
  readonly metadata: ReadMetadata | undefined;
} {
  if (event?.kind !== "request_headers") return { event, metadata: undefined };
  const { metadata, ...rest } = event;
  return { event: rest, metadata };
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
      const { event, metadata } = split(read.event);
      assert.deepEqual(event, eventByGeneratedCodec(message));
      const generated = ProcessingRequest.decode(message);
      assert.equal(read.isObservability, generated.observabilityMode);
      assert.deepEqual(read.protocolConfig, generated.protocolConfig ?? undefined);
      if (event?.kind !== "request_headers") return;
      const namespaces = metadataOf(generated);
      assert.equal(metadata !== undefined, Object.keys(namespaces).length > 0);
      for (const [name, fields] of Object.entries(namespaces)) {
        assert.deepEqual(metadata?.(name), fields);
      }
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
        split(decodeRequest(message, defaultLimits).event).metadata?.("ns");
      } catch (error) {
        assert.ok(error instanceof Fault && error.code === "message_malformed");
      }
    }),
    { numRuns: 1000 },
  );
});
