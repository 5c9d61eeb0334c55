/**
 * A closed-loop HTTP/1.1 load generator: `load.ts PORT CONNECTIONS REQUESTS json|stream [KIB]`. Every
 * request body is 4 KiB, or as many as given, and different. Prints one JSON line and ends by itself.
 */
import { connect, type Socket } from "node:net";
import { performance } from "node:perf_hooks";
import { quantile } from "./statistics.ts";

const [portText, connectionsText, requestsText, kind, kibText] = process.argv.slice(2);
const port = Number(portText);
const connections = Number(connectionsText);
const requests = Number(requestsText);
const isStream = kind === "stream";

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
    const next = () => {
      if (started >= requests) {
        socket.destroy();
        resolve();
        return;
      }
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

const begin = performance.now();
await Promise.all(
  Array.from({ length: connections }, () => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.setNoDelay(true);
    return run(socket);
  }),
);
console.log(
  JSON.stringify({
    seconds: (performance.now() - begin) / 1000,
    completed: totalMillis.length,
    failed,
    firstP50: quantile(firstMillis, 0.5),
    firstP99: quantile(firstMillis, 0.99),
    totalP50: quantile(totalMillis, 0.5),
    totalP99: quantile(totalMillis, 0.99),
  }),
);
