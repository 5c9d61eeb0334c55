import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { createRuleDetector } from "../../src/detect/index.ts";
import type { BootstrapOptions } from "../../src/envoy/index.ts";
import { type EnvoyStage, startEnvoyStage } from "../support/envoy-stage.ts";
import { eventually } from "../support/governed-envoy.ts";
import type { CallAnswer, OpenCall } from "../support/http-caller.ts";
import { type LedUpstream, startLedUpstream } from "../support/led-upstream.ts";
import { openaiChat } from "../support/model-replies.ts";
import {
  type ProcessorOptions,
  type ProcessorStage,
  startProcessor,
} from "../support/processor-stage.ts";
import {
  type MessageKind,
  type SideStreamTap,
  startSideStreamTap,
  type Tamper,
} from "../support/side-stream-tap.ts";

const path = "/chat/completions";
const email = "jane.roe@example.org";
const token = `ghp_${"aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3gH5"}`;
const ask = (content: string) => ({ model: "large", messages: [{ role: "user", content }] });
const replyWith = (text: string) => ({
  model: "large",
  text,
  toolCalls: [],
  deltaChars: 4,
  inputTokens: 1,
  includeUsage: false,
});
const reply = replyWith(`She is ${email} as far as I know.`);
const wholeAnswer = JSON.stringify(openaiChat.whole(reply));
const streamedAnswer = openaiChat.stream(reply);
/** gRPC core, "Status codes and their use". */
const codes = { invalid: 3, exhausted: 8, unimplemented: 12, internal: 13, unavailable: 14 };

interface StageOptions {
  readonly tamper?: () => Tamper;
  readonly processor?: ProcessorOptions;
  readonly bootstrap?: Partial<BootstrapOptions>;
}

interface Stage extends EnvoyStage {
  readonly processor: ProcessorStage;
  readonly tap: SideStreamTap;
  readonly upstream: LedUpstream;
}

async function start(t: TestContext, options: StageOptions): Promise<Stage> {
  const [upstream, processor] = await Promise.all([
    startLedUpstream(t),
    startProcessor(t, options.processor),
  ]);
  const tap = await startSideStreamTap(t, processor.address, options.tamper);
  const envoy = await startEnvoyStage(t, {
    processor: [tap.address],
    upstream: upstream.url,
    // One side stream for each exchange, so that its ending is the exchange's.
    bootstrap: { retry: false, ...options.bootstrap },
  });
  return { ...envoy, processor, tap, upstream };
}

/** How the side stream ended on the wire, once its status has come. */
function endOfStream({ tap }: Stage) {
  return eventually(async () => {
    const [stream] = tap.streams;
    return stream?.status === undefined ? undefined : stream;
  });
}

/** Nothing of a side stream's exchange passed, and its status says that it failed. */
async function assertClosed(stage: Stage, answer: CallAnswer, code: number): Promise<void> {
  const { isComplete, status, text } = answer;
  const isError = status === undefined || status >= 400 || !isComplete || text.includes('"error"');
  assert.ok(isError, `${status} ${text}`);
  assert.ok(!text.includes("jane"), text);
  assert.ok(!stage.upstream.seen().includes("jane"), stage.upstream.seen());
  assert.equal((await endOfStream(stage)).status, code);
  assert.deepEqual(
    stage.tap.streams.filter(({ isEarlyOk }) => isEarlyOk),
    [],
  );
  assert.equal(await stage.statistic("http.llm.ext_proc.failure_mode_allowed"), 0);
  assert.equal(await stage.statistic("http.llm.ext_proc.message_timeouts"), 0);
}

/** How an answer of the upstream is led. */
type Lead = (stage: Stage) => Promise<void>;

const answersWhole: Lead = async ({ upstream }) => {
  const call = await upstream.next();
  call.begin("application/json");
  call.write(wholeAnswer);
  call.end();
};

/** Stalls in the middle of the value. */
const answersStreaming: Lead = async ({ upstream }) => {
  const call = await upstream.next();
  call.begin("text/event-stream");
  for (const event of streamedAnswer.slice(0, 4)) call.write(event);
};

const asksNothing: Lead = async () => undefined;

/** Changes the first message of a kind. */
function atFirst(kind: MessageKind, change: (frame: Buffer) => ReturnType<Tamper>): () => Tamper {
  return () => {
    let isDone = false;
    return (frame, found) => {
      if (isDone || found !== kind) return { frames: [frame] };
      isDone = true;
      return change(frame);
    };
  };
}

function edited(frame: Buffer, edit: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(frame);
  edit(copy);
  return copy;
}

interface Breach {
  readonly change: (frame: Buffer) => ReturnType<Tamper>;
  readonly code: number;
  /** Where else such a thing would be legal. */
  readonly kinds?: readonly MessageKind[];
}

const breaches: Readonly<Record<string, Breach>> = {
  "a message that is none": {
    // Fields of a wire type that does not exist.
    change: (frame) => ({ frames: [edited(frame, (copy) => copy.fill(0xff, 5))] }),
    code: codes.internal,
  },
  "a compressed message": {
    change: (frame) => ({ frames: [edited(frame, (copy) => copy.writeUInt8(1, 0))] }),
    code: codes.unimplemented,
  },
  "a message announced too large": {
    change: (frame) => ({ frames: [edited(frame, (copy) => copy.writeUInt32BE(2 ** 31, 1))] }),
    code: codes.exhausted,
  },
  "a message cut short": {
    change: (frame) => ({ frames: [frame.subarray(0, -1)], isLast: true }),
    code: codes.internal,
  },
  "the same message twice": {
    change: (frame) => ({ frames: [frame, frame] }),
    code: codes.invalid,
    kinds: ["requestHeaders", "requestBody", "responseHeaders"],
  },
  "a peer that says no more": {
    change: () => ({ frames: [], isLast: true }),
    code: codes.internal,
    kinds: ["requestBody", "responseBody"],
  },
};

const places: readonly {
  readonly name: string;
  readonly kind: MessageKind;
  readonly isStreaming?: true;
  readonly lead: Lead;
}[] = [
  { name: "at the request headers", kind: "requestHeaders", lead: asksNothing },
  { name: "at the request body", kind: "requestBody", lead: asksNothing },
  { name: "at the answer's headers", kind: "responseHeaders", lead: answersWhole },
  { name: "at a JSON answer", kind: "responseBody", lead: answersWhole },
  { name: "at a streamed answer", kind: "responseBody", isStreaming: true, lead: answersStreaming },
];

describe("a breach of the protocol, fail closed", { concurrency: 4, timeout: 30_000 }, () => {
  for (const [what, { change, code, kinds }] of Object.entries(breaches)) {
    for (const { isStreaming, kind, lead, name } of places) {
      if (kinds?.includes(kind) === false) continue;
      test(`${what} ${name} ends the exchange, and nothing passes`, async (t) => {
        const stage = await start(t, { tamper: atFirst(kind, change) });
        const body = { ...ask(`Who is ${email}?`), stream: isStreaming === true };
        const answer = stage.caller.post(path, body);
        // The exchange may be over before its upstream is asked.
        await Promise.race([lead(stage), answer]);
        await assertClosed(stage, await answer, code);
        assert.deepEqual(stage.processor.bugs, []);
      });
    }
  }

  test("an answer's body before its headers ends the exchange, and nothing passes", async (t) => {
    const swap = (): Tamper => {
      let kept: Buffer | undefined;
      return (frame, kind) => {
        if (kind === "responseHeaders") {
          kept = frame;
          return { frames: [] };
        }
        const frames = kept === undefined ? [frame] : [frame, kept];
        kept = undefined;
        return { frames };
      };
    };
    const stage = await start(t, { tamper: swap });
    const answer = stage.caller.post(path, ask(`Who is ${email}?`));
    await answersWhole(stage);
    await assertClosed(stage, await answer, codes.invalid);
  });

  test("a body mode that is not accepted ends the exchange before it begins", async (t) => {
    const stage = await start(t, { bootstrap: { requestBodyMode: "STREAMED" } });
    const answer = await stage.caller.post(path, ask(`Who is ${email}?`));
    await assertClosed(stage, answer, codes.invalid);
    assert.equal(stage.upstream.begun, 0);
  });
});

describe("a breach of the protocol, fail open", { concurrency: 4, timeout: 30_000 }, () => {
  const bootstrap = {
    requestBodyMode: "FULL_DUPLEX_STREAMED",
    failureModeAllow: true,
  } as const;

  for (const [what, { change, code, kinds }] of Object.entries(breaches)) {
    for (const { isStreaming, kind, lead, name } of places) {
      // Before a body was handed over, fail open means that it passes: the operator asked for it.
      const isHandedOver = kind === "requestBody" || kind === "responseBody";
      const isLegal = what === "the same message twice" || kinds?.includes(kind) === false;
      if (!isHandedOver || isLegal) continue;
      test(`${what} ${name} passes nothing of the body that was handed over`, async (t) => {
        const stage = await start(t, { tamper: atFirst(kind, change), bootstrap });
        const body = { ...ask(`Who is ${email}?`), stream: isStreaming === true };
        const answer = stage.caller.post(path, body);
        // The exchange may be over before its upstream is asked.
        await Promise.race([lead(stage), answer]);
        await assertClosed(stage, await answer, code);
      });
    }
  }
});

/** A classifier with a bug that shows at the call of this number. */
function brokenAt(number: number): ProcessorOptions {
  const detector = createRuleDetector();
  let calls = 0;
  const classify = (spans: readonly { readonly text: string }[]) => {
    calls += 1;
    if (calls === number) throw new TypeError("a bug");
    return spans.map(({ text }) => detector.scan(text));
  };
  return { deps: { classify } };
}

for (const isOpen of [false, true]) {
  const mode = isOpen ? "fail open" : "fail closed";
  const bootstrap = {
    requestBodyMode: "FULL_DUPLEX_STREAMED",
    failureModeAllow: isOpen,
  } as const;

  describe(`a bug of ours, ${mode}`, { concurrency: 4, timeout: 30_000 }, () => {
    test("in judging a request ends the exchange, and nothing passes", async (t) => {
      const stage = await start(t, { processor: brokenAt(1), bootstrap });
      const answer = await stage.caller.post(path, ask(`Who is ${email}?`));
      await assertClosed(stage, answer, codes.internal);
      assert.equal(stage.upstream.begun, 0);
      assert.equal(stage.processor.bugs.length, 1);
    });

    test("in judging an answer ends the exchange, and nothing passes", async (t) => {
      const stage = await start(t, { processor: brokenAt(2), bootstrap });
      const answer = stage.caller.post(path, ask(`Who is ${email}?`));
      await answersWhole(stage);
      await assertClosed(stage, await answer, codes.internal);
      assert.equal(stage.processor.records.at(-1)?.end, "server_error");
    });

    test("in judging a running stream cuts it, and nothing more passes", async (t) => {
      const detector = createRuleDetector();
      const open = () => {
        const scan = detector.open();
        const push = (text: string) => {
          if (text.includes("j")) throw new TypeError("a bug");
          scan.push(text);
        };
        return Object.assign(Object.create(scan), { push, end: () => scan.end() });
      };
      const processor = { deps: { detector: { ...detector, open } } };
      const stage = await start(t, { processor, bootstrap });
      const answer = stage.caller.post(path, { ...ask("How?"), stream: true });
      await answersStreaming(stage);
      await assertClosed(stage, await answer, codes.internal);
      assert.equal(stage.processor.records.at(-1)?.end, "server_error");
    });
  });

  describe(`what we cannot do, ${mode}`, { concurrency: 4, timeout: 30_000 }, () => {
    const refusals: Readonly<Record<string, ProcessorOptions>> = {
      "a record that cannot be written": { isDiskFull: () => true },
      "no active policy": { deps: { snapshot: () => undefined } },
      "a judgement that never comes": {
        deps: {
          classify: () => new Promise(() => undefined),
          deadlines: { phaseMs: 50, exchangeIdleSeconds: 600 },
        },
      },
    };
    for (const [what, processor] of Object.entries(refusals)) {
      test(`${what} is an answer of our own, on which nothing passes`, async (t) => {
        const stage = await start(t, { processor, bootstrap: { failureModeAllow: isOpen } });
        const answer = await stage.caller.post(path, ask(`Who is ${email}?`));
        assert.equal(answer.status, 503);
        assert.match(answer.text, /"error"/);
        await assertClosed(stage, answer, 0);
        assert.equal(stage.upstream.begun, 0);
      });
    }
  });

  describe(`a shutdown, ${mode}`, { concurrency: 4, timeout: 30_000 }, () => {
    test("ends a request that is held, and nothing passes", async (t) => {
      const stage = await start(t, { bootstrap });
      const call = stage.caller.open(path);
      const part = JSON.stringify(ask(`Who is ${email}?`)).slice(0, -2);
      call.write(part);
      await untilHeld(stage, part.length);
      stage.processor.server.endStreams();
      await assertClosed(stage, await call.answer, codes.unavailable);
      await assertDrained(stage);
    });

    test("ends a JSON answer that is held, and nothing passes", async (t) => {
      const stage = await start(t, { bootstrap });
      const call = openCall(stage, ask("How?"));
      const asking = await stage.upstream.next();
      asking.begin("application/json");
      const part = wholeAnswer.slice(0, -2);
      asking.write(part);
      await untilHeld(stage, part.length);
      stage.processor.server.endStreams();
      await assertClosed(stage, await call.answer, codes.unavailable);
      await assertDrained(stage);
    });

    test("cuts a running stream, and nothing more passes", async (t) => {
      const stage = await start(t, { bootstrap });
      const call = openCall(stage, { ...ask("How?"), stream: true });
      await answersStreaming(stage);
      await call.received(/She/);
      stage.processor.server.endStreams();
      await assertClosed(stage, await call.answer, codes.unavailable);
      await assertDrained(stage);
    });
  });
}

test("a shutdown while the upstream is asked ends the exchange, fail closed", async (t) => {
  const stage = await start(t, {});
  const call = openCall(stage, ask("How?"));
  const asking = await stage.upstream.next();
  stage.processor.server.endStreams();
  await assertClosed(stage, await call.answer, codes.unavailable);
  assert.equal(await asking.ended, "cut");
  await assertDrained(stage);
});

test("an ordinary ending is a status 0 after the proxy has half-closed", async (t) => {
  const stage = await start(t, {});
  const answer = stage.caller.post(path, ask(`Who is ${email}?`));
  await answersWhole(stage);
  assert.match((await answer).text, /She is \[EMAIL\]/);
  const refused = await stage.caller.post(path, ask(`Use ${token}.`));
  assert.equal(refused.status, 403);
  const streamed = stage.caller.post(path, { ...ask("How?"), stream: true });
  const call = await stage.upstream.next();
  call.begin("text/event-stream");
  for (const event of openaiChat.stream(replyWith(`It is ${token}, then.`))) call.write(event);
  call.end();
  const { isComplete, text } = await streamed;
  assert.ok(isComplete && text.includes("secret_detected") && !text.includes("ghp_"), text);
  const ends = await eventually(async () => {
    const { streams } = stage.tap;
    return streams.every(({ status }) => status !== undefined) ? streams : undefined;
  });
  const seen = ends.map(({ isEarlyOk, status }) => ({ isEarlyOk, status }));
  assert.deepEqual(seen, Array(3).fill({ isEarlyOk: false, status: 0 }));
  const halfClosed = await stage.statistic("http.llm.ext_proc.server_half_closed");
  const failed = await stage.statistic("http.llm.ext_proc.streams_failed");
  assert.deepEqual({ halfClosed, failed }, { halfClosed: 0, failed: 0 });
});

function openCall({ caller }: Stage, body: object): OpenCall {
  const call = caller.open(path);
  call.end(JSON.stringify(body));
  return call;
}

function untilHeld({ processor }: Stage, bytes: number): Promise<true> {
  return eventually(async () => (processor.heldBytes() === bytes ? true : undefined));
}

async function assertDrained({ processor }: Stage): Promise<void> {
  assert.deepEqual(processor.streamEnds, ["drained"]);
  const last = processor.records.at(-1);
  assert.equal(last?.end, "drained");
  assert.equal(last?.reason, "draining");
}
