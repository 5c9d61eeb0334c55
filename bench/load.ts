/**
 * An HTTP/1.1 load generator: `load.ts PORT CONNECTIONS REQUESTS json|stream [KIB [EVERY_MS]]`. Every
 * request body is 4 KiB, or as many as given, and different. A connection asks again when its answer
 * has ended (closed loop); with EVERY_MS, one request begins each time so many milliseconds have
 * passed, on a connection that is free (fixed arrival rate). Prints one JSON line and ends by itself.
 */
import { connect, type Socket } from "node:net";
import { performance } from "node:perf_hooks";
import { quantile } from "./statistics.ts";

const [portText, connectionsText, requestsText, kind, kibText, everyText] = process.argv.slice(2);
const port = Number(portText);
const connections = Number(connectionsText);
const requests = Number(requestsText);
const isStream = kind === "stream";
const everyMs = everyText === undefined ? undefined : Number(everyText);
/** A connection with nothing under way. */
interface Free {
  readonly begin: () => void;
  readonly end: () => void;
}

const free: Free[] = [];

const filler = "Plain words of a long conversation that has nothing to hide, over and over again. ";
const bodyBytes = Number(kibText ?? 4) * 1024;
const text = filler.repeat(Math.ceil(bodyBytes / filler.length));

let started = 0;
let failed = 0;
const firstMillis: number[] = [];
const totalMillis: number[] = [];

function requestOf(serial: number): string {
  const lead = `Question ${serial * 7919}: `;
  const content = lead + text.slice(0, bodyBytes - 120 - lead.length);
  const body = JSON.stringify({
    model: "small",
    ...(isStream ? { stream: true } : {}),
    messages: [{ role: "user", content }],
  });
  return `POST /v1/chat/completions HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** One connection: the next request follows the end of the answer before it. */
function run(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    let pending = "";
    let sentAt = 0;
    let firstAt = 0;
    const end = () => {
      socket.destroy();
      resolve();
    };
    const next = () => {
      if (started >= requests) end();
      else if (everyMs === undefined) begin();
      else free.push({ begin, end });
    };
    const begin = () => {
      started += 1;
      pending = "";
      firstAt = 0;
      sentAt = performance.now();
      socket.write(requestOf(started));
    };
    socket.on("data", (data) => {
      pending += data.toString("latin1");
      const head = pending.indexOf("\r\n\r\n");
      if (head < 0) return;
      if (firstAt === 0 && pending.length > head + 8) firstAt = performance.now();
      if (!isComplete(pending, head)) return;
      if (!pending.startsWith("HTTP/1.1 200")) failed += 1;
      firstMillis.push(firstAt - sentAt);
      totalMillis.push(performance.now() - sentAt);
      next();
    });
    socket.once("error", () => {
      failed += 1;
      resolve();
    });
    socket.once("close", () => resolve());
    socket.once("connect", next);
  });
}

function isComplete(answer: string, head: number): boolean {
  const length = /content-length: (\d+)/i.exec(answer.slice(0, head))?.[1];
  return length === undefined
    ? answer.endsWith("0\r\n\r\n")
    : answer.length >= head + 4 + Number(length);
}

/** Begins a request each time it is due; one that finds no connection free counts as failed. */
function arrive(intervalMs: number): void {
  let firstAt: number | undefined;
  const timer = setInterval(() => {
    if (firstAt === undefined && free.length < connections) return;
    firstAt ??= performance.now();
    while (started < requests && performance.now() >= firstAt + started * intervalMs) {
      const connection = free.shift();
      if (connection === undefined) {
        started += 1;
        failed += 1;
      } else connection.begin();
    }
    if (started < requests) return;
    clearInterval(timer);
    for (const { end } of free.splice(0)) end();
  }, 1);
}

const beganAt = performance.now();
if (everyMs !== undefined) arrive(everyMs);
await Promise.all(
  Array.from({ length: connections }, () => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.setNoDelay(true);
    return run(socket);
  }),
);
console.log(
  JSON.stringify({
    seconds: (performance.now() - beganAt) / 1000,
    completed: totalMillis.length,
    failed,
    firstP50: quantile(firstMillis, 0.5),
    firstP99: quantile(firstMillis, 0.99),
    totalP50: quantile(totalMillis, 0.5),
    totalP99: quantile(totalMillis, 0.99),
  }),
);
