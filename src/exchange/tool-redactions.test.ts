/** Redactions of rules about calls and results of tools alone, and warnings about them. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FakeProxy } from "../../test/support/fake-proxy.ts";
import {
  answerWith,
  askWith,
  formatPaths,
  governedStage,
} from "../../test/support/governed-exchange.ts";
import { argsIn, toolAnswers } from "../../test/support/tool-answers.ts";
import { toolPolicies } from "../../test/support/tool-policies.ts";

const mail = "jane@example.org";
const said = `Asking ${mail} for you.`;
const callOf = (name: string) => ({ name, args: JSON.stringify({ to: mail, n: 1 }) });
const plain = { model: "large", max_tokens: 9, messages: [{ role: "user", content: "hi" }] };
const tools = "{ id: tools, effect: allow, actions: [tool.list, tool.call, tool.result] }";

for (const { format, requestWith, stream, whole } of toolAnswers) {
  describe(`${format}: what is redacted in calls alone`, () => {
    const policies = toolPolicies([
      tools,
      "{ id: args, effect: redact, actions: [tool.call], tools: { names: ['crm/*'] }, redact: { method: mask, classes: [pii] } }",
    ]);
    const calls = [callOf("crm__lookup"), callOf("mail__send")];

    test("goes from the arguments of such a call, and from nothing else", () => {
      for (const [type, pieces] of [
        ["application/json", [whole(said, calls)]],
        ["text/event-stream", stream(said, calls)],
        // Judged as one: the proxy hands over all of it at once.
        ["text/event-stream", [stream(said, calls).join("")]],
      ] as const) {
        const stage = governedStage(policies);
        const proxy = askWith(stage, format, plain);
        answerWith(proxy, type, pieces);
        const received = proxy.response.body.toString();
        const args = argsIn(received);
        assert.match(args, /\[EMAIL\].*jane@example\.org/s, type);
        assert.equal(args.split("[EMAIL]").length, 2);
        assert.ok(!received.includes(`Asking [EMAIL]`));
        const closing = stage.records[1];
        assert.equal(closing?.end, "complete");
        const applied = closing?.["applied"] as { readonly redactions: string };
        assert.equal(applied.redactions, "ok");
        const judged = closing?.["tools"] as { readonly verdict: string }[];
        assert.deepEqual(
          judged.map(({ verdict }) => verdict),
          ["redact", "allow"],
        );
      }
    });

    test("does not depend on how the bytes of the answer were cut", () => {
      const bytes = Buffer.from(stream(said, calls).join(""));
      const outcomes = [1, 7, 64, bytes.length].map((size) => {
        const proxy = askWith(governedStage(policies), format, plain);
        const pieces: Buffer[] = [];
        for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
        answerWith(proxy, "text/event-stream", pieces);
        return proxy.response.body.toString();
      });
      assert.equal(new Set(outcomes).size, 1);
      assert.ok(argsIn(outcomes[0] ?? "").includes("[EMAIL]"));
    });

    test("is replaced the stronger way where the answer is redacted as well", () => {
      const both = toolPolicies([
        tools,
        "{ id: args, effect: redact, actions: [tool.call], redact: { method: remove, classes: [pii] } }",
        "{ id: all, effect: redact, actions: [llm.generate], redact: { method: mask, classes: [pii] } }",
      ]);
      for (const [type, pieces] of [
        ["application/json", [whole(said, calls.slice(0, 1))]],
        ["text/event-stream", stream(said, calls.slice(0, 1))],
      ] as const) {
        const proxy = askWith(governedStage(both), format, plain);
        answerWith(proxy, type, pieces);
        const received = proxy.response.body.toString();
        assert.ok(!received.includes(mail));
        assert.match(argsIn(received), /"to":""/);
      }
    });
  });

  describe(`${format}: what is redacted in results alone`, () => {
    const policies = toolPolicies([
      tools,
      "{ id: results, effect: redact, actions: [tool.result], tools: { names: ['crm/*'] }, redact: { method: mask, classes: [pii] } }",
      "{ id: stop, effect: deny, actions: [tool.result], tools: { names: ['shell*'] } }",
      "{ id: note, effect: warn, actions: [tool.result], tools: { names: ['crm/*'] }, message: { code: looked_up } }",
    ]);
    const ask = (...names: readonly string[]) => {
      const stage = governedStage(policies);
      const results = names.map((tool) => ({ tool, text: `${tool} says ${mail}` }));
      const proxy = askWith(stage, format, requestWith(results));
      return { proxy, stage };
    };

    test("goes from the results of such a tool, and the caller is warned of it", () => {
      const { proxy, stage } = ask("crm__lookup", "mail__send", "crm__lookup");
      const sent = proxy.request.body.toString();
      assert.equal(sent.split("crm__lookup says [EMAIL]").length, 3);
      assert.ok(sent.includes(`mail__send says ${mail}`));
      const { tools: judged } = stage.records[0] as unknown as {
        readonly tools: readonly { readonly name: string; readonly point: string }[];
      };
      assert.deepEqual(
        judged.map(({ name, point }) => `${point} ${name}`),
        ["tool.result crm/lookup", "tool.result mail/send"],
      );
      answerWith(proxy, "application/json", [whole("Done.", [])]);
      assert.equal(proxy.response.header("x-chancery-warning"), "looked_up");
    });

    test("a result that a rule denies refuses its request", () => {
      const { proxy, stage } = ask("crm__lookup", "shell");
      assert.equal(proxy.immediate?.status, 403);
      assert.equal(proxy.request.body.length, 0);
      assert.equal(stage.records[0]?.["decidedBy"], "platform/more/stop");
    });

    test("a result whose tool nobody can tell refuses its request", () => {
      const stage = governedStage(policies);
      const request = JSON.stringify(requestWith([{ tool: "crm__lookup", text: mail }]));
      const unknown = request.replace(/("tool_call_id"|"tool_use_id"):"call_0"/, '$1:"call_9"');
      const proxy = askWith(stage, format, unknown);
      assert.equal(proxy.immediate?.status, 400);
    });

    test("where no rule restricts results they are texts like any other", () => {
      const stage = governedStage(toolPolicies(["{ id: l, effect: allow, actions: [tool.call] }"]));
      const request = requestWith([{ tool: "shell", text: mail }]);
      const proxy = askWith(stage, format, request);
      assert.equal(proxy.request.body.toString(), JSON.stringify(request));
      assert.equal(stage.records[0]?.["tools"], undefined);
    });
  });

  test(`${format}: a warning about calls alone is on record, and told while it can be`, () => {
    const policies = toolPolicies([
      tools,
      "{ id: called, effect: warn, actions: [tool.call], message: { code: called } }",
    ]);
    const calls = [callOf("crm__lookup")];
    for (const [mode, type, pieces, told] of [
      ["FULL_DUPLEX_STREAMED", "application/json", [whole(said, calls)], "called"],
      ["BUFFERED", "application/json", [whole(said, calls)], "called"],
      ["BUFFERED", "text/event-stream", [stream(said, calls).join("")], "called"],
      // Their headers left before the call came.
      ["STREAMED", "application/json", [whole(said, calls)], undefined],
      ["FULL_DUPLEX_STREAMED", "text/event-stream", stream(said, calls), undefined],
    ] as const) {
      const stage = governedStage(policies);
      const proxy = new FakeProxy(stage.open, { response: mode });
      proxy.requestHeaders({ ":method": "POST", ":path": formatPaths[format] });
      proxy.requestBody(JSON.stringify(plain));
      answerWith(proxy, type, pieces);
      assert.equal(proxy.response.header("x-chancery-warning"), told, `${mode} ${type}`);
      assert.equal(proxy.response.body.toString(), pieces.join(""));
      const judged = stage.records[1]?.["tools"] as { readonly warnings: readonly string[] }[];
      assert.deepEqual(judged[0]?.warnings, ["called"]);
    }
  });
}

test("text beside the arguments of a call, in the same event, is not part of them", () => {
  const policies = toolPolicies([
    tools,
    "{ id: args, effect: redact, actions: [tool.call], redact: { method: mask, classes: [pii] } }",
  ]);
  const called = (args: string) => [
    { index: 0, id: "a", type: "function", function: { name: "crm", arguments: args } },
  ];
  const delta = (content: string, args: string) =>
    JSON.stringify({ choices: [{ index: 0, delta: { content, tool_calls: called(args) } }] });
  const one = `data: ${delta(`To ${mail} `, JSON.stringify({ mail }))}\n\n`;
  // Some servers put several JSON texts into one event.
  const two = `data: ${delta("To ", "")}${delta(`${mail} `, JSON.stringify({ mail }))}\n\n`;
  for (const event of [one, two]) {
    const proxy = askWith(governedStage(policies), "openai-chat", plain);
    answerWith(proxy, "text/event-stream", [event, "data: [DONE]\n\n"]);
    const received = proxy.response.body.toString();
    assert.match(argsIn(received), /"mail":"\[EMAIL\]"/);
    assert.ok(received.includes(`${mail} `), received);
  }
});
