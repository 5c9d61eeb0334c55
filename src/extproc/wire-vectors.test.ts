/** Messages as the reference encoder writes them, against the codec and both translations. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultLimits } from "../base/index.ts";
import { type AskedEvent, type DecodedRequest, decodeRequest } from "./decode-request.ts";
import { type MessageCommand, toResponse } from "./encode-response.ts";
import { envoy } from "./gen/messages.js";

const { ProcessingRequest, ProcessingResponse } = envoy.service.ext_proc.v3;
type Response = envoy.service.ext_proc.v3.ProcessingResponse.$Properties;
type Request = envoy.service.ext_proc.v3.ProcessingRequest.$Properties;

const bytes = (text: string): Buffer => Buffer.from(text);
const removal = { set: [], remove: ["content-length"] };

/** Answers the exchange can send: command and bytes. */
const commands: readonly (readonly [string, MessageCommand, string])[] = [
  ["request_headers without a change", { kind: "headers", direction: "request" }, "0a00"],
  [
    "request_headers that set x-model and select the route again",
    {
      kind: "headers",
      direction: "request",
      edit: { set: [{ name: "x-model", value: "m1" }], remove: [] },
      clearRouteCache: true,
    },
    "0a190a1712130a110a0d0a07782d6d6f64656c1a026d3118022801",
  ],
  [
    "request_headers that remove content-length",
    { kind: "headers", direction: "request", edit: removal },
    "0a140a121210120e636f6e74656e742d6c656e677468",
  ],
  [
    "request_body replaced",
    { kind: "body", direction: "request", bytes: bytes("{}") },
    "1a080a061a040a027b7d",
  ],
  [
    "response_body cleared",
    { kind: "body", direction: "response", bytes: bytes("") },
    "22060a041a021001",
  ],
  [
    "response_body streamed",
    { kind: "piece", direction: "response", bytes: bytes("ok"), endOfStream: false },
    "220a0a081a061a040a026f6b",
  ],
  [
    "response_body streamed, empty and final",
    { kind: "piece", direction: "response", bytes: bytes(""), endOfStream: true },
    "22080a061a041a021001",
  ],
  ["response_trailers without a change", { kind: "trailers", direction: "response" }, "3200"],
  [
    "immediate answer",
    { kind: "immediate", status: 403, headers: [], body: bytes("no"), details: "deny" },
    "3a0f0a030893031a026e6f2a0464656e79",
  ],
];

for (const [name, command, hex] of commands) {
  test(`command to bytes: ${name}`, () => {
    const response = toResponse(command);
    assert.equal(Buffer.from(ProcessingResponse.encode(response).finish()).toString("hex"), hex);
  });
}

/** Answers that only the codec knows. */
const responses: readonly (readonly [string, Response, string])[] = [
  [
    "request_headers that append",
    {
      requestHeaders: {
        response: {
          headerMutation: {
            setHeaders: [{ header: { key: "x-a", rawValue: bytes("b") }, append: { value: true } }],
          },
        },
      },
    },
    "0a140a1212100a0e0a080a03782d611a016212020801",
  ],
  [
    "mode_override of both bodies",
    { requestHeaders: {}, modeOverride: { requestBodyMode: 2, responseBodyMode: 1 } },
    "0a004a0418022001",
  ],
  [
    "dynamic_metadata",
    {
      requestHeaders: {},
      dynamicMetadata: { fields: { ns: { structValue: { fields: { k: { stringValue: "v" } } } } } },
    },
    "0a0042140a120a026e73120c2a0a0a080a016b12031a0176",
  ],
  [
    "mode_override of the response body",
    { responseHeaders: {}, modeOverride: { responseBodyMode: 1 } },
    "12004a022001",
  ],
  [
    "override_message_timeout",
    { overrideMessageTimeout: { seconds: 1, nanos: 500_000_000 } },
    "520808011080cab5ee01",
  ],
];

for (const [name, response, hex] of responses) {
  test(`answer and bytes: ${name}`, () => {
    assert.equal(Buffer.from(ProcessingResponse.encode(response).finish()).toString("hex"), hex);
    const again = ProcessingResponse.encode(ProcessingResponse.decode(Buffer.from(hex, "hex")));
    assert.equal(Buffer.from(again.finish()).toString("hex"), hex);
  });
}

const attributeKey = "envoy.filters.http.ext_proc";
const nothing = { protocolConfig: undefined, isObservability: false };
const noAttributes: ReadonlyMap<string, string> = new Map();
const emptyHeaders = { kind: "request_headers", headers: [], endOfStream: false } as const;

/** Questions: as the codec writes them, their bytes, and what the exchange hears of them. */
const requests: readonly (readonly [string, Request, string, DecodedRequest])[] = [
  [
    "request_headers with the modes announced",
    {
      requestHeaders: { headers: { headers: [{ key: ":method", rawValue: bytes("POST") }] } },
      protocolConfig: { requestBodyMode: 2, responseBodyMode: 1 },
    },
    "12130a110a0f0a073a6d6574686f641a04504f53545a0408021001",
    {
      event: {
        kind: "request_headers",
        headers: [{ name: ":method", value: "POST" }],
        endOfStream: false,
        attributes: noAttributes,
      },
      protocolConfig: { requestBodyMode: 2, responseBodyMode: 1 },
      isObservability: false,
    },
  ],
  [
    "request_headers that are all there is",
    {
      requestHeaders: {
        headers: { headers: [{ key: ":method", rawValue: bytes("GET") }] },
        endOfStream: true,
      },
    },
    "12140a100a0e0a073a6d6574686f641a034745541801",
    {
      ...nothing,
      event: {
        kind: "request_headers",
        headers: [{ name: ":method", value: "GET" }],
        endOfStream: true,
        attributes: noAttributes,
      },
    },
  ],
  [
    "request_body, final",
    { requestBody: { body: bytes("hi"), endOfStream: true } },
    "22060a0268691001",
    { ...nothing, event: { kind: "request_body", bytes: bytes("hi"), endOfStream: true } },
  ],
  [
    "response_trailers",
    {
      responseTrailers: { trailers: { headers: [{ key: "grpc-status", rawValue: bytes("0") }] } },
    },
    "3a140a120a100a0b677270632d7374617475731a0130",
    {
      ...nothing,
      event: { kind: "response_trailers", headers: [{ name: "grpc-status", value: "0" }] },
    },
  ],
  [
    "attributes",
    {
      requestHeaders: {},
      attributes: { [attributeKey]: { fields: { "request.path": { stringValue: "/v1" } } } },
    },
    "12004a360a1b656e766f792e66696c746572732e687474702e6578745f70726f6312170a150a0c726571756573742e7061746812051a032f7631",
    { ...nothing, event: { ...emptyHeaders, attributes: new Map([["request.path", "/v1"]]) } },
  ],
  [
    "metadata_context",
    {
      requestHeaders: {},
      metadataContext: { filterMetadata: { ns: { fields: { t: { stringValue: "acme" } } } } },
    },
    "120042150a130a026e73120d0a0b0a017412061a0461636d65",
    { ...nothing, event: { ...emptyHeaders, attributes: noAttributes } },
  ],
];

for (const [name, request, hex, expected] of requests) {
  test(`question and bytes: ${name}`, () => {
    assert.equal(Buffer.from(ProcessingRequest.encode(request).finish()).toString("hex"), hex);
    const { event, protocolConfig, isObservability } = decodeRequest(
      Buffer.from(hex, "hex"),
      defaultLimits,
    );
    const plainConfig = protocolConfig === undefined ? undefined : { ...protocolConfig };
    const read = { event: withoutMetadata(event), protocolConfig: plainConfig, isObservability };
    assert.deepEqual(read, expected);
  });
}

/** Metadata is read on demand, so an event has a function there. */
function withoutMetadata(event: AskedEvent | undefined): AskedEvent | undefined {
  if (event?.kind !== "request_headers") return event;
  const { metadata, ...rest } = event;
  return rest;
}

test("metadata of the wire vector is read by its namespace", () => {
  const [, , hex = ""] = requests.find(([name]) => name === "metadata_context") ?? [];
  const { event } = decodeRequest(Buffer.from(hex, "hex"), defaultLimits);
  assert.ok(event?.kind === "request_headers");
  assert.deepEqual({ ...(event.metadata?.("ns") as object) }, { t: "acme" });
});
