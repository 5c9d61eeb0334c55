import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  checkTexts,
  document,
  type ProblemCase,
  platformFile,
  policy,
  readMark,
  rule,
  testProblems,
  world,
} from "../../../test/support/problem-cases.ts";

const when = (fields: string, expression: string) =>
  rule(`${fields}, conditions: [{ name: c, expression: ${expression} }]`);
const deny = (expression: string) => when("effect: deny", expression);

const quota = (cost: string) =>
  document(
    "Quota",
    "daily",
    "platform",
    `{ unit: usd, limit: 1, window: { kind: fixed, duration: 24h }, key: [tenant.id], cost: ${cost} }`,
  );
const exception = 'ticket: T-1, reason: why, activeFrom: "2026-03-01T00:00:00Z"';
const grant = (expression: string) =>
  document(
    "Grant",
    "g",
    "platform",
    `{ ${exception}, expiresAt: "2026-03-02T00:00:00Z", approvedBy: [a@acme.example], scope: { tenants: [acme], apps: [chat], subjects: { groups: [x] } }, permits: [{ id: r, actions: [llm.generate], conditions: [{ name: c, expression: ${expression} }] }] }`,
  );
const incident = (part: string) =>
  document(
    "Incident",
    "i",
    "platform",
    `{ ${exception}, activeUntil: "2026-03-01T12:00:00Z", approvedBy: [a@acme.example, b@acme.example], ${part} }`,
  );
const restrict = (expression: string) =>
  incident(
    `restrict: [{ id: r, effect: deny, conditions: [{ name: c, expression: ${expression} }] }]`,
  );
const relax = (expression: string) =>
  incident(
    `relax: [{ scope: { tenants: [acme], apps: [chat], subjects: { groups: [x] } }, permits: [{ id: r, actions: [llm.generate], conditions: [{ name: c, expression: ${expression} }] }] }]`,
  );

const notBefore = "E04 `response` is known only after the action that an allow rule permits";
const judgeAnswers = "Put the condition into a deny or redact rule, which judges the answer.";

const cases: readonly ProblemCase[] = [
  {
    claim: "an unknown attribute is reported where it stands in a plain text",
    problem: "E04 `request` has no attribute `inputTokns`",
    hint: "Did you mean `inputTokens`?",
    wrong: deny("action == 'llm.embed' && request«.inputTokns > 5"),
    clean: deny("action == 'llm.embed' && request.inputTokens > 5"),
  },
  {
    claim: "in quotes the place counts too",
    problem: "E04 there is no variable `requst`",
    hint: "Did you mean `request`?",
    wrong: deny('"!«requst.stream"'),
    clean: deny('"!request.stream"'),
  },
  {
    claim: "where escapes move the characters, the place is that of the text",
    problem: "E04 `model` has no attribute `nam`",
    hint: "There is id, provider, family, regions, deployment, tags, retention, status, price.",
    wrong: deny('«"model.id != \\"a\\" && model.nam == \\"b\\""'),
    clean: deny('"model.id != \\"a\\" && model.id == \\"b\\""'),
  },
  {
    claim: "a text over several lines is reported at its beginning",
    problem: "E04 `+` does not take int and double",
    hint: "Convert one of them, for instance with `double(…)`.",
    wrong: policy(
      "  rules:\n    - id: r\n      effect: deny\n      conditions:\n        - name: c\n          expression: «|\n            1 + 1.5 > 2.0\n",
    ),
    clean: policy(
      "  rules:\n    - id: r\n      effect: deny\n      conditions:\n        - name: c\n          expression: |\n            1.0 + 1.5 > 2.0\n",
    ),
  },
  {
    claim: "an allow rule does not wait for the answer",
    problem: notBefore,
    hint: judgeAnswers,
    wrong: when("effect: allow", "«response.outputTokens > 5"),
    clean: deny("response.outputTokens > 5"),
  },
  {
    claim: "a rule that restricts does not read what is left",
    problem: "E04 `data.residual` is about what a permit leaves, so only allow rules read it",
    hint: "Use `data.classes`, which has what was found.",
    wrong: deny("size(data«.residual) > 0"),
    clean: when("effect: allow", "size(data.residual) == 0"),
  },
  {
    claim: "a shorthand is read as each of the rules it stands for",
    problem: "E04 `data.residual` is about what a permit leaves, so only allow rules read it",
    hint: "Use `data.classes`, which has what was found.",
    wrong: when(
      "effect: allow, dataClasses: { permitted: [], denied: [secret] }",
      "size(data«.residual) == 0",
    ),
    clean: when(
      "effect: allow, dataClasses: { permitted: [], denied: [secret] }",
      "size(data.classes) == 0",
    ),
  },
  {
    claim: "the permit of a grant is an allow rule",
    problem: notBefore,
    hint: judgeAnswers,
    wrong: grant("«response.outputTokens > 5"),
    clean: grant("request.inputTokens > 5"),
  },
  {
    claim: "the permit of an incident is an allow rule",
    problem: notBefore,
    hint: judgeAnswers,
    wrong: relax("«response.outputTokens > 5"),
    clean: relax("request.inputTokens > 5"),
  },
  {
    claim: "the restriction of an incident is checked too",
    problem: "E04 a condition gives bool, found int",
    hint: "Write a comparison, or a test.",
    wrong: restrict("«request.inputTokens"),
    clean: restrict("request.inputTokens > 5"),
  },
  {
    claim: "a cost is a number",
    problem: "E04 a cost gives int or double, found bool",
    hint: "Write a number.",
    wrong: quota("«usage.inputTokens > 5"),
    clean: quota("double(usage.inputTokens) * model.price.input"),
  },
];

testProblems("what is wrong with an expression", cases);

describe("an entry read without a test", () => {
  it("is warned of, and loads", () => {
    const { text, line, column } = readMark(deny("tenant.labels«.team == 'core'"));
    const found = checkTexts({ ...world, [platformFile]: text });
    assert.deepEqual(found.problems, [
      `${platformFile}:${line}:${column} W19 \`tenant.labels.team\` is read without \`has()\``,
    ]);
    assert.equal(found.isLoaded, true);
  });

  it("is fine behind `has()`", () => {
    const text = deny("has(tenant.labels.team) && tenant.labels.team == 'core'");
    assert.deepEqual(checkTexts({ ...world, [platformFile]: text }).problems, []);
  });
});
