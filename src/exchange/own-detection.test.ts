import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FakeProxy } from "../../test/support/fake-proxy.ts";
import {
  answerWith,
  askWith,
  governedStage,
  policiesWith,
  policyOf,
} from "../../test/support/governed-exchange.ts";
import type { PolicyFile } from "../policy/index.ts";

const classifier = (name: string, spec: string, namespace = "platform") =>
  `apiVersion: chancery/v1alpha1
kind: Classifier
metadata: { name: ${name}, namespace: ${namespace} }
spec: { version: "1", ${spec} }
---
`;
const badges = (places: string, namespace = "platform") =>
  classifier(
    "badges",
    `classes: [pii.badge], in: [${places}], patterns: [{ id: badge, class: pii.badge, pattern: '\\bB-\\d{5}\\b' }]`,
    namespace,
  );
const projects = classifier(
  "projects",
  "classes: [pii.project], in: [prompt, response], terms: { class: pii.project, list: [Project Falcon] }",
);
const ignoring = (namespace: string) =>
  classifier(
    "public-values",
    'classes: [pii], in: [prompt, response, tool_args], ignore: { values: [Help@Example.org, "B-00000"] }',
    namespace,
  );

/** The stage's policies, with documents of the tenant as well. */
function policies(platform: string, ofTenant = ""): PolicyFile[] {
  const files = policiesWith(platform);
  if (ofTenant === "") return files;
  return [...files, { namespace: "acme", path: "acme/own.yaml", text: ofTenant }];
}

const ask = (content: string, more: object = {}) => ({
  model: "large",
  messages: [{ role: "user", content }],
  ...more,
});
const sentOf = (proxy: FakeProxy) =>
  JSON.parse(proxy.request.body.toString()).messages[0].content as string;
function sent(files: readonly PolicyFile[], content: string): string {
  return sentOf(askWith(governedStage(files), "openai-chat", ask(content)));
}
const delta = (content: string) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`;
const done = "data: [DONE]\n\n";
/** What a caller reads of a streamed answer. */
const textOf = (body: string) =>
  body
    .split("\n\n")
    .filter((event) => event.startsWith("data: {"))
    .map((event) => JSON.parse(event.slice(6)).choices[0].delta.content as string)
    .join("");

describe("what classifiers bring along", () => {
  test("is found at once beside what the rules find, and recorded with its version", () => {
    const stage = governedStage(policies(badges("prompt") + projects));
    const proxy = askWith(stage, "openai-chat", ask("B-12345 of project falcon, jane@example.org"));
    assert.equal(sentOf(proxy), "[BADGE] of [PROJECT], [EMAIL]");
    const [record] = stage.records;
    const findings = record?.["findings"] as readonly { readonly detector: string }[];
    const detectors = findings.map(({ detector }) => detector);
    assert.ok(detectors.includes("platform/badges@1") && detectors.includes("platform/projects@1"));
    const versions = record?.["versions"] as Record<string, unknown>;
    assert.deepEqual(versions["classifiers"], { "platform/badges": "1", "platform/projects": "1" });
  });

  test("is looked for in the places named alone", () => {
    assert.equal(sent(policies(badges("system")), "B-12345"), "B-12345");
  });

  test("is a tenant's own: another tenant's finds nothing here", () => {
    assert.equal(sent(policies("", badges("prompt", "acme")), "B-12345"), "[BADGE]");
    const scoped = badges("prompt").replace("patterns:", "scope: { apps: [another] }, patterns:");
    assert.equal(sent(policies(scoped), "B-12345"), "B-12345");
  });

  test("is masked in a stream that runs, however its events cut it", () => {
    const stage = governedStage(policies(badges("response") + projects));
    const text = "Ask B-12345 in Project Falcon, mail jane@example.org, B-1234567 stays.";
    for (const size of [1, 3, 7, 200]) {
      const proxy = askWith(stage, "openai-chat", ask("Who?", { stream: true }));
      const pieces = text.match(new RegExp(`.{1,${size}}`, "g")) ?? [];
      answerWith(proxy, "text/event-stream", [...pieces.map(delta), done]);
      assert.equal(
        textOf(proxy.response.body.toString()),
        "Ask [BADGE] in [PROJECT], mail [EMAIL], B-1234567 stays.",
        `pieces of ${size}`,
      );
    }
  });

  test("holds a stream back no longer than its patterns are", () => {
    const stage = governedStage(policies(badges("response")));
    const proxy = askWith(stage, "openai-chat", ask("Who?", { stream: true }));
    proxy.responseHeaders({ ":status": "200", "content-type": "text/event-stream" });
    proxy.responseBody(Buffer.from(delta("One two three. ") + delta("Four five: B-12")), false);
    assert.equal(proxy.response.body.toString(), delta("One two three. "));
  });

  test("is masked once where it overlaps what the rules find, in a stream as in a request", () => {
    const overlapping = classifier(
      "roes",
      "classes: [pii.roe], in: [prompt, response], patterns: [{ id: roe, class: pii.roe, pattern: 'by \\w+@' }]",
    );
    const stage = governedStage(policies(overlapping));
    assert.equal(sent(policies(overlapping), "Sent by jane@example.org."), "Sent [ROE][EMAIL].");
    const proxy = askWith(stage, "openai-chat", ask("Who?", { stream: true }));
    answerWith(proxy, "text/event-stream", [...[..."Sent by jane@example.org."].map(delta), done]);
    assert.equal(textOf(proxy.response.body.toString()), "Sent [ROE][EMAIL].");
  });
});

describe("values to ignore", () => {
  test("of the platform are nothing where the rules or the platform's own classifiers find them", () => {
    const files = policies(ignoring("platform") + badges("prompt"));
    assert.equal(
      sent(files, "help@example.org, jane@example.org, B-00000, B-12345"),
      "help@example.org, [EMAIL], B-00000, [BADGE]",
    );
  });

  test("of the platform hide nothing that a tenant looks for itself", () => {
    const files = policies(ignoring("platform"), badges("prompt", "acme"));
    assert.equal(sent(files, "help@example.org, B-00000"), "help@example.org, [BADGE]");
  });

  test("of a tenant hold for its own classifiers, and weaken nothing of the platform", () => {
    const own = badges("prompt", "acme") + ignoring("acme");
    assert.equal(sent(policies("", own), "help@example.org, B-00000"), "[EMAIL], B-00000");
    const ofPlatform = policies(badges("prompt"), ignoring("acme"));
    assert.equal(sent(ofPlatform, "help@example.org, B-00000"), "[EMAIL], [BADGE]");
  });

  test("are left in a stream as well", () => {
    const stage = governedStage(policies(ignoring("platform")));
    const proxy = askWith(stage, "openai-chat", ask("Who?", { stream: true }));
    answerWith(proxy, "text/event-stream", [
      ...[..."To help@example.org, not jane@example.org."].map(delta),
      done,
    ]);
    assert.equal(textOf(proxy.response.body.toString()), "To help@example.org, not [EMAIL].");
  });
});

describe("calls of an answer", () => {
  const tools = `apiVersion: chancery/v1alpha1
kind: ToolCatalog
metadata: { name: tools, namespace: platform }
spec: { tools: [{ name: crm/lookup, risk: read }] }
---
`;
  const noBadges = policyOf(
    "{ id: tools, effect: allow, actions: [tool.list, tool.call] }",
    "{ id: no-badges, effect: deny, actions: [tool.call], dataClasses: { anyOf: [pii.badge], in: [tool_args] } }",
  );

  test("are denied for what is in their arguments, where only these are looked at", () => {
    for (const places of ["tool_args", "tool_args, response"]) {
      const stage = governedStage(policies(badges(places) + tools + noBadges));
      const asked = ask("Who?", {
        tools: [{ type: "function", function: { name: "crm__lookup", parameters: {} } }],
      });
      for (const [args, isDenied] of [
        ['{"q":"B-12345"}', true],
        ['{"q":"nobody"}', false],
      ] as const) {
        const proxy = askWith(stage, "openai-chat", asked);
        const call = {
          id: "1",
          type: "function",
          function: { name: "crm__lookup", arguments: args },
        };
        const message = { role: "assistant", content: "", tool_calls: [call] };
        const body = { choices: [{ index: 0, message, finish_reason: "tool_calls" }] };
        answerWith(proxy, "application/json", [JSON.stringify(body)]);
        assert.equal(proxy.immediate?.status === 403, isDenied, `${places} ${args}`);
      }
    }
  });

  test("never stream with what is to be masked in them, where only their arguments are looked at", () => {
    const masked = policyOf(
      "{ id: tools, effect: allow, actions: [tool.list, tool.call] }",
      "{ id: args, effect: redact, actions: [tool.call], redact: { method: mask, classes: [pii.badge] } }",
    );
    const stage = governedStage(policies(badges("tool_args") + tools + masked));
    const asked = ask("Who?", {
      stream: true,
      tools: [{ type: "function", function: { name: "crm__lookup", parameters: {} } }],
    });
    const called = { name: "crm__lookup", arguments: '{"q":"B-12345"}' };
    const part = (piece: object, more: object = {}) =>
      `data: ${JSON.stringify({ choices: [{ index: 0, delta: piece, ...more }] })}\n\n`;
    const call = [{ index: 0, id: "a", type: "function", function: called }];
    const proxy = askWith(stage, "openai-chat", asked);
    answerWith(proxy, "text/event-stream", [
      part({ tool_calls: call }),
      part({}, { finish_reason: "tool_calls" }) + done,
    ]);
    assert.equal(proxy.response.body.length, 0);
    assert.equal(proxy.immediate?.status, 403);
    assert.equal(stage.records.at(-1)?.reason, "redaction_impossible");
  });
});
