import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { setExchangeStage } from "../../test/support/exchange-stage.ts";
import { FakeProxy } from "../../test/support/fake-proxy.ts";

/** One format as this test speaks it: how to ask, and how a model's words become events. */
interface Dialect {
  readonly path: string;
  readonly ask: object;
  events(deltas: readonly string[]): string;
  /** The words a client joins. */
  words(stream: string): string;
}

const messages = [{ role: "user", content: "hi" }];

const openai: Dialect = {
  path: "/v1/chat/completions",
  ask: { model: "large", stream: true, messages },
  events: (deltas) =>
    [
      ...deltas.map(
        (content) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`,
      ),
      'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n',
      "data: [DONE]\n\n",
    ].join(""),
  words: (stream) =>
    parsed(stream)
      .map((event) => event.choices?.[0]?.delta?.content ?? "")
      .join(""),
};

const anthropic: Dialect = {
  path: "/v1/messages",
  ask: { model: "large", stream: true, max_tokens: 9, messages },
  events: (deltas) =>
    [
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
      ...deltas.map((text) => ({
        type: "content_block_delta",
        index: 0,
        delta: { type: "text_delta", text },
      })),
      { type: "content_block_stop", index: 0 },
      { type: "message_stop" },
    ]
      .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
      .join(""),
  words: (stream) =>
    parsed(stream)
      .map((event) => event.delta?.text ?? "")
      .join(""),
};

interface AnyEvent {
  readonly choices?: readonly { readonly delta?: { readonly content?: string } }[];
  readonly delta?: { readonly text?: string };
}

function parsed(stream: string): readonly AnyEvent[] {
  return [...stream.matchAll(/^data: (\{.*)$/gm)].map((match) => JSON.parse(match[1] ?? "{}"));
}

const values = [
  "jane.roe@example.org",
  "4111 1111 1111 1111",
  "GB82 WEST 1234 5698 7654 32",
  "+1 202-555-0143",
] as const;
const secret = `ghp_${"aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3gH5"}`;
const words = fc.constantFrom(
  "the ",
  "mail ",
  "é, ",
  "\u{1F600} ",
  "“x” ",
  "v1.2.3 ",
  "a@b ",
  "12 ",
  "\n",
);
const text = (...planted: readonly string[]) =>
  fc
    .array(
      fc.oneof(
        words,
        fc.constantFrom(...planted).map((value) => `${value} `),
      ),
      {
        minLength: 1,
        maxLength: 12,
      },
    )
    .map((parts) => parts.join(""));

/** Cuts a text at places between its characters. */
function cutAt(whole: string, places: readonly number[]): readonly string[] {
  const characters = [...whole];
  const borders = [...new Set(places.map((place) => place % (characters.length + 1)))].sort(
    (a, b) => a - b,
  );
  const edges = [0, ...borders, characters.length];
  return edges.slice(1).map((edge, index) => characters.slice(edges[index], edge).join(""));
}

function run(
  dialect: Dialect,
  stream: string,
  chunkEnds: readonly number[],
  mode: "STREAMED" | "FULL_DUPLEX_STREAMED",
) {
  const stage = setExchangeStage({ createId: () => "01a1fd1e-9060-7266-9625-1b601630ea14" });
  const proxy = new FakeProxy(stage.open, { response: mode });
  proxy.requestHeaders({ ":method": "POST", ":path": dialect.path });
  proxy.requestBody(JSON.stringify(dialect.ask));
  proxy.responseHeaders({ ":status": "200", "content-type": "text/event-stream" });
  const bytes = Buffer.from(stream);
  const borders = [...new Set(chunkEnds.map((place) => place % bytes.length))].sort(
    (a, b) => a - b,
  );
  const edges = [0, ...borders, bytes.length];
  edges.slice(1).forEach((edge, index) => {
    const isLast = index === edges.length - 2;
    if (!proxy.isOver) proxy.responseBody(bytes.subarray(edges[index], edge), isLast);
  });
  return { body: proxy.response.body.toString("utf8"), closing: stage.records[1], proxy };
}

const cuts = fc.array(fc.nat(4000), { maxLength: 30 });
const dialects = fc.constantFrom(openai, anthropic);
const modes = fc.constantFrom("STREAMED" as const, "FULL_DUPLEX_STREAMED" as const);

test("any cut of a stream's bytes gives the same bytes to the client", () => {
  fc.assert(
    fc.property(
      dialects,
      modes,
      text(...values, secret),
      cuts,
      cuts,
      (dialect, mode, said, deltas, chunks) => {
        const stream = dialect.events(cutAt(said, deltas));
        const whole = run(dialect, stream, [], mode);
        const cut = run(dialect, stream, chunks, mode);
        assert.equal(cut.body, whole.body);
        assert.equal(cut.closing?.["verdict"], whole.closing?.["verdict"]);
        assert.deepEqual(cut.closing?.["findings"], whole.closing?.["findings"]);
      },
    ),
    { numRuns: 250 },
  );
});

test("an event that cannot be read ends the stream behind what was read, however it was cut", () => {
  fc.assert(
    fc.property(
      dialects,
      modes,
      text(...values),
      text(...values),
      // The last: text of a choice or block goes on behind its end.
      fc.constantFrom('data: {"broken":\n\n', "data: {} and\n\n", ""),
      cuts,
      (dialect, mode, before, after, odd, chunks) => {
        const stream = `${dialect.events([before])}${odd}${dialect.events([after])}`;
        const whole = run(dialect, stream, [], mode);
        const cut = run(dialect, stream, chunks, mode);
        assert.equal(cut.body, whole.body);
        assert.equal(cut.closing?.end, "cut");
        assert.equal(dialect.words(cut.body).length > 0, true);
      },
    ),
    { numRuns: 150 },
  );
});

test("a planted value never leaves, however the model's words are split over events", () => {
  fc.assert(
    fc.property(
      dialects,
      modes,
      text(...values),
      cuts,
      cuts,
      (dialect, mode, said, deltas, chunks) => {
        const { body } = run(dialect, dialect.events(cutAt(said, deltas)), chunks, mode);
        const masked = dialect.words(body);
        for (const value of values) assert.ok(!masked.includes(value), masked);
        const expected = said
          .replaceAll(values[0], "[EMAIL]")
          .replaceAll(values[1], "[CREDIT_CARD]")
          .replaceAll(values[2], "[IBAN]")
          .replaceAll(values[3], "[PHONE]");
        assert.equal(masked, expected);
      },
    ),
    { numRuns: 250 },
  );
});

test("a stream without findings keeps every byte", () => {
  fc.assert(
    fc.property(
      dialects,
      modes,
      fc.array(words, { minLength: 1 }),
      cuts,
      cuts,
      (dialect, mode, said, deltas, chunks) => {
        const stream = dialect.events(cutAt(said.join(""), deltas));
        assert.equal(run(dialect, stream, chunks, mode).body, stream);
      },
    ),
    { numRuns: 150 },
  );
});

test("a secret ends the stream before any of it leaves", () => {
  fc.assert(
    fc.property(
      dialects,
      modes,
      text("ok"),
      text("ok"),
      cuts,
      cuts,
      (dialect, mode, before, after, deltas, chunks) => {
        const stream = dialect.events(cutAt(`${before}${secret} ${after}`, deltas));
        const { body, closing } = run(dialect, stream, chunks, mode);
        assert.ok(!dialect.words(body).includes("ghp_"), body);
        assert.ok(body.includes('"error"'));
        assert.equal(closing?.end, "cut");
        assert.equal(closing?.verdict, "deny");
      },
    ),
    { numRuns: 150 },
  );
});
