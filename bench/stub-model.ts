/**
 * A model server that costs almost nothing: answers every POST with 2 KiB of JSON, or, when asked to
 * stream, with 100 events 5 ms apart. Prints its port and runs until SIGTERM.
 */
import { createServer, type Socket } from "node:net";

const answerText = "The quick brown fox jumps over the lazy dog. ".repeat(40);
const answer = JSON.stringify({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "small",
  choices: [
    { index: 0, message: { role: "assistant", content: answerText }, finish_reason: "stop" },
  ],
  usage: { prompt_tokens: 900, completion_tokens: 400, total_tokens: 1300 },
});
const jsonReply = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(answer)}\r\n\r\n${answer}`,
);
const streamHead =
  "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
const eventsPerStream = 100;
const eventGapMs = 5;

function chunk(data: string): string {
  return `${Buffer.byteLength(data).toString(16)}\r\n${data}\r\n`;
}

function delta(content: string, finish: string | null): string {
  const choices = [{ index: 0, delta: { content }, finish_reason: finish }];
  const event = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "small" };
  return chunk(`data: ${JSON.stringify({ ...event, choices })}\n\n`);
}

const wordEvent = delta("word ", null);
const lastEvent = `${delta("", "stop")}${chunk("data: [DONE]\n\n")}0\r\n\r\n`;

function stream(socket: Socket): void {
  socket.write(streamHead + wordEvent);
  let sent = 1;
  const timer = setInterval(() => {
    sent += 1;
    if (sent < eventsPerStream && !socket.destroyed) {
      socket.write(wordEvent);
      return;
    }
    clearInterval(timer);
    if (!socket.destroyed) socket.write(lastEvent);
  }, eventGapMs);
}

/** Where the first request of these bytes ends; -1 while it has not come in full. */
function endOfRequest(pending: string): number {
  const head = pending.indexOf("\r\n\r\n");
  if (head < 0) return -1;
  const headers = pending.slice(0, head);
  if (/transfer-encoding: chunked/i.test(headers)) {
    const last = pending.indexOf("0\r\n\r\n", head + 4);
    return last < 0 ? -1 : last + 5;
  }
  const length = Number(/content-length: (\d+)/i.exec(headers)?.[1] ?? 0);
  return pending.length < head + 4 + length ? -1 : head + 4 + length;
}

const server = createServer((socket) => {
  let pending = "";
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  socket.on("data", (data) => {
    pending += data.toString("latin1");
    for (let end = endOfRequest(pending); end > 0; end = endOfRequest(pending)) {
      const request = pending.slice(0, end);
      pending = pending.slice(end);
      if (request.includes('"stream":true')) stream(socket);
      else socket.write(jsonReply);
    }
  });
});

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address !== null) console.log(`ready ${address.port}`);
});
process.once("SIGTERM", () => process.exit(0));
