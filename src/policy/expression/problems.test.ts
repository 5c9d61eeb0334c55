import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createExpressionEngine, type ExpressionUse } from "./index.ts";

const engine = createExpressionEngine();

/** Code, offset and message of each problem. */
function problemsOf(source: string, use: ExpressionUse = "restrictiveRule") {
  return engine
    .compile(source, use)
    .problems.map(({ code, offset, message }) => `${code} ${offset ?? "-"} ${message}`);
}

function hintOf(source: string, use: ExpressionUse = "restrictiveRule") {
  return engine.compile(source, use).problems[0]?.hint;
}

describe("what is not an expression of the profile", () => {
  const rows: readonly (readonly [claim: string, source: string, problem: string])[] = [
    ["no CEL", "request.inputTokens <", "E04 20 not valid CEL: found < but expecting end of input"],
    ["an unknown variable", "requst.stream", "E04 0 there is no variable `requst`"],
    ["an unknown attribute", "request.tokens > 1", "E04 7 `request` has no attribute `tokens`"],
    [
      "an attribute of a text",
      "action.name == 'x'",
      "E04 6 `.name` is asked of string, which has no attributes",
    ],
    [
      "arithmetic over types",
      "request.inputTokens + 1.5 > 2.0",
      "E04 20 `+` does not take int and double",
    ],
    [
      "equality over types",
      "request.inputTokens == '8'",
      "E04 20 `==` does not take int and string",
    ],
    [
      "equality of an int and a double",
      "request.inputTokens == 1.0",
      "E04 20 `==` does not take int and double",
    ],
    [
      "membership over types",
      "1 in model.regions",
      "E04 1 `in` does not take int and list of string",
    ],
    ["logic over numbers", "request.inputTokens && true", "E04 0 `&&` does not take int and bool"],
    [
      "a choice over types",
      "(request.stream ? 1 : 'a') == 1",
      "E04 1 `?:` does not take int and string",
    ],
    ["no boolean", "request.inputTokens", "E04 0 a condition gives bool, found int"],
    ["an unknown function", "model.id.startWith('a')", "E04 8 there is no function `startWith`"],
    ["a method as a function", "startsWith(model.id, 'a')", "E04 0 `startsWith` is a method"],
    ["has() of no attribute", "has(model)", "E04 0 `has` is not written as it has to be"],
    [
      "an unsigned number",
      "request.inputTokens > 1u",
      "E04 22 an unsigned number is not part of the expression profile",
    ],
    ["bytes", "b'a' == action", "E04 0 a text of bytes is not part of the expression profile"],
    ["a message", "Foo{a: 1} == action", "E04 0 `Foo{…}` is not part of the expression profile"],
    [
      "a number beyond 64 bits",
      "request.inputTokens < 9223372036854775808",
      "E04 22 the number does not fit 64 bits",
    ],
    [
      "a time that is none",
      "request.time < timestamp('2026-02-30T00:00:00Z')",
      "E04 15 `timestamp()` cannot take this text or number",
    ],
    [
      "a time zone that is none",
      "request.time.getHours('Mars/Base') < 8",
      "E04 12 `Mars/Base` is no time zone",
    ],
    [
      "a time zone that is not written out",
      "request.time.getHours(tenant.region) < 8",
      "E04 12 the time zone of `getHours()` is not written out",
    ],
    [
      "a pattern that is not written out",
      "model.id.matches(tenant.id)",
      "E04 8 the pattern of `matches()` is not written out",
    ],
    [
      "a pattern with look-ahead",
      "model.id.matches('(?=a)')",
      "E04 8 not a pattern of RE2: invalid or unsupported Perl syntax: `(?=`",
    ],
    [
      "a macro in a macro",
      "[1].exists(a, [2].exists(b, b > a))",
      "E04 17 a macro stands inside another",
    ],
    [
      "a macro over a number",
      "request.inputTokens.exists(a, true)",
      "E04 19 `exists` goes through int",
    ],
    [
      "a macro whose test is no test",
      "[1].exists(a, a)",
      "E04 3 the test of `exists` gives int, not bool",
    ],
    [
      "usage in a condition",
      "usage.inputTokens > 1",
      "E04 0 `usage` is known when an exchange is settled, not to a condition",
    ],
    [
      "what is left in a rule that restricts",
      "size(data.residual) > 0",
      "E04 9 `data.residual` is about what a permit leaves, so only allow rules read it",
    ],
  ];
  for (const [claim, source, problem] of rows) {
    it(`${claim} is refused where it stands`, () => {
      assert.deepEqual(problemsOf(source), [problem]);
      assert.equal(engine.compile(source, "restrictiveRule").expression, undefined);
    });
  }

  it("everything wrong is said at once", () => {
    assert.equal(problemsOf("requst.stream && model.idd == 'x' && foo()").length, 3);
  });

  it("the name that was probably meant is offered", () => {
    assert.equal(hintOf("requst.stream"), "Did you mean `request`?");
    assert.equal(hintOf("request.inputTokns > 1"), "Did you mean `inputTokens`?");
    assert.equal(hintOf("model.id.startWith('a')"), "Did you mean `startsWith`?");
  });

  it("an allow rule cannot read what follows its action", () => {
    const source = "response.outputTokens > 1";
    assert.deepEqual(problemsOf(source), []);
    assert.deepEqual(problemsOf(source, "allowRule"), [
      "E04 0 `response` is known only after the action that an allow rule permits",
    ]);
  });

  it("a cost is a number that does not wait for the answer", () => {
    assert.deepEqual(problemsOf("usage.inputTokens > 1", "cost"), [
      "E04 0 a cost gives int or double, found bool",
    ]);
    assert.deepEqual(problemsOf("response.outputTokens", "cost"), [
      "E04 0 `response` is not known when a budget is reserved",
    ]);
    assert.equal(problemsOf("size(data.residual)", "cost").length, 1);
  });
});

describe("limits", () => {
  const accepts = (source: string) => assert.deepEqual(problemsOf(source), []);
  const refuses = (source: string, message: string) => {
    const [problem, ...others] = problemsOf(source);
    assert.ok(problem?.includes(message), problem);
    assert.deepEqual(others, []);
  };

  it("an expression has 2 KiB, counted in UTF-8", () => {
    const ofBytes = (bytes: number) => `'${"é".repeat((bytes - 8) / 2)}' != ''`;
    assert.equal(Buffer.byteLength(ofBytes(2048)), 2048);
    accepts(ofBytes(2048));
    refuses(`${ofBytes(2048)} `, "the expression has 2049 bytes, more than 2048");
  });

  it("an expression has 200 parts", () => {
    // Each comparison has three parts, each `&&` one.
    const ofParts = (count: number) => Array.from({ length: count / 4 }, () => "1 < 2").join("&&");
    accepts(`${ofParts(196)} && true`);
    accepts(`${ofParts(196)} && !true && true`.replace("&& true", ""));
    accepts(`!(${ofParts(200)})`);
    refuses(`!(${ofParts(200)} && true)`, "more than 200 parts");
  });

  it("brackets stand 64 deep, those in texts aside", () => {
    const nested = (depth: number) => `${"(".repeat(depth)}true${")".repeat(depth)}`;
    accepts(nested(64));
    refuses(nested(65), "more than 64 deep");
    accepts(`'${"(".repeat(65)}' != ""`);
    accepts(`r'\\' != "${"[".repeat(65)}"`);
  });

  it("a pattern has 512 characters", () => {
    accepts(`model.id.matches('${"a".repeat(512)}')`);
    refuses(`model.id.matches('${"a".repeat(513)}')`, "the pattern has 513 characters");
  });

  it("a pattern compiles to 4096 instructions", () => {
    accepts("model.id.matches('x{1000}')");
    refuses(`model.id.matches('${"(xy?){1000}".repeat(4)}')`, "steps a character");
  });
});

describe("reads without a test", () => {
  const warned: readonly (readonly [source: string, path: string, offset: number])[] = [
    ["principal.claims.vip == true", "principal.claims.vip", 16],
    ["principal.claims['vip'] == true", "principal.claims.vip", 16],
    ["tenant.labels.team == 'a'", "tenant.labels.team", 13],
    ["app.labels.team == 'a'", "app.labels.team", 10],
    ["request.params.n > 1", "request.params.n", 14],
    ["tool.args.amount > 1", "tool.args.amount", 9],
    ["principal.actor.id == 'a'", "principal.actor", 15],
    ["has(principal.claims.a) && principal.claims.b == 1", "principal.claims.b", 43],
    ["principal.claims[action] == 1", "principal.claims.*", 16],
  ];
  for (const [source, path, offset] of warned) {
    it(`\`${source}\` is warned of`, () => {
      const { expression, problems } = engine.compile(source, "restrictiveRule");
      assert.ok(expression);
      assert.deepEqual(
        problems.map(({ code, message, offset: at }) => [code, message, at]),
        [["W19", `\`${path}\` is read without \`has()\``, offset]],
      );
    });
  }

  for (const source of [
    "has(principal.claims.vip) && principal.claims.vip == true",
    "'vip' in principal.claims && principal.claims['vip'] == true",
    "!has(tenant.labels.team) || tenant.labels.team == 'a'",
    "has(principal.actor) && principal.actor.id == 'a'",
    "has(principal.actor.id) && principal.actor.id == 'a'",
    "has(tool.args.customer.id) && tool.args.customer.id == 1",
    "action in principal.claims && principal.claims[action] == 1",
    "tenant.labels.exists(k, tenant.labels[k] == 'a')",
    "size(principal.claims) > 0",
    "has(principal.issuer)",
    "model.retention == 'none'",
  ]) {
    it(`\`${source}\` is not`, () => {
      assert.deepEqual(problemsOf(source), []);
    });
  }
});
