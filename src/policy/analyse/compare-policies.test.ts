import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { policy, toFiles, world } from "../../../test/support/problem-cases.ts";
import { parsePolicies } from "../documents/parse.ts";
import { comparePolicies, findWidenings } from "../index.ts";

const file = "platform/p.yaml";

function compare(before: string, after: string) {
  const [old, next] = [before, after].map(
    (text) => parsePolicies(toFiles({ ...world, [file]: policy(`  rules:\n${text}`) })).documents,
  );
  assert.ok(old && next);
  return comparePolicies(old, next);
}

/** Those that permit more, each in one line. */
function widened(before: string, after: string): readonly string[] {
  return compare(before, after)
    .transitions.filter(({ isWider }) => isWider)
    .map(({ input, before: was, after: is, conditions }) => {
      const found = input.data.findings.map(
        (one) => `${one.class} ${one.confidence}x${one.count} in ${one.in}`,
      );
      const where = Object.entries(conditions).map(([text, end]) => `${text} ${end}`);
      const who = [input.principal?.id, ...(input.principal?.groups ?? [])].join("+");
      const asked = [input.action, input.point, who, input.model ?? input.tool?.name, ...found];
      return [...asked, `${was.verdict} to ${is.verdict}`, ...where].join(", ");
    });
}

const allow = (fields: string) =>
  `    - { id: a, effect: allow, actions: [llm.generate], ${fields} }\n`;
const deny = (fields: string) => `    - { id: d, effect: deny, ${fields} }\n`;
const open = allow("dataClasses: { permitted: [internal] }");

describe("comparing two versions of policies", () => {
  it("finds nothing where nothing changed", () => {
    const found = compare(open, open);
    assert.deepEqual(found.transitions, []);
    assert.equal(found.isExhaustive, true);
    assert.ok(found.tried > 10);
  });

  it("finds who is permitted now", () => {
    const found = widened(
      allow("subjects: { groups: [staff] }"),
      allow("subjects: { groups: [staff, guests] }"),
    );
    assert.deepEqual(found, [
      "llm.generate, request, user:somebody+guests, openai/gpt, deny to allow",
      "llm.generate, response, user:somebody+guests, openai/gpt, deny to allow",
    ]);
  });

  it("finds a class that is permitted now", () => {
    const found = widened(open, allow("dataClasses: { permitted: [internal, pii] }"));
    assert.ok(
      found.includes(
        "llm.generate, request, user:somebody, openai/gpt, pii 1x1 in prompt, deny to allow",
      ),
      found.join("\n"),
    );
  });

  it("finds a confidence that is let through, at the very corner", () => {
    const found = widened(
      `${allow("dataClasses: { permitted: [secret] }")}${deny("actions: [llm.generate], dataClasses: { anyOf: [secret], minConfidence: 0.5 }")}`,
      `${allow("dataClasses: { permitted: [secret] }")}${deny("actions: [llm.generate], dataClasses: { anyOf: [secret], minConfidence: 0.7 }")}`,
    );
    assert.deepEqual(
      found.map((line) => line.split(", ")[4]),
      ["secret 0.5x1 in prompt", "secret 0.5x1 in prompt"],
    );
  });

  it("finds what is less sure than any rule asks for", () => {
    const guard = (least: string) =>
      deny(`actions: [llm.generate], dataClasses: { anyOf: [secret], minConfidence: ${least} }`);
    const found = widened(open + guard("0"), open + guard("0.5"));
    assert.ok(
      found.some((line) => line.includes("secret 0.49x1 in prompt")),
      found.join("\n"),
    );
  });

  it("finds a number of findings and a place that are let through", () => {
    const two = "actions: [llm.generate], dataClasses: { anyOf: [threat], minCount: 2 }";
    const placed = "actions: [llm.generate], dataClasses: { anyOf: [threat], in: [prompt] }";
    const any = "actions: [llm.generate], dataClasses: { anyOf: [threat] }";
    const findings = (after: string) =>
      widened(open + deny(any), open + deny(after)).map((line) => line.split(", ")[4]);
    assert.ok(findings(two).includes("threat 1x1 in prompt"));
    assert.ok(findings(placed).includes("threat 1x1 in system"));
  });

  it("finds a redaction that is lost", () => {
    const mask =
      "    - { id: m, effect: redact, dataClasses: { anyOf: [pii] }, redact: { method: mask, classes: [pii] } }\n";
    const found = widened(
      allow("dataClasses: { permitted: [pii] }") + mask,
      allow("dataClasses: { permitted: [pii] }"),
    );
    assert.ok(found[0]?.endsWith("pii 1x1 in prompt, redact to allow"), found[0]);
  });

  it("finds a tool", () => {
    const found = widened(
      "    - { id: a, effect: allow, actions: [tool.call], tools: { risk: [read] } }\n",
      "    - { id: a, effect: allow, actions: [tool.call] }\n",
    );
    assert.deepEqual(found, ["tool.call, tool.call, user:somebody, any/tool, deny to allow"]);
  });

  it("says on which conditions a change hinges", () => {
    const when = (text: string) =>
      allow(`dataClasses: { permitted: [] }, conditions: [{ name: c, expression: ${text} }]`);
    const [first] = widened(when("principal.authn.mfa"), open);
    assert.equal(
      first,
      "llm.generate, request, user:somebody, openai/gpt, deny to allow, principal.authn.mfa F",
    );
  });

  it("finds no widening in a restriction, and shows it all the same", () => {
    const found = compare(open, open + deny("dataClasses: { anyOf: [threat] }"));
    assert.ok(found.transitions.length > 0);
    assert.ok(found.transitions.every(({ isWider }) => !isWider));
  });
});

describe("W15, what is permitted more", () => {
  const documents = (text: string) =>
    parsePolicies(toFiles({ ...world, [file]: policy(`  rules:\n${text}`) })).documents;

  it("is told at the rule that permits it, with an example", () => {
    const before = documents(
      allow("subjects: { groups: [staff] }, dataClasses: { permitted: [] }"),
    );
    const after = documents(allow("dataClasses: { permitted: [] }"));
    const [first, ...others] = findWidenings(before, after);
    assert.deepEqual(others, []);
    assert.deepEqual(
      [first?.code, first?.severity, first?.file, first?.line, first?.column],
      ["W15", "warning", file, 7, 13],
    );
    assert.equal(
      first?.message,
      'permits, by `platform/p/a`, what was denied: `no_permit`; for instance {"tenant":"acme","app":"chat","action":"llm.generate","point":"request","time":"2026-01-01T00:00:00.000Z","model":"openai/gpt","principal":{"id":"user:somebody","kind":"user"},"data":{"status":"ok","findings":[]}}',
    );
  });

  it("is nothing the other way round", () => {
    const before = documents(allow("dataClasses: { permitted: [] }"));
    const after = documents(allow("subjects: { groups: [staff] }, dataClasses: { permitted: [] }"));
    assert.deepEqual(findWidenings(before, after), []);
  });
});
