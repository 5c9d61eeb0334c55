import assert from "node:assert/strict";
import { test } from "node:test";
import {
  answerWith,
  askWith,
  governedStage,
  policiesWith,
  policyOf,
} from "../../test/support/governed-exchange.ts";

const email = "jane.roe@example.org";
const transforms = policyOf(
  "{ id: cap, effect: transform, actions: [llm.generate], transform: { params: { maxTokens: { max: 64 }, temperature: { max: 0.5 } } } }",
  '{ id: words, effect: transform, actions: [llm.generate], transform: { prompt: { prepend: "Never give legal advice." } } }',
  "{ id: keep-nothing, effect: transform, actions: [llm.generate], transform: { retention: { store: false, training: false } } }",
  "{ id: region, effect: transform, actions: [llm.generate], transform: { headers: { set: { X-Region: eu } } } }",
  '{ id: no-shell, effect: transform, actions: [llm.generate], transform: { tools: { remove: ["shell*"] } } }',
);
const shell = { type: "function", function: { name: "shell_run", parameters: {} } };
const lookup = { type: "function", function: { name: "lookup", parameters: {} } };

test("a permitted request is sent with everything its permit binds it to", () => {
  const stage = governedStage(policiesWith(transforms));
  const proxy = askWith(stage, "openai-chat", {
    model: "large",
    max_tokens: 500,
    store: true,
    tools: [shell, lookup],
    messages: [{ role: "user", content: `Write to ${email}.` }],
  });
  assert.deepEqual(stage.faults, []);
  assert.deepEqual(JSON.parse(proxy.request.body.toString()), {
    temperature: 0.5,
    model: "large",
    max_tokens: 64,
    store: false,
    tools: [lookup],
    messages: [
      { role: "system", content: "Never give legal advice." },
      { role: "user", content: "Write to [EMAIL]." },
    ],
  });
  assert.equal(proxy.request.header("x-region"), "eu");
});

test("its record names the rules behind texts and headers, and holds neither", () => {
  const stage = governedStage(policiesWith(transforms));
  askWith(stage, "anthropic-messages", {
    model: "large",
    max_tokens: 9,
    messages: [{ role: "user", content: "hi" }],
  });
  const record = stage.records[0];
  assert.deepEqual(record?.["obligations"], {
    headers: { set: { "x-region": "platform/more/region" } },
    params: { maxTokens: { max: 64 }, temperature: { max: { decimal: "0.5" } } },
    prompt: { prepend: ["platform/more/words"] },
    retention: { store: false, training: false },
    tools: { remove: ["shell*"] },
  });
  assert.match(String(record?.["obligationsDigest"]), /^sha256:[0-9a-f]{64}$/);
  assert.deepEqual(record?.["applied"], {
    body: "ok",
    headers: "ok",
    params: "ok",
    redactions: "none",
    spans: 0,
  });
  assert.ok(!JSON.stringify(stage.records).includes("legal advice"));
});

test("a text that has no place refuses the request", () => {
  const stage = governedStage(policiesWith(transforms));
  const proxy = askWith(stage, "anthropic-messages", {
    model: "large",
    max_tokens: 9,
    system: 7,
    messages: [{ role: "user", content: "hi" }],
  });
  assert.deepEqual(stage.faults, ["obligation_impossible"]);
  assert.equal(proxy.immediate?.status, 403);
});

function methodStage(method: string) {
  return governedStage(
    policiesWith(
      policyOf(`{ id: r, effect: redact, redact: { method: ${method}, classes: [secret] } }`),
    ).map((file) => ({
      ...file,
      text: file.text
        .replace(
          "method: mask, classes: [pii, pci, phi, financial, network]",
          `method: ${method}, classes: [pii]`,
        )
        .replace("{ fallback: deny }", "{ fallback: deny, redaction: { residualFloor: partial } }"),
    })),
  );
}

/** What stands for each of the addresses of a request, and of its running answer. */
function wordsFor(method: string, said: readonly string[]) {
  const stage = methodStage(method);
  const proxy = askWith(stage, "openai-chat", {
    model: "large",
    messages: said.map((content) => ({ role: "user", content })),
  });
  const sent = JSON.parse(proxy.request.body.toString()) as { messages: { content: string }[] };
  const pieces = [...(said[0] ?? "")].map(
    (content) => `data: {"choices":[{"index":0,"delta":{"content":"${content}"}}]}\n\n`,
  );
  answerWith(proxy, "text/event-stream", [...pieces, "data: [DONE]\n\n"]);
  const answered = [...proxy.response.body.toString().matchAll(/"content":"([^"]*)"/g)];
  return {
    sent: sent.messages.map(({ content }) => content),
    answered: answered.map(([, text]) => text).join(""),
  };
}

test("a token is one word for a value within an exchange, in both directions", () => {
  const other = "john.doe@example.org";
  const first = wordsFor("tokenize", [email, email, other]);
  assert.match(first.sent[0] ?? "", /^\[EMAIL:[a-p]{16}\]$/);
  assert.equal(first.sent[1], first.sent[0]);
  assert.notEqual(first.sent[2], first.sent[0]);
  assert.equal(first.answered, first.sent[0]);
  assert.notEqual(wordsFor("tokenize", [email]).sent[0], first.sent[0]);
});

test("a hash is one word for a value within a tenant", () => {
  const first = wordsFor("hash", [email]);
  assert.match(first.sent[0] ?? "", /^\[EMAIL:[a-p]{16}\]$/);
  assert.equal(first.answered, first.sent[0]);
  assert.equal(wordsFor("hash", [email]).sent[0], first.sent[0]);
});

test("partial leaves the end of a value, split over events or not", () => {
  const { answered, sent } = wordsFor("partial", [email]);
  assert.equal(sent[0], "[EMAIL:eorg]");
  assert.equal(answered, "[EMAIL:eorg]");
});
