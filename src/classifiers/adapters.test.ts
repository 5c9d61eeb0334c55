import assert from "node:assert/strict";
import { type EventEmitter, once } from "node:events";
import { describe, type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Server, ServerCredentials, type ServiceDefinition, status } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import {
  type ClassifierServer,
  presidioAnswers,
  sendJson,
  startClassifierServer,
} from "../../test/support/classifier-server.ts";
import { FakeClock } from "../../test/support/fake-clock.ts";
import { openClassifiers, type RemoteClassifierConfig } from "./index.ts";

type Type = RemoteClassifierConfig["type"];

/** A classifier of this type at an address, under a clock of the test's. */
function open(
  t: TestContext,
  type: Type,
  url: string,
  changes: Partial<RemoteClassifierConfig> = {},
) {
  const clock = new FakeClock();
  const failures: string[] = [];
  const classifiers = openClassifiers(
    {
      it: {
        ...{ type, url, caFile: undefined, language: "en", model: undefined },
        ...{ concurrencyMax: 4, queueMax: 4, timeoutMs: 150, textUnitsMax: 10_000_000 },
        breaker: { failures: 100, openMs: 1000 },
        ...changes,
      },
    },
    {
      clock,
      timers: clock,
      credentialOf: () => ({ name: "authorization", value: "Bearer secret" }),
      observer: {
        asked: () => undefined,
        strayed: () => undefined,
        failed: (_, cause) => failures.push((cause as Error).message),
      },
    },
  );
  t.after(() => classifiers.close());
  const ask = (texts: readonly string[], labels: readonly string[]) => {
    const it = classifiers.of("it");
    assert.ok(it);
    return it.ask({ texts, labels, tenant: "acme", deadlineMs: 150 });
  };
  return { ask, clock, failures };
}

const fault = (why: string) => ({ kind: "fault", fault: why });

describe("an analyzer of Presidio", () => {
  test("is asked in its own words, and its code points become places in each text", async (t) => {
    const server = await startClassifierServer(t);
    server.answerWith(presidioAnswers("Zoë 👩‍🚀 Roe", "Bo"));
    const { ask } = open(t, "presidio", `${server.url}/api/`);
    const texts = ["👋🏽 Zoë 👩‍🚀 Roe", "Bo", "no one", "𝔘𝔫𝔦 Bo 𝔠𝔬𝔡𝔢 Bo"];
    const reply = await ask(texts, ["pii.person", "PERSON", "EMAIL_ADDRESS"]);
    assert.equal(reply.kind, "labels");
    const found = reply.kind === "labels" ? reply.labels : [];
    assert.deepEqual(
      found
        .map(({ range, text }) => `${text} ${texts[text]?.slice(range?.start, range?.end)}`)
        .toSorted(),
      ["0 Zoë 👩‍🚀 Roe", "1 Bo", "3 Bo", "3 Bo"],
    );
    const [call] = server.calls;
    assert.equal(call?.path, "/api/analyze");
    assert.equal(call?.headers.authorization, "Bearer secret");
    assert.deepEqual(call?.body, {
      text: texts.join("\n\n"),
      language: "en",
      entities: ["PERSON", "EMAIL_ADDRESS"],
    });
  });

  test("that finds something across two texts found a part of it in each", async (t) => {
    const server = await startClassifierServer(t);
    const found = { entity_type: "PERSON", start: 3, end: 9, score: 1 };
    server.answerWith((_, response) => sendJson(response, [found]));
    const { ask } = open(t, "presidio", server.url);
    const reply = await ask(["I, Bo", "Roe am"], ["PERSON"]);
    assert.deepEqual(reply, {
      kind: "labels",
      labels: [
        { text: 0, label: "PERSON", confidence: 1, range: { start: 3, end: 5 } },
        { text: 1, label: "PERSON", confidence: 1, range: { start: 0, end: 2 } },
      ],
    });
  });

  test("is not asked for everything where nothing of its own is wanted", async (t) => {
    const server = await startClassifierServer(t);
    const { ask, failures } = open(t, "presidio", server.url);
    assert.deepEqual(await ask(["hi"], ["pii.person"]), fault("failed"));
    assert.match(failures[0] ?? "", /expected a `map`/);
    assert.equal(server.calls.length, 0);
  });

  test("is called over a connection that is kept, and anew where that was closed", async (t) => {
    const server = await startClassifierServer(t);
    server.answerWith(presidioAnswers("Bo"));
    const { ask } = open(t, "presidio", server.url);
    for (let count = 0; count < 3; count += 1) await ask(["Bo"], ["PERSON"]);
    assert.equal(server.connections, 1);
    server.answerWith((call, response) => {
      // Closed while the next call is on its way: nobody has answered that.
      if (server.calls.length === 4) response.socket?.resetAndDestroy();
      else presidioAnswers("Bo")(call, response);
    });
    assert.equal((await ask(["Bo"], ["PERSON"])).kind, "labels");
    assert.equal(server.connections, 2);
  });
});

describe("a moderation endpoint", () => {
  test("says of each text as a whole how much it is of what is asked for", async (t) => {
    const server = await startClassifierServer(t);
    server.answerWith(({ body }, response) => {
      const scores = (text: string) => ({
        ...{ harassment: text.includes("idiot") ? 0.97 : 0.01, violence: 0.002, "self-harm": null },
      });
      const results = (body["input"] as readonly string[]).map((text) => ({
        flagged: text.includes("idiot"),
        categories: { harassment: text.includes("idiot"), violence: false },
        category_scores: scores(text),
      }));
      sendJson(response, { id: "modr-1", model: "omni-moderation-latest", results });
    });
    const changes = { model: "omni-moderation-latest" };
    const { ask } = open(t, "openai-moderation", server.url, changes);
    assert.deepEqual(await ask(["hello", "idiot"], ["harassment", "self-harm", "threat.x"]), {
      kind: "labels",
      labels: [
        { text: 0, label: "harassment", confidence: 0.01 },
        { text: 1, label: "harassment", confidence: 0.97 },
      ],
    });
    const [call] = server.calls;
    assert.equal(call?.path, "/v1/moderations");
    assert.deepEqual(call?.body, { input: ["hello", "idiot"], model: "omni-moderation-latest" });
  });

  test("that does not answer for every text answers for none", async (t) => {
    const server = await startClassifierServer(t);
    const results = [{ category_scores: { harassment: 0 } }];
    server.answerWith((_, response) => sendJson(response, { results }));
    const { ask } = open(t, "openai-moderation", server.url);
    assert.deepEqual(await ask(["a", "b"], ["harassment"]), fault("failed"));
  });
});

describe("a server over HTTP", () => {
  const failing: readonly (readonly [string, Parameters<ClassifierServer["answerWith"]>[0]])[] = [
    ["refuses", (_, response) => response.writeHead(500).end("[]")],
    ["sends elsewhere", (_, response) => response.writeHead(302, { location: "/other" }).end()],
    ["says what is no JSON", (_, response) => response.end("Jane Roe")],
    ["says other JSON", (_, response) => sendJson(response, { results: [{ text: "Jane Roe" }] })],
    ["dies without an answer", (_, response) => response.socket?.destroy()],
    [
      "dies within its answer",
      (_, response) => {
        response.writeHead(200, { "content-length": 100 });
        response.write("[");
        setImmediate(() => response.socket?.destroy());
      },
    ],
    ["says too much", (_, response) => response.end(`[${" ".repeat(5 * 1024 * 1024)}]`)],
  ];
  for (const type of ["presidio", "openai-moderation"] as const) {
    for (const [how, answer] of failing) {
      test(`that ${how} has failed, and no word of it is told: ${type}`, async (t) => {
        const server = await startClassifierServer(t);
        server.answerWith(answer);
        const { ask, failures } = open(t, type, server.url);
        assert.deepEqual(await ask(["Who?"], ["PERSON"]), fault("failed"));
        assert.equal(failures.length, 1);
        assert.ok(!failures[0]?.includes("Jane"), failures[0]);
        assert.ok(server.calls.every(({ path }) => path !== "/other"));
      });
    }
  }

  test("that hangs is given up at the deadline, and its connection with it", async (t) => {
    const server = await startClassifierServer(t);
    const { ask, clock } = open(t, "presidio", server.url);
    const called = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<void>();
    server.answerWith((_, response) => {
      response.on("close", () => gone.resolve());
      called.resolve();
    });
    const reply = ask(["Who?"], ["PERSON"]);
    await called.promise;
    clock.advance(150);
    assert.deepEqual(await reply, fault("timeout"));
    await gone.promise;
  });

  test("that is not there has failed", async (t) => {
    const { ask } = open(t, "presidio", "http://127.0.0.1:1");
    assert.deepEqual(await ask(["Who?"], ["PERSON"]), fault("failed"));
  });
});

/** A server of the definition in proto/, on another implementation of its messages. */
async function startGrpcServer(
  t: TestContext,
  classify: (call: GrpcCall, answer: GrpcAnswer) => void,
) {
  const definitions = loadSync("chancery/classifier/v1/classifier.proto", {
    includeDirs: [fileURLToPath(new URL("../../proto/", import.meta.url))],
    defaults: true,
  });
  const service = definitions["chancery.classifier.v1.Classifier"] as ServiceDefinition;
  const server = new Server();
  server.addService(service, {
    classify,
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  t.after(() => server.forceShutdown());
  return `grpc://127.0.0.1:${port}`;
}

type GrpcAnswer = (error: { code: number; details: string } | null, value?: object) => void;

interface GrpcCall extends EventEmitter {
  readonly request: { readonly texts: readonly string[]; readonly labels: readonly string[] };
  readonly metadata: { get(name: string): readonly unknown[] };
}

describe("a server over gRPC", () => {
  test("is asked and answers as the definition says", async (t) => {
    let asked: GrpcCall | undefined;
    const url = await startGrpcServer(t, (call, answer) => {
      asked = call;
      const labels = [
        { text: 1, label: "pii.person", confidence: 0.5, range: { start: 0, end: 3 } },
        { text: 0, label: "threat.x", confidence: 1 },
        { label: "pii.person", range: { end: 2 } },
      ];
      answer(null, { labels });
    });
    const { ask } = open(t, "grpc", url);
    const texts = ["👋 hi", "Zoë"];
    assert.deepEqual(await ask(texts, ["pii.person", "threat.x"]), {
      kind: "labels",
      labels: [
        { text: 1, label: "pii.person", confidence: 0.5, range: { start: 0, end: 3 } },
        { text: 0, label: "threat.x", confidence: 1, range: undefined },
        { text: 0, label: "pii.person", confidence: 0, range: { start: 0, end: 2 } },
      ],
    });
    assert.deepEqual(asked?.request, { texts, labels: ["pii.person", "threat.x"] });
    assert.deepEqual(asked?.metadata.get("authorization"), ["Bearer secret"]);
  });

  test("that refuses has failed, and no word of it is told", async (t) => {
    const url = await startGrpcServer(t, (_, answer) =>
      answer({ code: status.INTERNAL, details: "Jane Roe" }),
    );
    const { ask, failures } = open(t, "grpc", url);
    assert.deepEqual(await ask(["Who?"], ["pii.person"]), fault("failed"));
    assert.deepEqual(failures, ["expected an answer, found the status INTERNAL"]);
  });

  test("that hangs is given up at the deadline, and told so", async (t) => {
    const asked = Promise.withResolvers<GrpcCall>();
    const url = await startGrpcServer(t, (call) => asked.resolve(call));
    const { ask, clock } = open(t, "grpc", url);
    const reply = ask(["Who?"], ["pii.person"]);
    const call = await asked.promise;
    const cancelled = once(call, "cancelled");
    clock.advance(150);
    assert.deepEqual(await reply, fault("timeout"));
    await cancelled;
  });
});
