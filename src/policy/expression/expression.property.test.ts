import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type CelInput, celEnv, isCelError, parse, plan } from "@bufbuild/cel";
import fc from "fast-check";
import { expressionFacts } from "../../../test/support/expression-facts.ts";
import { createExpressionEngine, type Truth } from "./index.ts";

const engine = createExpressionEngine();
const facts = expressionFacts();

/** The same facts as the library takes them; what the facts lack is missing here too. */
const bindings = {
  principal: {
    id: "user:ann@acme.example",
    groups: ["support", "staff"],
    claims: {
      department: "sales",
      level: 3n,
      score: 0.5,
      tags: ["a", 1n],
      home: { city: "Ulm" },
    },
    authn: { mfa: true },
  },
  request: {
    stream: false,
    inputTokens: 800n,
    maxTokens: 256n,
    params: { temperature: 0.7, n: 1n },
    toolNames: ["crm/lookup", "mail/send"],
  },
  model: { id: "openai/gpt", regions: ["us-east-1"], price: { input: 0.1, output: 0.4 } },
  tenant: { labels: { team: "core" } },
};
const env = celEnv({
  variables: { principal: "dyn", request: "dyn", model: "dyn", tenant: "dyn" } as never,
});

function byLibrary(source: string): Truth {
  const result = plan(env, parse(source))(bindings as Record<string, CelInput> as never);
  if (isCelError(result) || typeof result !== "boolean") return "E";
  return result ? "T" : "F";
}

const infix = (left: fc.Arbitrary<string>, signs: readonly string[], right = left) =>
  fc.tuple(left, fc.constantFrom(...signs), right).map(([a, sign, b]) => `(${a} ${sign} ${b})`);

const { condition } = fc.letrec<Record<"condition" | "int" | "double" | "text" | "texts", string>>(
  (tie) => ({
    int: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom("0", "1", "7", "-3", "800", "9223372036854775807", "-9223372036854775808"),
      fc.constantFrom("request.inputTokens", "request.maxTokens", "principal.claims.level"),
      infix(tie("int"), ["+", "-", "*", "/", "%"]),
      tie("int").map((int) => `-(${int})`),
      tie("text").map((text) => `size(${text})`),
      tie("texts").map((texts) => `size(${texts})`),
      tie("double").map((double) => `int(${double})`),
    ),
    double: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom("0.0", "1.5", "-2.25", "1e18", "model.price.input", "principal.claims.score"),
      infix(tie("double"), ["+", "-", "*", "/"]),
      tie("int").map((int) => `double(${int})`),
    ),
    text: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom("''", "'a'", "'sales'", "'crm/lookup'", "'\\U0001F600'", "model.id"),
      fc.constantFrom("principal.claims.department", "principal.claims.missing"),
      fc.constantFrom("tenant.labels.team", "principal.claims.home.city", "principal.issuer"),
      infix(tie("text"), ["+"]),
      tie("int").map((int) => `string(${int})`),
    ),
    texts: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom("request.toolNames", "principal.groups", "model.regions", "['a', 'b']"),
      infix(tie("texts"), ["+"]),
      tie("text").map((text) => `[${text}]`),
    ),
    condition: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom("true", "false", "request.stream", "principal.authn.mfa"),
      fc.constantFrom("principal.authn.mtls", "principal.claims.level", "principal.claims.gone"),
      fc.constantFrom("has(principal.claims.level)", "has(principal.claims.gone)"),
      infix(tie("condition"), ["&&", "||", "==", "!="]),
      tie("condition").map((inner) => `!(${inner})`),
      infix(tie("int"), ["==", "!=", "<", "<=", ">", ">="]),
      infix(tie("double"), ["==", "!=", "<", "<=", ">", ">="]),
      infix(tie("int"), ["<", ">"], tie("double")),
      infix(tie("text"), ["==", "!=", "<", ">="]),
      infix(tie("text"), ["in"], tie("texts")),
      infix(tie("texts"), ["=="]),
      fc
        .tuple(tie("condition"), tie("condition"), tie("condition"))
        .map(([test, yes, no]) => `(${test} ? ${yes} : ${no})`),
      fc
        .tuple(tie("text"), fc.constantFrom("contains", "startsWith", "endsWith"), tie("text"))
        .map(([text, method, part]) => `${text}.${method}(${part})`),
      fc
        .tuple(tie("texts"), fc.constantFrom("exists", "all", "exists_one"), tie("text"))
        .map(([texts, macro, text]) => `${texts}.${macro}(x, x == ${text} || x > 'm')`),
      fc
        .tuple(tie("texts"), tie("text"))
        .map(([texts, text]) => `(${texts}.filter(x, x != ${text}).map(x, x + '!').size() > 1)`),
      fc
        .tuple(fc.constantFrom("principal.claims.tags", "principal.claims.home"), tie("int"))
        .map(([list, int]) => `${list}.exists(x, x == ${int})`),
      tie("int").map((int) => `(principal.claims.tags[${int}] == 'a')`),
    ),
  }),
);

describe("an expression", () => {
  it("ends as the library's own evaluator ends it", () => {
    const seen = { T: 0, F: 0, E: 0 };
    fc.assert(
      fc.property(condition, (source) => {
        const { expression, problems } = engine.compile(source, "restrictiveRule");
        // Limits, and calls over literals that can only fail.
        if (expression === undefined) {
          const errors = problems.filter(({ code }) => code === "E04");
          assert.ok(
            errors.every(({ message }) => /more than|cannot take/.test(message)),
            source,
          );
          return;
        }
        const truth = expression.test(facts);
        seen[truth] += 1;
        assert.equal(truth, byLibrary(source));
      }),
      { numRuns: 3000 },
    );
    assert.ok(Math.min(seen.T, seen.F, seen.E) > 100, JSON.stringify(seen));
  });

  it("compiles or has problems, whatever the text, and ends without throwing", () => {
    const piece = fc.constantFrom(
      ..."()[]{}.,?:!-+*/%<>=&|'\"\\ \n0189abx@#".split(""),
      ..."== && || in has( .exists(x, .map(x, request principal.claims data.findings ['pii'] r'".split(
        " ",
      ),
      ..."1.5 2u null true 9999999999999999999 b'x' // size( matches( timestamp( {'a': '''".split(
        " ",
      ),
    );
    const text = fc.oneof(
      fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join("")),
      fc.string({ unit: "binary", maxLength: 200 }),
    );
    fc.assert(
      fc.property(text, fc.constantFrom("allowRule", "restrictiveRule", "cost"), (source, use) => {
        const { expression, problems } = engine.compile(source, use);
        const hasError = problems.some(({ code }) => code === "E04");
        assert.equal(expression === undefined, hasError);
        for (const { offset = 0 } of problems) assert.ok(offset >= 0 && offset <= source.length);
        assert.ok(["T", "F", "E", undefined].includes(expression?.test(facts)));
        expression?.amount(facts);
      }),
      { numRuns: 3000 },
    );
  });

  it("is compiled or refused in no time to speak of, however it is nested", () => {
    const deep = (open: string, close: string, depth = 64) =>
      `${open.repeat(depth)}true${close.repeat(depth)}`;
    const texts = [
      ...["(", "[", "{1:", "size(", "a[", "x?(true):("].flatMap((open) => {
        const close = open.at(-1) === "[" ? "]" : open.startsWith("{") ? "}" : ")";
        return [deep(open, close), deep(open, ""), `${deep(open, close)} ?`];
      }),
      deep("!", "", 2000),
      deep("-", "", 2000),
      deep("true?true:", "", 200),
      "a.".repeat(1000),
      "1+".repeat(1000),
      `'${"\\".repeat(2000)}`,
      `"""${'""'.repeat(1000)}`,
      "true && ".repeat(250),
      "[1].map(x, ".repeat(60),
    ];
    for (const source of texts) {
      const { expression, problems } = engine.compile(source, "restrictiveRule");
      assert.ok(expression !== undefined || problems.length > 0, source);
    }
  });
});
