import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { brotliCompressSync, createGzip, gzipSync } from "node:zlib";
import fc from "fast-check";
import { type ExchangeStage, setExchangeStage } from "../../test/support/exchange-stage.ts";
import { FakeProxy } from "../../test/support/fake-proxy.ts";

const email = "jane.roe@example.org";
const secret = `ghp_${"aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3gH5"}`;
const modes = ["FULL_DUPLEX_STREAMED", "STREAMED"] as const;
type Mode = (typeof modes)[number];

const event = (content: string) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`;
const stream = (...texts: readonly string[]) => `${texts.map(event).join("")}data: [DONE]\n\n`;
const words = (answer: string) =>
  [...answer.matchAll(/"content":"([^"]*)"/g)].map((match) => match[1]).join("");

/** An exchange whose answer's headers have come. */
function begin(mode: Mode, headers: Record<string, string>, stage = setExchangeStage()) {
  const proxy = new FakeProxy(stage.open, { response: mode });
  proxy.requestHeaders({ ":method": "POST", ":path": "/v1/chat/completions" });
  proxy.requestBody(JSON.stringify({ model: "large", messages: [], stream: true }));
  proxy.responseHeaders({ ":status": "200", etag: '"1"', ...headers });
  return { proxy, stage };
}

const packed = (coding: string) => ({
  "content-type": "text/event-stream",
  "content-encoding": coding,
});

/** Waits for what runs beside the event loop; fails where nothing comes. */
async function until(isThere: () => boolean): Promise<void> {
  for (let turns = 0; !isThere(); turns += 1) {
    assert.ok(turns < 20_000, "nothing came");
    await turn();
  }
}

async function finish({ proxy, stage }: { proxy: FakeProxy; stage: ExchangeStage }) {
  await until(() => stage.records.length > 1);
  await until(() => proxy.isOver || proxy.response.isEnded || proxy.response.bodiesOwed === 0);
  return proxy.response.body.toString();
}

/** Pieces of a packed stream, flushed after each event; the last is what ends the packing. */
async function flushed(events: readonly string[]): Promise<readonly Buffer[]> {
  const compressor = createGzip();
  const pieces: Buffer[] = [];
  for (const text of events) {
    compressor.write(text);
    await new Promise<void>((resolve) => compressor.flush(() => resolve()));
    pieces.push((compressor.read() as Buffer | null) ?? Buffer.alloc(0));
  }
  compressor.end();
  return [...pieces, Buffer.concat(await compressor.toArray())];
}

for (const mode of modes) {
  describe(`a packed stream under ${mode}`, () => {
    test("is judged event by event and leaves plain, without the marks of its packing", async () => {
      const { proxy, stage } = begin(mode, packed("gzip"));
      const pieces = await flushed([
        event("Dates "),
        event("are "),
        event("all "),
        event("fruit "),
      ]);
      for (const [index, piece] of pieces.entries()) {
        proxy.responseBody(piece, index === pieces.length - 1);
        const due = ["", "Dates ", "Dates are ", "Dates are all "][index] ?? "";
        await until(() => words(proxy.response.body.toString()).length >= due.length);
      }
      assert.equal(
        await finish({ proxy, stage }),
        ["Dates ", "are ", "all ", "fruit "].map(event).join(""),
      );
      assert.deepEqual(proxy.response.headerEdits.remove, ["content-encoding", "etag"]);
      proxy.assertNothingOwed();
    });

    test("is masked across events", async () => {
      const { proxy, stage } = begin(mode, packed("gzip, br"));
      const bytes = brotliCompressSync(gzipSync(stream(..."Ask ", ...email, " now.")));
      proxy.responseBody(bytes.subarray(0, 20), false).responseBody(bytes.subarray(20));
      assert.equal(words(await finish({ proxy, stage })), "Ask [EMAIL] now.");
      assert.equal(stage.records[1]?.end, "complete");
      proxy.assertNothingOwed();
    });

    test("is cut at a secret, none of which leaves", async () => {
      const { proxy, stage } = begin(mode, packed("gzip"));
      const pieces = await flushed([
        event("The token "),
        event(secret),
        event(" there. "),
        event("More. "),
      ]);
      for (const [index, piece] of pieces.entries()) {
        if (!proxy.response.isEnded) proxy.responseBody(piece, index === pieces.length - 1);
      }
      const body = await finish({ proxy, stage });
      assert.match(body, /secret_detected/);
      assert.ok(!body.includes("ghp_") && !body.includes("More"));
      assert.equal(stage.records[1]?.end, "cut");
      assert.equal(stage.deps.heldBytes.total, 0);
    });

    test("that is corrupt, has no end or grows too large ends in an error, not in a pass", async () => {
      const whole = gzipSync(stream("Hello ", "you "));
      const corrupt = Buffer.from(whole);
      corrupt[whole.length - 6] = (corrupt[whole.length - 6] ?? 0) ^ 0xff;
      const bomb = gzipSync(stream("a".repeat(1_000_000)));
      for (const [bytes, fault] of [
        [corrupt, "encoding_invalid"],
        [whole.subarray(0, -3), "encoding_invalid"],
        [Buffer.from("data: plain\n\n"), "encoding_invalid"],
        [Buffer.concat([whole, Buffer.from("x")]), "encoding_invalid"],
        [bomb, "decode_ratio_exceeded"],
      ] as const) {
        const { proxy, stage } = begin(mode, packed("gzip"));
        proxy.responseBody(bytes);
        const body = await finish({ proxy, stage });
        assert.match(body, /^data: \{"error"/, fault);
        assert.ok(!body.includes("Hello"));
        assert.deepEqual(stage.faults, [fault]);
        assert.equal(stage.records[1]?.end, "cut");
      }
    });

    test("of no byte at all stays empty", async () => {
      const { proxy, stage } = begin(mode, packed("gzip"));
      proxy.responseBody("");
      assert.equal(await finish({ proxy, stage }), "");
      assert.equal(stage.records[1]?.end, "complete");
    });

    test("goes on until its trailers", async () => {
      const { proxy, stage } = begin(mode, packed("gzip"));
      proxy.responseBody(gzipSync(stream("Hello ")), false).event({ kind: "response_trailers" });
      await until(() => !proxy.response.trailersOwed);
      assert.equal(await finish({ proxy, stage }), stream("Hello "));
      proxy.assertNothingOwed();
    });

    test("whose proxy left while a piece was unpacked says nothing more", async () => {
      const { proxy, stage } = begin(mode, packed("gzip"));
      const before = proxy.commands.length;
      proxy.responseBody(gzipSync(stream(secret)));
      proxy.session.handle({ kind: "peer_reset" });
      for (let turns = 0; turns < 50; turns += 1) await turn();
      assert.equal(proxy.commands.length, before);
      assert.equal(stage.records[1]?.end, "peer_reset");
    });

    test("that has to end while a piece is unpacked is cut, and the piece never leaves", async () => {
      for (const [deadlines, waitMs] of [
        [{ phaseMs: 100, exchangeIdleSeconds: 600 }, 100],
        [{ phaseMs: 5000, exchangeIdleSeconds: 1 }, 1000],
      ] as const) {
        const { proxy, stage } = begin(mode, packed("gzip"), setExchangeStage({ deadlines }));
        proxy.responseBody(gzipSync(stream("Hello ")), false);
        stage.clock.advance(waitMs);
        for (let turns = 0; turns < 50; turns += 1) await turn();
        const body = proxy.response.body.toString();
        assert.match(body, /^data: \{"error"/);
        assert.ok(!body.includes("Hello"));
        assert.equal(stage.records[1]?.end, "cut");
        assert.equal(stage.faults.length, 1);
        // What the proxy still asks is answered, with nothing.
        if (mode === "STREAMED") proxy.responseBody(gzipSync(secret), false);
        assert.equal(proxy.response.bodiesOwed, 0);
        assert.equal(proxy.response.body.toString(), body);
        assert.equal(proxy.error, undefined);
      }
    });
  });
}

test("any cut of a packed stream's bytes gives the same bytes to the client", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...modes),
      fc.array(fc.constantFrom("the ", "é ", email, " ", "4111 1111 1111 1111", secret), {
        minLength: 1,
        maxLength: 6,
      }),
      fc.array(fc.nat(400), { maxLength: 12 }),
      async (mode, texts, cuts) => {
        const plain = stream(...texts.flatMap((text) => text.match(/.{1,5}/gu) ?? []));
        const outcome = async (headers: Record<string, string>, pieces: readonly Buffer[]) => {
          const stage = setExchangeStage({
            createId: () => "01a1fd1e-9060-7266-9625-1b601630ea14",
          });
          const { proxy } = begin(mode, headers, stage);
          for (const [index, piece] of pieces.entries()) {
            if (!proxy.response.isEnded) proxy.responseBody(piece, index === pieces.length - 1);
          }
          return [await finish({ proxy, stage }), stage.records[1]?.["findings"]];
        };
        const whole = await outcome({ "content-type": "text/event-stream" }, [Buffer.from(plain)]);
        const bytes = gzipSync(plain);
        const borders = [...new Set(cuts.map((cut) => cut % bytes.length))].sort((a, b) => a - b);
        const edges = [0, ...borders, bytes.length];
        const pieces = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
        assert.deepEqual(await outcome(packed("gzip"), pieces), whole);
      },
    ),
    { numRuns: 60 },
  );
});
