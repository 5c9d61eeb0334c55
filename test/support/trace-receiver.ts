/** A receiver of spans that takes nothing but what OTLP over HTTP in JSON allows. */
import assert from "node:assert/strict";
import type { IncomingMessage, RequestListener } from "node:http";
import type { ServerOptions } from "node:https";
import { text } from "node:stream/consumers";
import type { TestContext } from "node:test";
import { startLoopbackServer } from "./loopback-server.ts";

/** A span as it came, with its attributes by name. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startMicros: number;
  readonly endMicros: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly {
    readonly name: string;
    readonly attributes: Readonly<Record<string, unknown>>;
  }[];
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly isError: boolean;
}

/** What the next request is answered with instead of success. */
export interface ReceiverAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A running receiver. */
export interface TraceReceiver {
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  /** Everything that was sent, as it came. */
  readonly bodies: readonly string[];
  readonly headers: readonly Readonly<Record<string, unknown>>[];
  /** What was wrong with requests; empty where nothing was. */
  readonly complaints: readonly string[];
  /** Used up one for each request; afterwards everything is taken. */
  readonly answers: ReceiverAnswer[];
  /** While it is set, requests wait for it. */
  held: Promise<unknown> | undefined;
}

/** Starts a receiver, with TLS where there are options for it; the test's end takes it down. */
export async function runTraceReceiver(
  t: TestContext,
  tls?: ServerOptions,
): Promise<TraceReceiver> {
  const spans: ReceivedSpan[] = [];
  const bodies: string[] = [];
  const headers: Record<string, unknown>[] = [];
  const complaints: string[] = [];
  const state = { url: "", spans, bodies, headers, complaints, answers: [] as ReceiverAnswer[] };
  const receiver: TraceReceiver = { ...state, held: undefined };
  const listener: RequestListener = async (request, response) => {
    const body = await text(request);
    bodies.push(body);
    headers.push(request.headers);
    await receiver.held;
    const answer = receiver.answers.shift() ?? take(request, body, { spans, complaints });
    response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
    response.end(answer.body ?? "{}");
  };
  const { url } = await startLoopbackServer(t, listener, tls);
  return Object.assign(receiver, { url });
}

function take(
  request: IncomingMessage,
  body: string,
  seen: { readonly spans: ReceivedSpan[]; readonly complaints: string[] },
): ReceiverAnswer {
  try {
    assert.equal(request.method, "POST");
    assert.equal(request.url, "/v1/traces");
    assert.equal(request.headers["content-type"], "application/json");
    seen.spans.push(...readRequest(JSON.parse(body)));
    return { status: 200 };
  } catch (error) {
    seen.complaints.push(String(error));
    return { status: 400 };
  }
}

function readRequest(value: unknown): readonly ReceivedSpan[] {
  const { resourceSpans } = shaped(value, ["resourceSpans"]);
  return listOf(resourceSpans).flatMap((one) => {
    const { resource, scopeSpans } = shaped(one, ["resource", "scopeSpans"]);
    const { attributes } = shaped(resource, ["attributes"]);
    assert.equal(readAttributes(attributes)["service.name"], "chancery");
    return listOf(scopeSpans).flatMap((scoped) => {
      const { scope, spans } = shaped(scoped, ["scope", "spans"]);
      assert.equal(typeof shaped(scope, ["name", "version"])["name"], "string");
      return listOf(spans).map(readSpan);
    });
  });
}

const spanFields = ["traceId", "spanId", "name", "kind", "startTimeUnixNano", "endTimeUnixNano"];
const optionalFields = [
  ...["parentSpanId", "attributes", "events", "droppedEventsCount", "links", "status"],
];

function readSpan(value: unknown): ReceivedSpan {
  const span = shaped(value, spanFields, optionalFields);
  const [traceId, spanId] = [idOf(span["traceId"], 32), idOf(span["spanId"], 16)];
  const [startMicros, endMicros] = [
    microsOf(span["startTimeUnixNano"]),
    microsOf(span["endTimeUnixNano"]),
  ];
  assert.ok(startMicros <= endMicros, "a span ends after it began");
  assert.ok(
    Number.isInteger(span["kind"]) && Number(span["kind"]) >= 1 && Number(span["kind"]) <= 5,
  );
  const parent = span["parentSpanId"];
  const status = span["status"];
  return {
    traceId,
    spanId,
    ...(parent === undefined ? {} : { parentSpanId: idOf(parent, 16) }),
    name: String(span["name"]),
    kind: Number(span["kind"]),
    startMicros,
    endMicros,
    attributes: readAttributes(span["attributes"]),
    events: listOf(span["events"] ?? []).map((one) => {
      const event = shaped(one, ["timeUnixNano", "name", "attributes"]);
      microsOf(event["timeUnixNano"]);
      return { name: String(event["name"]), attributes: readAttributes(event["attributes"]) };
    }),
    links: listOf(span["links"] ?? []).map((one) => {
      const link = shaped(one, ["traceId", "spanId"]);
      return { traceId: idOf(link["traceId"], 32), spanId: idOf(link["spanId"], 16) };
    }),
    isError: status !== undefined && shaped(status, ["code"])["code"] === 2,
  };
}

function readAttributes(value: unknown): Readonly<Record<string, unknown>> {
  const read: Record<string, unknown> = {};
  for (const one of listOf(value ?? [])) {
    const { key, value: held } = shaped(one, ["key", "value"]);
    assert.ok(typeof key === "string" && !(key in read), `${String(key)} comes once`);
    read[key] = readValue(held);
  }
  return read;
}

function readValue(value: unknown): unknown {
  const [entry, ...more] = Object.entries(value as object);
  assert.ok(entry !== undefined && more.length === 0, "one value");
  const [kind, held] = entry;
  switch (kind) {
    case "stringValue":
      assert.equal(typeof held, "string");
      return held;
    case "boolValue":
      assert.equal(typeof held, "boolean");
      return held;
    case "doubleValue":
      assert.equal(typeof held, "number");
      return held;
    case "intValue":
      assert.match(String(held), /^-?\d+$/);
      assert.equal(typeof held, "string", "64-bit integers are strings");
      return Number(held);
    default:
      throw new Error(`no value is called ${kind}`);
  }
}

function shaped(
  value: unknown,
  required: readonly string[],
  optional: readonly string[] = [],
): Readonly<Record<string, unknown>> {
  assert.ok(typeof value === "object" && value !== null && !Array.isArray(value));
  for (const name of required) assert.ok(name in value, `${name} is there`);
  for (const name of Object.keys(value)) {
    assert.ok([...required, ...optional].includes(name), `${name} is known`);
  }
  return value as Readonly<Record<string, unknown>>;
}

function listOf(value: unknown): readonly unknown[] {
  assert.ok(Array.isArray(value));
  return value;
}

function idOf(value: unknown, digits: number): string {
  assert.match(String(value), new RegExp(`^(?!0+$)[0-9a-f]{${digits}}$`));
  return String(value);
}

function microsOf(value: unknown): number {
  assert.equal(typeof value, "string");
  assert.match(String(value), /^\d{19}$/, "nanoseconds since 1970");
  return Number(String(value).slice(0, -3));
}
