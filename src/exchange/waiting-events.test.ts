import assert from "node:assert/strict";
import { test } from "node:test";
import type { AskingEvent } from "./steps.ts";
import { WaitingEvents } from "./waiting-events.ts";

const piece = (text: string, endOfStream = false): AskingEvent => ({
  kind: "response_body",
  bytes: Buffer.from(text),
  endOfStream,
});
const trailers: AskingEvent = { kind: "response_trailers" };
const requestBody: AskingEvent = { ...piece("r", true), kind: "request_body" } as AskingEvent;

function drain(waiting: WaitingEvents): readonly string[] {
  const all: string[] = [];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const isLast = "endOfStream" in next && next.endOfStream;
    all.push(`${next.kind}${"bytes" in next ? ` ${next.bytes}` : ""}${isLast ? " end" : ""}`);
  }
  return all;
}

test("pieces of a FULL_DUPLEX_STREAMED answer come out joined, up to its end", () => {
  const waiting = new WaitingEvents("FULL_DUPLEX_STREAMED", 100);
  for (const event of [requestBody, piece("a"), piece("b"), piece("c", true), piece("", true)]) {
    waiting.push(event);
  }
  assert.equal(waiting.length, 5);
  assert.deepEqual(drain(waiting), [
    "request_body r end",
    "response_body abc end",
    "response_body  end",
  ]);
  for (const event of [piece("a"), piece("b"), trailers]) waiting.push(event);
  assert.deepEqual(drain(waiting), ["response_body ab", "response_trailers"]);
});

test("pieces that are owed an answer each stay apart", () => {
  const waiting = new WaitingEvents("STREAMED", 100);
  for (const event of [piece("a"), piece("b", true)]) waiting.push(event);
  assert.deepEqual(drain(waiting), ["response_body a", "response_body b end"]);
});

test("any number of pieces may wait, as long as they are not too large together", () => {
  const waiting = new WaitingEvents("FULL_DUPLEX_STREAMED", 5000);
  for (let count = 0; count < 4000; count += 1) waiting.push(piece("a"));
  assert.deepEqual(drain(waiting).join("").length, "response_body ".length + 4000);
  const push = () => {
    for (let count = 0; count < 10_000; count += 1) waiting.push(piece("a"));
  };
  assert.throws(push, { code: "body_too_large" });
});

test("events that cannot be joined are bounded in number", () => {
  const waiting = new WaitingEvents("STREAMED", 5000);
  for (let count = 0; count < 1024; count += 1) waiting.push(piece("a"));
  assert.throws(() => waiting.push(piece("a")), { code: "message_out_of_order" });
});
