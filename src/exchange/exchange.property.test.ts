import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { setExchangeStage } from "../../test/support/exchange-stage.ts";
import { FakeProxy } from "../../test/support/fake-proxy.ts";
import type { BodyMode, ExchangeEvent } from "./index.ts";

const token = `ghp_${"aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3gH5"}`;

const requestBodies = ["hi", "mail jane@example.org", `use ${token}`].map((content) =>
  Buffer.from(JSON.stringify({ model: "large", messages: [{ role: "user", content }] })),
);
const answers = ["fine", "ask jane@example.org", `take ${token}`].flatMap((content) => [
  Buffer.from(JSON.stringify({ choices: [{ index: 0, message: { content } }] })),
  Buffer.from(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`),
]);
const bytes = fc.constantFrom(...requestBodies, ...answers, Buffer.alloc(0), Buffer.from("{"));

const requestHeaders = fc.constantFrom("/v1/chat/completions", "/v1/models", "/x").map((path) => [
  { name: ":method", value: path === "/v1/models" ? "GET" : "POST" },
  { name: ":path", value: path },
]);
const responseHeaders = fc
  .constantFrom("application/json", "text/event-stream", "text/plain", "image/png")
  .map((type) => [
    { name: ":status", value: "200" },
    { name: "content-type", value: type },
  ]);

const attributes = new Map<string, string>();
const event: fc.Arbitrary<ExchangeEvent> = fc.oneof(
  fc.record({
    kind: fc.constant("request_headers" as const),
    headers: requestHeaders,
    endOfStream: fc.boolean(),
    attributes: fc.constant(attributes),
  }),
  fc.record({
    kind: fc.constant("response_headers" as const),
    headers: responseHeaders,
    endOfStream: fc.boolean(),
    attributes: fc.constant(attributes),
  }),
  fc.record({
    kind: fc.constantFrom("request_body" as const, "response_body" as const),
    bytes,
    endOfStream: fc.boolean(),
  }),
  fc.constantFrom<ExchangeEvent>(
    { kind: "request_trailers" },
    { kind: "response_trailers" },
    { kind: "peer_ended" },
    { kind: "peer_reset" },
    { kind: "drained" },
  ),
);

/** Mostly in the order of the protocol, so that the later phases are reached. */
const orderly = fc
  .tuple(
    requestHeaders,
    fc.array(bytes, { maxLength: 3 }),
    responseHeaders,
    fc.array(bytes, { maxLength: 4 }),
    fc.boolean(),
    fc.boolean(),
  )
  .map(
    ([
      head,
      request,
      answerHead,
      answer,
      hasRequestTrailers,
      hasAnswerTrailers,
    ]): ExchangeEvent[] => [
      { kind: "request_headers", headers: head, endOfStream: request.length === 0, attributes },
      ...bodyEvents("request_body", request, !hasRequestTrailers),
      ...(hasRequestTrailers && request.length > 0 ? [{ kind: "request_trailers" } as const] : []),
      {
        kind: "response_headers",
        headers: answerHead,
        endOfStream: answer.length === 0,
        attributes,
      },
      ...bodyEvents("response_body", answer, !hasAnswerTrailers),
      ...(hasAnswerTrailers && answer.length > 0 ? [{ kind: "response_trailers" } as const] : []),
      { kind: "peer_ended" },
    ],
  );

function bodyEvents(
  kind: "request_body" | "response_body",
  pieces: readonly Buffer[],
  isEndMarked: boolean,
): ExchangeEvent[] {
  return pieces.map((piece, index) => ({
    kind,
    bytes: piece,
    endOfStream: isEndMarked && index === pieces.length - 1,
  }));
}

const sequences = fc.oneof(fc.array(event, { maxLength: 14 }), orderly);
const modes = fc.record({
  request: fc.constantFrom<BodyMode>("BUFFERED", "FULL_DUPLEX_STREAMED"),
  response: fc.constantFrom<BodyMode>("BUFFERED", "STREAMED", "FULL_DUPLEX_STREAMED"),
});

test("any sequence of events ends once, is recorded once, and leaves nothing unanswered", () => {
  fc.assert(
    fc.property(modes, sequences, (inForce, events) => {
      const stage = setExchangeStage();
      const proxy = new FakeProxy(stage.open, inForce);
      for (const next of events) {
        // A real proxy says nothing more once it was told an error status.
        if (proxy.error !== undefined) break;
        proxy.event(next);
        if (next.kind === "peer_ended" || next.kind === "peer_reset") break;
      }
      const isQuiet = proxy.session.isSettled;
      if (isQuiet) proxy.assertNothingOwed();
      proxy.event({ kind: "peer_reset" });
      const commandsAtEnd = proxy.commands.length;
      proxy.event({ kind: "peer_reset" });
      stage.clock.advance(601_000);
      assert.equal(proxy.commands.length, commandsAtEnd, "nothing is said after the end");
      assert.equal(stage.clock.pending, 0, "no timer outlives its exchange");
      assert.equal(stage.deps.heldBytes.total, 0, "no byte stays counted as held");
      const firsts = stage.records.filter(({ kind }) => kind === "decision" || kind === "bypass");
      const closings = stage.records.filter(({ kind }) => kind === "closing");
      assert.equal(firsts.length, 1, "one decision or bypass");
      const [first] = firsts;
      const isFinal = first?.final === true || first?.kind === "bypass";
      assert.equal(closings.length, isFinal ? 0 : 1, "one closing unless the decision was final");
    }),
    { numRuns: 1000 },
  );
});

test("no secret leaves in any sequence of events under any modes", () => {
  fc.assert(
    fc.property(modes, sequences, (inForce, events) => {
      const stage = setExchangeStage();
      const proxy = new FakeProxy(stage.open, inForce);
      for (const next of events) {
        if (proxy.isOver) break;
        proxy.event(next);
      }
      // The configuration of these tests lets lists of models pass unjudged, and records that.
      if (stage.records[0]?.kind === "bypass") return;
      for (const side of [proxy.request, proxy.response]) {
        assert.ok(!side.body.includes(token), "a secret was passed on");
        assert.ok(!side.body.includes("jane@example.org"), "an address was passed on");
      }
    }),
    { numRuns: 1000 },
  );
});
