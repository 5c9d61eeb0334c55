/**
 * The generated codec of `extproc` against the definitions read at run time by `probe`: two readings
 * of proto/ that must agree on every message, whoever wrote it and whatever it holds that we do not
 * know.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { envoy } from "../src/extproc/gen/messages.js";
import { loadProcessMethod } from "../src/probe/index.ts";

const { ProcessingRequest, ProcessingResponse } = envoy.service.ext_proc.v3;
const method = loadProcessMethod();

/** One direction of the call, written and read both ways. */
interface Codecs {
  readonly loaderEncode: (message: object) => Buffer;
  readonly loaderDecode: (bytes: Buffer) => object;
  readonly generatedEncode: (message: object) => Buffer;
  readonly generatedDecode: (bytes: Buffer) => object;
}

const requestCodecs: Codecs = {
  loaderEncode: method.requestSerialize,
  loaderDecode: method.requestDeserialize,
  generatedEncode: (message) => Buffer.from(ProcessingRequest.encode(message).finish()),
  generatedDecode: (bytes) => ProcessingRequest.decode(bytes),
};

const responseCodecs: Codecs = {
  loaderEncode: method.responseSerialize,
  loaderDecode: method.responseDeserialize,
  generatedEncode: (message) => Buffer.from(ProcessingResponse.encode(message).finish()),
  generatedDecode: (bytes) => ProcessingResponse.decode(bytes),
};

/** Names of oneofs, which only proto-loader adds to what it has read. */
const markers = new Set(["request", "response", "mutation", "kind"]);

/** A message as both readers must see it: names of one style, bytes as hex, no decoration. */
function plain(value: unknown, inOneof = false): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  if (Array.isArray(value)) return value.map((entry) => plain(entry));
  if (typeof value !== "object" || value === null) return value;
  // Wide integers are Long objects wherever that package is about, as it is beside proto-loader.
  if ("toNumber" in value && typeof value.toNumber === "function") return value.toNumber();
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, field]) => !(markers.has(name) && typeof field === "string"))
      .filter(([name, field]) => name !== "$unknowns" && (inOneof || !isAbsent(name, field)))
      .map(([name, field]) => [toCamel(name), plain(field, oneofHolders.test(name))]),
  );
}

/** Fields whose messages are a oneof of scalars: there a default value is not the same as none. */
const oneofHolders = /^body_?mutation$/i;

/** On the wire a default value, an empty list and an empty map are the same as none. */
function isAbsent(name: string, field: unknown): boolean {
  if (field === "" || field === 0 || field === false) return !name.endsWith("Value");
  if (Array.isArray(field) || field instanceof Uint8Array) return field.length === 0;
  const isMap = /^(?:fields|attributes|.*(?:filter|typed_?dynamic)_?metadata)$/i.test(name);
  return isMap && isDeepStrictEqual({ ...(field as object) }, {});
}

/** The same message under the generated codec's names; bytes stay bytes. */
function camelCased(value: unknown): unknown {
  if (value instanceof Uint8Array || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(camelCased);
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [toCamel(name), camelCased(field)]),
  );
}

function toCamel(name: string): string {
  return name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

const text = fc.string({ unit: "binary", maxLength: 12 });
const bytes = fc.uint8Array({ maxLength: 24 }).map((array) => Buffer.from(array));
/** Keys of maps; free of underscores, which stand for camel case elsewhere in this file. */
const key = fc.stringMatching(/^[a-z.]{1,8}$/);

/** An object of which any part may be absent. */
function partial(parts: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<object> {
  return fc.record(parts, { requiredKeys: [] });
}

/** At most one member of a oneof. */
function oneof(members: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<object> {
  const set = Object.entries(members).map(([name, member]) => member.map((v) => ({ [name]: v })));
  return fc.oneof(fc.constant({}), ...set);
}

/** google.protobuf types come with the loader, under names in camel case already. */
const { struct } = fc.letrec((tie) => ({
  value: oneof({
    numberValue: fc.double({ noNaN: true }),
    stringValue: text,
    boolValue: fc.boolean(),
    structValue: tie("struct"),
    listValue: fc.record({ values: fc.array(tie("value"), { maxLength: 2 }) }),
  }),
  struct: fc.record({
    fields: fc.dictionary(key, tie("value"), { maxKeys: 2, noNullPrototype: true }),
  }),
}));

const header = partial({ key: text, value: text, raw_value: bytes });
const headerMap = partial({ headers: fc.array(header, { maxLength: 3 }) });
const headers = partial({ headers: headerMap, end_of_stream: fc.boolean() });
const body = partial({
  body: bytes,
  end_of_stream: fc.boolean(),
  end_of_stream_without_message: fc.boolean(),
  grpc_message_compressed: fc.boolean(),
});
const trailers = partial({ trailers: headerMap });
/** Enums are open: numbers that have no name yet must survive. */
const mode = fc.integer({ min: 0, max: 9 });
const structs = fc.dictionary(key, struct, { maxKeys: 2, noNullPrototype: true });

function merged(...parts: readonly fc.Arbitrary<object>[]): fc.Arbitrary<object> {
  return fc.tuple(...parts).map((objects) => Object.assign({}, ...objects) as object);
}

const request = merged(
  oneof({
    request_headers: headers,
    response_headers: headers,
    request_body: body,
    response_body: body,
    request_trailers: trailers,
    response_trailers: trailers,
  }),
  partial({
    metadata_context: partial({ filter_metadata: structs }),
    attributes: structs,
    observability_mode: fc.boolean(),
    protocol_config: partial({
      request_body_mode: mode,
      response_body_mode: mode,
      send_body_without_waiting_for_header_response: fc.boolean(),
    }),
  }),
);

const headerMutation = partial({
  set_headers: fc.array(
    partial({
      header,
      append: partial({ value: fc.boolean() }),
      append_action: fc.integer({ min: 0, max: 4 }),
      keep_empty_value: fc.boolean(),
    }),
    { maxLength: 3 },
  ),
  remove_headers: fc.array(text, { maxLength: 2 }),
});
const common = partial({
  status: fc.integer({ min: 0, max: 1 }),
  header_mutation: headerMutation,
  body_mutation: oneof({ body: bytes, clear_body: fc.boolean(), streamed_response: body }),
  clear_route_cache: fc.boolean(),
});
const headersAnswer = partial({ response: common });
const trailersAnswer = partial({ header_mutation: headerMutation });
const immediate = partial({
  status: partial({ code: fc.integer({ min: 0, max: 599 }) }),
  headers: headerMutation,
  body: bytes,
  grpc_status: partial({ status: fc.nat(16) }),
  details: text,
});

const response = merged(
  oneof({
    request_headers: headersAnswer,
    response_headers: headersAnswer,
    request_body: headersAnswer,
    response_body: headersAnswer,
    request_trailers: trailersAnswer,
    response_trailers: trailersAnswer,
    immediate_response: immediate,
  }),
  partial({
    dynamic_metadata: struct,
    mode_override: partial({ request_header_mode: mode, response_body_mode: mode }),
    override_message_timeout: partial({ seconds: fc.nat(), nanos: fc.nat(999_999_999) }),
  }),
);

/** Fields of later versions. */
const unknownField = fc
  .record({ number: fc.constantFrom(14, 100, 536_870_911), content: bytes })
  .chain(({ number, content }) =>
    fc.constantFrom(
      Buffer.concat([varint(number * 8), varint(content.length)]),
      Buffer.concat([varint(number * 8 + 1), Buffer.alloc(8, 1)]),
      Buffer.concat([varint(number * 8 + 2), varint(content.length), content]),
      Buffer.concat([varint(number * 8 + 5), Buffer.alloc(4, 1)]),
    ),
  );

function varint(number: number): Buffer {
  const out: number[] = [];
  let rest = number;
  while (rest >= 128) {
    out.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...out, rest]);
}

const unreadable = "unreadable";

/** What reading bytes gives, or that they cannot be read. */
function readBy(decode: (bytes: Buffer) => object, input: Buffer): unknown {
  try {
    return plain(decode(input));
  } catch {
    // Why a reader refuses is its own business; that it does is ours.
    return unreadable;
  }
}

for (const [name, message, codecs] of [
  ["ProcessingRequest", request, requestCodecs],
  ["ProcessingResponse", response, responseCodecs],
] as const) {
  describe(name, () => {
    test("what proto-loader writes the generated codec reads, and the reverse", () => {
      fc.assert(
        fc.property(message, (original) => {
          const byLoader = codecs.loaderEncode(original);
          const byGenerated = codecs.generatedEncode(camelCased(original) as object);
          const expected = plain(original);
          assert.deepEqual(plain(codecs.generatedDecode(byLoader)), expected);
          assert.deepEqual(plain(codecs.loaderDecode(byGenerated)), expected);
          assert.deepEqual(plain(codecs.generatedDecode(byGenerated)), expected);
        }),
      );
    });

    test("fields that a later version adds change nothing for either reader", () => {
      fc.assert(
        fc.property(message, unknownField, unknownField, (original, before, after) => {
          const extended = Buffer.concat([before, codecs.loaderEncode(original), after]);
          const expected = plain(original);
          assert.deepEqual(plain(codecs.generatedDecode(extended)), expected);
          assert.deepEqual(plain(codecs.loaderDecode(extended)), expected);
        }),
      );
    });

    test("a message cut short is read alike, or by neither", () => {
      const cut = fc
        .tuple(message, fc.nat(64))
        .map(([original, end]) => codecs.loaderEncode(original).subarray(0, end));
      fc.assert(
        fc.property(cut, (input) => {
          assert.deepEqual(
            readBy(codecs.generatedDecode, input),
            readBy(codecs.loaderDecode, input),
          );
        }),
      );
    });

    // Bytes nobody wrote cannot be compared as they are: proto-loader takes a known field of the
    // wrong wire type for that field, which is unknown by the encoding's own rules.
    test("what the generated codec understands of any bytes, proto-loader reads from it as well", () => {
      fc.assert(
        fc.property(bytes, (input) => {
          const understood = readBy(codecs.generatedDecode, input);
          if (understood === unreadable) return;
          const written = codecs.generatedEncode(codecs.generatedDecode(input));
          assert.deepEqual(readBy(codecs.loaderDecode, written), understood);
        }),
        { numRuns: 500 },
      );
    });
  });
}

test("a known field of the wrong wire type is unknown to the generated codec", () => {
  // Field 3, response_headers, as a varint.
  assert.deepEqual(plain(requestCodecs.generatedDecode(Buffer.from("1800", "hex"))), {});
});

test("a request with nothing in its oneof reads as one for both", () => {
  const windowUpdate = Buffer.from("6a040801100a", "hex");
  assert.deepEqual(plain(requestCodecs.generatedDecode(windowUpdate)), {});
  assert.deepEqual(plain(requestCodecs.loaderDecode(windowUpdate)), {});
});
