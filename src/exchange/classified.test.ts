import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { WrittenRecord } from "../../test/support/exchange-stage.ts";
import type { FakeProxy } from "../../test/support/fake-proxy.ts";
import {
  answerWith,
  askWith,
  governedStage,
  policiesWith,
  policyOf,
} from "../../test/support/governed-exchange.ts";
import { type WordClassifier, wordClassifier } from "../../test/support/word-classifier.ts";
import type { ClassifierFault } from "../detect/index.ts";
import type { ExchangeDeps } from "./index.ts";

const classifierOf = (places: string, more = "") => `apiVersion: chancery/v1alpha1
kind: Classifier
metadata: { name: names, namespace: platform }
spec: { version: "3", endpoint: ner, classes: [pii.person, threat.harassment], map: { PERSON: pii.person }, in: [${places}]${more} }
---
`;
const noHarassment = policyOf(
  "{ id: civil, effect: deny, dataClasses: { anyOf: [threat.harassment] } }",
);

/** A stage whose classifier knows a name, and an insult as a whole. */
function stageOf(
  documents: string,
  classifier: WordClassifier,
  changes: Partial<ExchangeDeps> = {},
) {
  return governedStage(policiesWith(documents), {
    classifiers: { of: (name) => (name === "ner" ? classifier : undefined) },
    ...changes,
  });
}

const names = () => wordClassifier({ "Jane Roe": "PERSON" }, { idiot: "threat.harassment" });
const ask = (content: string, more: object = {}) => ({
  model: "large",
  messages: [{ role: "user", content }],
  ...more,
});
const contentOf = (proxy: FakeProxy) =>
  JSON.parse(proxy.request.body.toString()).messages[0].content as string;

const person = { class: "pii.person", detector: "platform/names@3", confidencePct: 85 };

/** What a record says of the classifier's findings; the rules have theirs beside it. */
function personsIn(record: WrittenRecord | undefined): readonly unknown[] {
  const findings = (record?.["findings"] ?? []) as readonly { readonly class: string }[];
  return findings.filter((finding) => finding.class === "pii.person");
}

describe("a request that is classified", () => {
  test("has what the classifier finds masked beside what the rules find", async () => {
    const classifier = names();
    const stage = stageOf(classifierOf("prompt") + noHarassment, classifier);
    const proxy = askWith(stage, "openai-chat", ask("Write 👋 Jane Roe, jane@example.org!"));
    assert.equal(proxy.request.body.length, 0, "nothing leaves before the answer");
    await nextTurn();
    assert.equal(contentOf(proxy), "Write 👋 [PERSON], [EMAIL]!");
    const [record] = stage.records;
    assert.deepEqual(personsIn(record), [{ ...person, in: "prompt", count: 1 }]);
    const versions = record?.["versions"] as Record<string, unknown>;
    assert.deepEqual(versions["classifiers"], { "platform/names": "3" });
    assert.equal(classifier.asked[0]?.deadlineMs, 150);
    assert.equal(classifier.asked[0]?.tenant, "acme");
  });

  test("has all masked that any of them finds where they overlap", async () => {
    const classifier = wordClassifier({ "by jane@": "PERSON" });
    const stage = stageOf(classifierOf("prompt"), classifier);
    const proxy = askWith(stage, "openai-chat", ask("Sent by jane@example.org now"));
    await nextTurn();
    assert.equal(contentOf(proxy), "Sent [PERSON][EMAIL] now");
  });

  test("is denied by what is said of a text as a whole", async () => {
    const stage = stageOf(classifierOf("prompt") + noHarassment, names());
    const proxy = askWith(stage, "openai-chat", ask("You idiot"));
    await nextTurn();
    assert.equal(proxy.immediate?.status, 403);
    assert.equal(stage.records[0]?.reason, "rule");
  });

  test("is asked about in the places named, and not about headers or nothing", async () => {
    const classifier = names();
    const stage = stageOf(classifierOf("system, tool_result"), classifier);
    const messages = [
      { role: "system", content: "Be kind to Jane Roe" },
      { role: "user", content: "Did Jane Roe write" },
      { role: "tool", tool_call_id: "1", content: "  " },
    ];
    const proxy = askWith(stage, "openai-chat", ask("", { messages }));
    await nextTurn();
    assert.deepEqual(
      classifier.asked.map(({ texts }) => texts),
      [["Be kind to Jane Roe"]],
    );
    assert.ok(proxy.request.body.includes("Did Jane Roe write"));
  });

  test("costs nothing where no classifier is asked: the decision comes at once", () => {
    const classifier = names();
    const scoped = classifierOf("prompt", ", scope: { apps: [another] }");
    const stage = stageOf(scoped, classifier);
    const proxy = askWith(stage, "openai-chat", ask("Did Jane Roe write"));
    assert.equal(contentOf(proxy), "Did Jane Roe write");
    assert.equal(classifier.asked.length, 0);
    const versions = stage.records[0]?.["versions"] as Record<string, unknown>;
    assert.equal(versions["classifiers"], undefined);
  });
});

describe("a classifier without an answer", () => {
  const statuses: readonly (readonly [ClassifierFault, string])[] = [
    ["timeout", "timeout"],
    ["failed", "failed"],
    ["overloaded", "failed"],
    ["open", "failed"],
    ["too_long", "truncated"],
  ];
  for (const [fault, status] of statuses) {
    test(`lets no text through: ${fault} is unclassified`, async () => {
      const classifier = names();
      classifier.fault = fault;
      const stage = stageOf(classifierOf("prompt"), classifier);
      const proxy = askWith(stage, "openai-chat", ask("hi"));
      await nextTurn();
      assert.equal(proxy.immediate?.status, 403);
      const [record] = stage.records;
      assert.equal(record?.reason, "unclassified");
      const facts = record?.["facts"] as Record<string, unknown>;
      assert.equal(facts["data.status"], status);
    });
  }

  test("is the same where the configuration has lost it", async () => {
    const stage = stageOf(classifierOf("prompt"), names(), { classifiers: undefined });
    const proxy = askWith(stage, "openai-chat", ask("hi"));
    await nextTurn();
    assert.equal(proxy.immediate?.status, 403);
    assert.equal(stage.records[0]?.reason, "unclassified");
  });
});

const whole = (content: string, message: object = {}) =>
  JSON.stringify({
    choices: [
      { index: 0, message: { role: "assistant", content, ...message }, finish_reason: "stop" },
    ],
  });
const delta = (content: string) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`;
const done = "data: [DONE]\n\n";

describe("an answer that is classified", () => {
  test("is masked as a whole", async () => {
    const stage = stageOf(classifierOf("response"), names());
    const proxy = askWith(stage, "openai-chat", ask("Who?"));
    answerWith(proxy, "application/json", [whole("It is Jane Roe (jane@example.org).")]);
    await nextTurn();
    assert.equal(proxy.response.body.toString(), whole("It is [PERSON] ([EMAIL])."));
    assert.deepEqual(stage.records[1]?.["facts"], undefined);
  });

  test("that streams leaves once it is complete, with a name cut over events masked", async () => {
    const stage = stageOf(classifierOf("response"), names());
    const proxy = askWith(stage, "openai-chat", ask("Who?", { stream: true }));
    proxy.responseHeaders({ ":status": "200", "content-type": "text/event-stream" });
    proxy.responseBody(Buffer.from(delta("It is Ja") + delta("ne Roe")), false);
    await nextTurn();
    assert.equal(proxy.response.body.length, 0);
    proxy.responseBody(Buffer.from(delta(", jane@example.org, again Jane Roe.") + done), true);
    await nextTurn();
    assert.equal(
      proxy.response.body.toString(),
      delta("It is [PERSON]") + delta("") + delta(", [EMAIL], again [PERSON].") + done,
    );
    assert.equal(stage.records[1]?.end, "complete");
    assert.deepEqual(personsIn(stage.records[1]), [{ ...person, in: "response", count: 2 }]);
  });

  test("that streams and may not leave is replaced from its first byte", async () => {
    const stage = stageOf(classifierOf("response") + noHarassment, names());
    const proxy = askWith(stage, "openai-chat", ask("Who?", { stream: true }));
    answerWith(proxy, "text/event-stream", [delta("You "), delta("idiot") + done]);
    await nextTurn();
    assert.equal(proxy.immediate?.status, 403);
    assert.equal(proxy.response.body.length, 0);
  });

  test("is refused where the classifier does not answer, and the record says why", async () => {
    for (const [type, body] of [
      ["application/json", whole("hi")],
      ["text/event-stream", delta("hi") + done],
    ] as const) {
      const classifier = names();
      const stage = stageOf(classifierOf("response"), classifier);
      const proxy = askWith(
        stage,
        "openai-chat",
        ask("Who?", { stream: type !== "application/json" }),
      );
      classifier.fault = "timeout";
      answerWith(proxy, type, [body]);
      await nextTurn();
      assert.equal(proxy.immediate?.status, 403, type);
      const closing = stage.records[1];
      assert.equal(closing?.reason, "unclassified");
      assert.deepEqual(closing?.["facts"], { "data.status": "timeout" });
    }
  });
});

test("a watched stream passes as it comes, and its record says that it was not classified", async () => {
  const classifier = names();
  const observe = '{ fallback: deny, observe: [{ until: "2026-03-20T00:00:00Z" }] }';
  const stage = governedStage(policiesWith(classifierOf("response"), observe), {
    classifiers: { of: () => classifier },
  });
  const proxy = askWith(stage, "openai-chat", ask("Who?", { stream: true }));
  answerWith(proxy, "text/event-stream", [delta("Jane Roe"), done]);
  assert.equal(proxy.response.body.toString(), delta("Jane Roe") + done);
  assert.equal(classifier.asked.length, 0);
  assert.deepEqual(stage.records[1]?.["facts"], { "data.status": "truncated" });
});

describe("calls of an answer", () => {
  const tools = `apiVersion: chancery/v1alpha1
kind: ToolCatalog
metadata: { name: tools, namespace: platform }
spec: { tools: [{ name: crm/lookup, risk: read }] }
---
`;
  const noNames = policyOf(
    "{ id: tools, effect: allow, actions: [tool.list, tool.call] }",
    "{ id: no-names, effect: deny, actions: [tool.call], dataClasses: { anyOf: [pii.person], in: [tool_args] } }",
  );
  const call = (args: string) => ({
    tool_calls: [{ id: "1", type: "function", function: { name: "crm__lookup", arguments: args } }],
  });

  test("are denied for what the classifier finds in their arguments", async () => {
    const stage = stageOf(classifierOf("tool_args") + tools + noNames, names());
    const asked = ask("Who?", {
      tools: [{ type: "function", function: { name: "crm__lookup", parameters: {} } }],
    });
    for (const [args, isDenied] of [
      ['{"q":"Jane Roe"}', true],
      ['{"q":"nobody"}', false],
    ] as const) {
      const proxy = askWith(stage, "openai-chat", asked);
      answerWith(proxy, "application/json", [whole("", call(args))]);
      await nextTurn();
      assert.equal(proxy.immediate?.status === 403, isDenied, args);
    }
  });
});
