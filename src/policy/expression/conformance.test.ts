import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, it } from "node:test";
import { expressionFacts } from "../../../test/support/expression-facts.ts";
import { createExpressionEngine } from "./index.ts";

/** One vector of the conformance suite of cel-spec, as far as it is read here. */
interface Vector {
  readonly name: string;
  readonly original: {
    readonly expr: string;
    readonly container: string;
    readonly disableMacros: boolean;
    readonly typeEnv: readonly unknown[];
    readonly bindings: Readonly<Record<string, unknown>>;
    readonly resultMatcher: {
      readonly case?: string;
      readonly value?: { readonly kind?: { readonly case: string; readonly value: unknown } };
    };
  };
}
interface Suite {
  readonly suites: readonly Suite[];
  readonly tests: readonly Vector[];
}

// The vectors come with the parser, which is who depends on them.
const { getConformanceSuite } = createRequire(import.meta.resolve("@bufbuild/cel"))(
  "@bufbuild/cel-spec/testdata/tests.js",
) as { getConformanceSuite(): Suite };

const engine = createExpressionEngine();

/** What a vector says, as a condition: that its expression has the value it should have. */
function conditionOf({ expr, resultMatcher }: Vector["original"]) {
  const { case: matcher, value } = resultMatcher;
  if (matcher === undefined) return { source: expr, truth: "T" };
  if (matcher === "evalError" || matcher === "anyEvalErrors") return { source: expr, truth: "E" };
  const wanted = matcher === "value" ? literalOf(value?.kind) : undefined;
  return wanted === undefined ? undefined : { source: `(${expr}) == ${wanted}`, truth: "T" };
}

function literalOf(kind: { case: string; value: unknown } | undefined): string | undefined {
  switch (kind?.case) {
    case "boolValue":
    case "int64Value":
      return `${kind.value}`;
    case "doubleValue":
      return Number.isFinite(kind.value) ? `double('${kind.value}')` : undefined;
    case "stringValue":
      return JSON.stringify(kind.value);
    default:
      return undefined;
  }
}

function vectorsOf(suite: Suite): readonly Vector[] {
  return [...suite.tests, ...suite.suites.flatMap(vectorsOf)];
}

function isOnItsOwn({ original }: Vector): boolean {
  const { typeEnv, bindings, container, disableMacros } = original;
  return (
    typeEnv.length === 0 && Object.keys(bindings).length === 0 && container === "" && !disableMacros
  );
}

describe("the conformance vectors of CEL", () => {
  it("have the results they should have, where they are of the profile", () => {
    let told = 0;
    for (const { name, original } of vectorsOf(getConformanceSuite()).filter(isOnItsOwn)) {
      const condition = conditionOf(original);
      if (condition === undefined) continue;
      const { expression } = engine.compile(condition.source, "restrictiveRule");
      // What is refused is never evaluated: it fails when it is loaded instead.
      if (expression === undefined) continue;
      told += 1;
      assert.equal(
        expression.test(expressionFacts()),
        condition.truth,
        `${name}: ${original.expr}`,
      );
    }
    assert.ok(told > 500, `${told} vectors are of the profile`);
  });
});
