import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { expressionFacts } from "../../../test/support/expression-facts.ts";
import {
  createExpressionEngine,
  type Expression,
  type ExpressionFacts,
  type ExpressionUse,
  type Truth,
} from "./index.ts";

const engine = createExpressionEngine();

function compiled(source: string, use: ExpressionUse = "restrictiveRule"): Expression {
  const { expression, problems } = engine.compile(source, use);
  assert.ok(expression, `${source}: ${problems.map(({ message }) => message).join("; ")}`);
  return expression;
}

function ends(rows: readonly (readonly [string, Truth])[], facts = expressionFacts()) {
  for (const [source, truth] of rows) {
    assert.equal(compiled(source).test(facts), truth, source);
  }
}

describe("conditions", () => {
  it("read every variable of the table", () => {
    ends([
      ["principal.id == 'user:ann@acme.example' && principal.kind == 'user'", "T"],
      ["'support' in principal.groups && principal.claims.department == 'sales'", "T"],
      ["principal.authn.mfa", "T"],
      ["tenant.id == 'acme' && tenant.tier == 'gold' && tenant.region == 'eu'", "T"],
      ["tenant.labels.team == 'core' && tenant.labels['team'] == 'core'", "T"],
      ["app.id == 'support-bot' && app.env == 'prod'", "T"],
      ["route.name == 'chat'", "T"],
      ["action == 'llm.generate'", "T"],
      ["request.protocol == 'openai-chat' && !request.stream", "T"],
      ["request.inputTokens <= 16000 && request.maxTokens == 256", "T"],
      ["request.params.temperature > 0.5 && request.params.n == 1", "T"],
      ["request.time < timestamp('2026-03-02T10:00:00.5Z')", "T"],
      ["model.provider == 'openai' && model.price.input < 1", "T"],
      ["!('eu-central-1' in model.regions)", "T"],
      ["request.toolNames.exists(t, t.startsWith('billing/') || t.startsWith('mail/'))", "T"],
    ]);
  });

  it("read a tool by its server, its risk and its arguments", () => {
    const tool = { name: "billing/refund", args: { amount: 49.5, currency: "EUR", lines: [] } };
    const facts = expressionFacts({ action: "tool.call", tool }, { toolRisk: "write" });
    ends(
      [
        ["tool.server == 'billing' && tool.name == 'billing/refund'", "T"],
        ["tool.risk == 'write'", "T"],
        ["double(tool.args.amount) <= 50.0 && tool.args.currency == 'EUR'", "T"],
        ["tool.args.amount > 50", "F"],
        ["size(tool.args.lines) == 0", "T"],
        ["tool.approved", "E"],
      ],
      facts,
    );
  });

  it("read the answer at its point", () => {
    const response = { finishReason: "stop", outputTokens: 90, toolCalls: ["mail/send"] };
    const facts = expressionFacts({ point: "response", response });
    ends(
      [
        ["response.finishReason == 'stop' && response.outputTokens < 100", "T"],
        ["'mail/send' in response.toolCalls", "T"],
        ["response.data.classes == ['secret.key'] && response.data.sensitivity == 5", "T"],
        ["data.sensitivity == 5", "T"],
      ],
      facts,
    );
  });

  it("see an answer only where they restrict, so that it never changes a permit", () => {
    const facts = expressionFacts();
    assert.equal(compiled("data.sensitivity == 3", "allowRule").test(facts), "T");
    assert.equal(compiled("'secret.key' in data.findings", "allowRule").test(facts), "F");
    assert.equal(compiled("'secret.key' in data.findings").test(facts), "T");
  });

  it("see what is left in allow rules", () => {
    const residual = [{ class: "pii", in: "prompt", count: 1, confidence: 1 } as const];
    const left = compiled("data.residual == ['pii']", "allowRule");
    assert.equal(left.test(expressionFacts({}, { residual })), "T");
    assert.equal(left.test(expressionFacts({}, { residual: [] })), "F");
    assert.equal(left.test(expressionFacts()), "E");
  });

  it("count findings of a class and those below it", () => {
    ends([
      ["data.findings['pii.email'].count == 2", "T"],
      ["data.findings['pii'].count == 3 && data.findings.pii.confidence == 0.98", "T"],
      ["'pii' in data.findings && !('pci' in data.findings)", "T"],
      ["data.findings['pci'].count > 0", "E"],
      ["data.findings.exists(c, data.findings[c].count > 1)", "T"],
      ["data.classes == ['pii.email', 'secret.key']", "T"],
    ]);
  });

  it("cannot be told from data that was not classified, its status aside", () => {
    const data = { status: "timeout", findings: [] } as const;
    ends(
      [
        ["data.status == 'timeout'", "T"],
        ["data.sensitivity > 0", "E"],
        ["size(data.classes) == 0", "E"],
        ["'pii' in data.findings", "E"],
        ["has(data.classes)", "E"],
        ["data.status != 'ok' || data.sensitivity > 3", "T"],
      ],
      expressionFacts({ data }),
    );
  });

  it("take a missing attribute for an error, unless they ask for it, and a missing list for empty", () => {
    ends([
      ["principal.issuer == 'x'", "E"],
      ["has(principal.issuer)", "F"],
      ["has(principal.issuer) && principal.issuer == 'x'", "F"],
      ["size(principal.roles) == 0", "T"],
      ["principal.actor.id == 'x'", "E"],
      ["has(principal.actor)", "F"],
      ["has(principal.actor.id)", "F"],
      ["principal.claims.missing == 1", "E"],
      ["has(principal.claims.missing)", "F"],
      ["has(principal.claims.home.city) && principal.claims.home.city == 'Ulm'", "T"],
      ["has(principal.claims.nowhere.city)", "E"],
      ["has(principal.claims.constructor)", "F"],
      ["model.retention == 'none'", "E"],
      ["tool.name == 'a/b'", "E"],
      ["has(tool.name)", "F"],
      ["has(tool.args.amount)", "F"],
    ]);
    const bare = expressionFacts({ principal: undefined, request: {} }, { model: undefined });
    ends(
      [
        ["has(principal.id)", "F"],
        ["'x' in principal.groups", "E"],
        ["request.inputTokens > 0", "E"],
        ["size(request.toolNames) == 0", "T"],
        ["has(request.params.n)", "F"],
        ["!('eu' in model.regions)", "E"],
      ],
      bare,
    );
  });

  it("absorb errors from both sides of && and ||", () => {
    const broken = "principal.issuer == 'x'";
    ends([
      [`false && ${broken}`, "F"],
      [`${broken} && false`, "F"],
      [`true && ${broken}`, "E"],
      [`true || ${broken}`, "T"],
      [`${broken} || true`, "T"],
      [`${broken} || false`, "E"],
      [`!(${broken})`, "E"],
      [`${broken} ? true : true`, "E"],
      [`true ? true : ${broken}`, "T"],
      [`[1, 2].exists(x, x == 2 || ${broken})`, "T"],
      [`[1, 2].all(x, x == 1 && ${broken})`, "F"],
      [`[1, 2].exists_one(x, x == 2 || ${broken})`, "E"],
    ]);
  });

  it("take dynamic values for what they turn out to be", () => {
    ends([
      ["principal.claims.level == 3 && principal.claims.level + 1 > 3", "T"],
      ["principal.claims.score * 2.0 == 1.0", "T"],
      ["principal.claims.level * 2.0 == 6.0", "E"],
      ["principal.claims.level < 3.5", "T"],
      ["principal.claims.department == 3", "F"],
      ["principal.claims.department && true", "E"],
      ["principal.claims.department", "E"],
      ["'a' in principal.claims.tags && principal.claims.tags[1] == 1", "T"],
      ["principal.claims.tags[2] == 1", "E"],
      ["principal.claims.tags.map(t, t) == ['a', 1]", "T"],
      ["principal.claims.level.exists(t, true)", "E"],
      ["principal.claims.home == {'city': 'Ulm'}", "T"],
      ["principal.claims.exists(k, k == 'score')", "T"],
    ]);
  });

  it("are exact in 64 bits and fail beyond", () => {
    ends([
      ["9007199254740993 == 9007199254740992 + 1", "T"],
      ["9223372036854775807 + 1 > 0", "E"],
      ["-9223372036854775808 - 1 < 0", "E"],
      ["request.inputTokens / 0 > 1", "E"],
      ["request.inputTokens % 0 > 1", "E"],
      ["-7 / 2 == -3 && -7 % 2 == -1", "T"],
      ["1.0 / 0.0 > 1000.0", "T"],
      ["int(2.9) == 2 && double(request.inputTokens) == 800.0", "T"],
    ]);
  });

  it("take no text for infinity or no number, which no limit would catch", () => {
    for (const amount of ["NaN", "Infinity", "1e999", "0x10", ""]) {
      const facts = expressionFacts({ tool: { name: "a/b", args: { amount } } });
      ends([["!(double(tool.args.amount) > 50.0)", "E"]], facts);
    }
  });

  it("know clocks and calendars in UTC, in offsets and in named zones", () => {
    const facts = expressionFacts({ time: "2026-03-29T01:30:00Z" });
    ends(
      [
        ["request.time.getHours() == 1 && request.time.getMinutes() == 30", "T"],
        ["request.time.getHours('+05:30') == 7 && request.time.getHours('-02:00') == 23", "T"],
        ["request.time.getHours('Europe/Berlin') == 3", "T"],
        ["request.time.getDate('America/New_York') == 28", "T"],
        ["request.time.getDayOfWeek() == 0 && request.time.getDayOfYear() == 87", "T"],
        ["request.time.getFullYear() == 2026 && request.time.getMonth() == 2", "T"],
        ["request.time - duration('1h30m') == timestamp('2026-03-29T00:00:00Z')", "T"],
        ["(request.time - timestamp('2026-03-28T01:30:00Z')).getHours() == 24", "T"],
        ["timestamp('9999-12-31T23:59:59Z') + duration('1s') > request.time", "E"],
        [
          "string(request.time) == '2026-03-29T01:30:00Z' && string(duration('90m')) == '5400s'",
          "T",
        ],
      ],
      facts,
    );
  });

  it("order texts by code point", () => {
    ends([
      ["'\\U0001F600' > '\\uFFFD'", "T"],
      ["'a' < 'b' && 'a' < 'aa'", "T"],
      ["size('\\U0001F600') == 1", "T"],
    ]);
  });

  it("match patterns anywhere in a text", () => {
    ends([
      ["model.id.matches('gpt')", "T"],
      ["matches(model.id, '^gpt')", "F"],
      ["principal.claims.level.matches('3')", "E"],
    ]);
  });

  it("never throw, whatever the facts are", () => {
    const wrong = { input: null } as unknown as ExpressionFacts;
    assert.equal(compiled("request.inputTokens > 1").test(wrong), "E");
    assert.equal(compiled("double(usage.inputTokens)", "cost").amount(wrong), undefined);
  });
});

describe("what an expression reads", () => {
  const claims: readonly (readonly [string, readonly string[] | undefined])[] = [
    ["request.inputTokens < 1", []],
    ["has(principal.claims.x) && principal.claims['y z'] == 1", ["x", "y z"]],
    ["'tier' in principal.claims && principal.claims.tier.name == 'gold'", ["tier"]],
    ["principal.claims[principal.id] == 1", undefined],
    ["principal.claims.x == 1 && size(principal.claims) > 2", undefined],
    ["principal.claims.exists(name, name == 'x')", undefined],
    ["principal.id in principal.claims", undefined],
  ];
  for (const [source, names] of claims) {
    const told = names === undefined ? "any" : names.join(", ") || "none";
    it(`of \`${source}\` is of claims ${told}`, () => {
      const read = compiled(source).claims;
      assert.deepEqual(read && [...read].sort(), names);
    });
  }

  const rows: readonly (readonly [string, readonly string[]])[] = [
    ["request.inputTokens < 1", ["request"]],
    [
      "model.id == tenant.id || has(principal.claims.x)",
      ["claims", "model", "principal", "tenant"],
    ],
    [
      "route.host == 'a' && response.finishReason == 'b'",
      ["response", "response.finishReason", "route", "route.host"],
    ],
    ["data.status == 'ok'", ["data"]],
    ["response.data.sensitivity > 1", ["data", "response"]],
    ["tool.name == 'a/b'", ["tool"]],
    ["has(tool.args.x)", ["args", "tool"]],
    ["['a'].exists(model, model == action)", ["action"]],
  ];
  for (const [source, reads] of rows) {
    it(`of \`${source}\` is ${reads.join(", ")}`, () => {
      assert.deepEqual([...compiled(source).reads].sort(), reads);
    });
  }
});

describe("costs", () => {
  const usage = { inputTokens: 1000, outputTokens: 50 };
  const amountOf = (source: string, price?: { input: number; output: number }) => {
    const { model } = expressionFacts();
    assert.ok(model);
    return compiled(source, "cost").amount(
      expressionFacts({}, { usage, model: { ...model, price } }),
    );
  };
  const priced =
    "double(usage.inputTokens) * model.price.input + double(usage.outputTokens) * model.price.output";

  it("are numbers over the usage and the price", () => {
    assert.equal(amountOf(priced, { input: 0.5, output: 2 }), 600);
    assert.equal(amountOf("usage.inputTokens + usage.outputTokens"), 1050);
    assert.equal(amountOf("0"), 0);
  });

  it("cannot be told without a price, below zero, or as infinity", () => {
    assert.equal(amountOf(priced), undefined);
    assert.equal(amountOf("usage.outputTokens - usage.inputTokens"), undefined);
    assert.equal(amountOf("1.0 / 0.0"), undefined);
    assert.equal(amountOf("0.0 / 0.0"), undefined);
  });
});

describe("bounds of evaluating", () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `t${index}`);

  it("a list has 256 items, whether it is the facts' or the caller's", () => {
    for (const [count, truth] of [
      [256, "T"],
      [257, "E"],
    ] as const) {
      const facts = expressionFacts({
        request: { toolNames: many(count), params: { list: many(count), nested: [many(count)] } },
      });
      ends(
        [
          ["'t0' in request.toolNames", truth],
          ["request.toolNames.exists(t, t == 't0')", truth],
          ["request.params.list[0] == 't0'", truth],
          ["size(request.params.nested[0]) > 0", truth],
          ["has(request.params.list)", "T"],
        ],
        facts,
      );
    }
  });

  it("a list that is built has 256 items, and a map that is gone through 256 keys", () => {
    const params = Object.fromEntries(many(257).map((key) => [key, 1]));
    const facts = expressionFacts({ request: { toolNames: many(128), params } });
    ends(
      [
        ["size(request.toolNames + request.toolNames) == 256", "T"],
        ["size(request.toolNames + request.toolNames + ['a']) == 257", "E"],
        ["request.params.exists(k, k == 't0')", "E"],
        ["request.params.t256 == 1", "T"],
      ],
      facts,
    );
  });

  it("a text that is built has 65,536 characters", () => {
    const facts = expressionFacts({ request: { params: { text: "a".repeat(32_768) } } });
    ends(
      [
        ["size(request.params.text + request.params.text) == 65536", "T"],
        ["size(request.params.text + request.params.text + 'a') == 65537", "E"],
      ],
      facts,
    );
  });

  it("comparing looks at 10,000 values", () => {
    const nested = Array.from({ length: 100 }, () => many(100));
    const params = { a: nested, b: nested.map((list) => [...list]), c: [["x"]] };
    ends(
      [
        ["request.params.a == request.params.b", "E"],
        ["request.params.a[0] == request.params.b[0]", "T"],
        ["request.params.a == request.params.c", "F"],
      ],
      expressionFacts({ request: { params } }),
    );
  });

  it("matching takes 8,000,000 steps", () => {
    const facts = (length: number) =>
      expressionFacts({ request: { params: { text: "x".repeat(length) } } });
    // The pattern has about 1,000 instructions.
    const source = "request.params.text.matches('x{1000}')";
    ends([[source, "T"]], facts(5000));
    ends([[source, "E"]], facts(9000));
  });
});
