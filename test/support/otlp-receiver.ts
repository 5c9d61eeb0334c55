/** A receiver of OTLP logs that takes nothing but what the specification allows. */
import assert from "node:assert/strict";
import type { IncomingMessage, RequestListener } from "node:http";
import type { ServerOptions } from "node:https";
import { text } from "node:stream/consumers";
import type { Cleanup } from "./chancery-process.ts";
import { startLoopbackServer } from "./loopback-server.ts";

/** A log record as it came. */
export interface ReceivedLog {
  readonly line: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly timeUnixNano: string | undefined;
  readonly traceId: string | undefined;
}

/** How a request is answered: a status, what stands in the body, and what else the head has. */
export interface OtlpAnswer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface OtlpReceiver {
  readonly url: string;
  /** What it took, in order. */
  readonly logs: ReceivedLog[];
  /** What was wrong with requests; they were answered with 400. */
  readonly wrong: string[];
  readonly authorizations: (string | undefined)[];
  /** Sizes of requests, whatever became of them. */
  readonly batches: number[];
  /** Decides about the next requests; undefined: taken. Never resolving: no answer. */
  answer: (logs: readonly ReceivedLog[]) => OtlpAnswer | undefined | Promise<OtlpAnswer>;
  /** Goes away, or comes back on the same port. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Starts one on a free port of this machine, with TLS where there are options for it. */
export async function startOtlpReceiver(t: Cleanup, tls?: ServerOptions): Promise<OtlpReceiver> {
  const receiver: Omit<OtlpReceiver, "url" | "start" | "stop"> = {
    ...{ logs: [], wrong: [], authorizations: [], batches: [] },
    answer: () => undefined,
  };
  const receive = async (request: IncomingMessage) => {
    assert.equal(request.method, "POST");
    assert.equal(request.url, "/v1/logs");
    assert.equal(request.headers["content-type"], "application/json");
    receiver.authorizations.push(request.headers.authorization);
    return toLogs(JSON.parse(await text(request)));
  };
  const listener: RequestListener = (request, response) => {
    void receive(request).then(
      async (logs) => {
        receiver.batches.push(logs.length);
        const answer = await receiver.answer(logs);
        if (answer === undefined || answer.status === 200) receiver.logs.push(...logs);
        response.writeHead(answer?.status ?? 200, {
          "content-type": "application/json",
          ...answer?.headers,
        });
        response.end(answer?.body ?? "{}");
      },
      (error) => {
        receiver.wrong.push(String(error));
        response.writeHead(400).end();
      },
    );
  };
  const { start, stop, url } = await startLoopbackServer(t, listener, tls);
  return Object.assign(receiver, { url: `${url}/v1/logs`, start, stop });
}

/** Members that an object may have, those that it must have with a star (opentelemetry-proto 1.x). */
const shapes = {
  request: ["resourceLogs*"],
  resourceLogs: ["resource", "scopeLogs*", "schemaUrl"],
  resource: ["attributes", "droppedAttributesCount"],
  scopeLogs: ["scope", "logRecords*", "schemaUrl"],
  scope: ["name", "version", "attributes", "droppedAttributesCount"],
  logRecord: [
    ...["timeUnixNano", "observedTimeUnixNano", "severityNumber", "severityText", "body*"],
    ...["attributes", "droppedAttributesCount", "flags", "traceId", "spanId", "eventName"],
  ],
  keyValue: ["key*", "value*"],
} as const;

type Json = Readonly<Record<string, unknown>>;

function shaped(value: unknown, shape: keyof typeof shapes): Json {
  assert.ok(typeof value === "object" && value !== null && !Array.isArray(value), shape);
  const members = Object.keys(value);
  const allowed = shapes[shape].map((name) => name.replace("*", ""));
  for (const name of members) assert.ok(allowed.includes(name), `${shape}.${name}`);
  for (const name of shapes[shape]) {
    if (name.endsWith("*")) assert.ok(members.includes(name.slice(0, -1)), `${shape}.${name}`);
  }
  return value as Json;
}

function toLogs(body: unknown): readonly ReceivedLog[] {
  const request = shaped(body, "request");
  return listOf(request, "resourceLogs").flatMap((entry) => {
    const resourceLogs = shaped(entry, "resourceLogs");
    const resource = shaped(resourceLogs["resource"], "resource");
    assert.equal(toAttributes(resource)["service.name"], "chancery");
    return listOf(resourceLogs, "scopeLogs").flatMap((of) => {
      const scopeLogs = shaped(of, "scopeLogs");
      shaped(scopeLogs["scope"], "scope");
      return listOf(scopeLogs, "logRecords").map(toLog);
    });
  });
}

function toLog(value: unknown): ReceivedLog {
  const log = shaped(value, "logRecord");
  const { body, severityNumber, spanId, timeUnixNano, traceId } = log;
  for (const name of ["timeUnixNano", "observedTimeUnixNano"]) {
    const nanos = log[name];
    if (nanos !== undefined) assert.match(String(nanos), /^[1-9][0-9]{18}$/);
    assert.ok(nanos === undefined || typeof nanos === "string", "64-bit integers are strings");
  }
  assert.ok(Number.isInteger(severityNumber));
  if (traceId !== undefined) assert.match(String(traceId), /^[0-9a-f]{32}$/);
  if (spanId !== undefined) assert.match(String(spanId), /^[0-9a-f]{16}$/);
  const { stringValue: line } = body as { stringValue: unknown };
  assert.ok(typeof line === "string");
  return {
    ...{ line, attributes: toAttributes(log) },
    timeUnixNano: timeUnixNano as string | undefined,
    traceId: traceId as string | undefined,
  };
}

function toAttributes(of: Json): Readonly<Record<string, string>> {
  const entries = listOf(of, "attributes").map((entry) => {
    const { key, value } = shaped(entry, "keyValue");
    const [kind, content, ...more] = Object.entries(value as Json).flat();
    assert.ok(kind === "stringValue" || kind === "intValue", String(kind));
    assert.ok(typeof content === "string" && more.length === 0, "an int64 is a string");
    return [String(key), content] as const;
  });
  return Object.fromEntries(entries);
}

function listOf(of: Json, name: string): readonly unknown[] {
  const list = of[name] ?? [];
  assert.ok(Array.isArray(list), name);
  return list;
}
