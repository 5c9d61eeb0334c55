import type { Problem } from "../../base/index.ts";
import { writtenRules } from "../compile/compile-rules.ts";
import { expandShorthand } from "../compile/shorthand.ts";
import type { NamespaceView, PolicyDocument } from "../documents/document.ts";
import { placeProblem } from "../documents/place-problem.ts";
import type { Container } from "../documents/placed-tree.ts";
import {
  createExpressionEngine,
  type ExpressionProblem,
  type ExpressionUse,
} from "../expression/index.ts";

/** Finds conditions and costs that are no expressions, E04, or read too boldly, W19 (policy-model 11). */
export function findExpressionProblems({ own }: NamespaceView): readonly Problem[] {
  const engine = createExpressionEngine();
  return own.flatMap((document) =>
    writtenIn(document).flatMap(({ container, key, source, uses }) => {
      const found = uses.map((use) => engine.compile(source, use).problems);
      // A shorthand makes rules of several effects, which all say the same of most of the text.
      const problems = found.find(hasError) ?? found[0] ?? [];
      return problems.map((problem) => located(document, { container, key }, problem));
    }),
  );
}

function hasError(problems: readonly ExpressionProblem[]): boolean {
  return problems.some(({ code }) => code === "E04");
}

interface WrittenExpression {
  readonly container: Container;
  readonly key: string;
  readonly source: string;
  /** What it stands for; each has to accept it. */
  readonly uses: readonly ExpressionUse[];
}

function writtenIn(document: PolicyDocument): readonly WrittenExpression[] {
  switch (document.kind) {
    case "Policy":
      return writtenRules(document).flatMap((written) => {
        const effects = expandShorthand(written).map(({ spec }) => spec.effect);
        return conditionsOf(written.spec, usesOf(effects));
      });
    case "Grant":
      return permitsOf(document.spec);
    case "Incident":
      return [
        ...(document.spec.restrict ?? []).flatMap((rule) =>
          conditionsOf(rule, usesOf([rule.effect])),
        ),
        ...(document.spec.relax ?? []).flatMap(permitsOf),
      ];
    case "Quota": {
      const { spec } = document;
      if (spec.cost === undefined) return [];
      return [{ container: spec, key: "cost", source: spec.cost, uses: ["cost"] }];
    }
    default:
      return [];
  }
}

interface Conditional {
  readonly conditions?: readonly (Container & { readonly expression: string })[];
}

function permitsOf(spec: {
  readonly permits?: readonly Conditional[];
}): readonly WrittenExpression[] {
  return (spec.permits ?? []).flatMap((permit) => conditionsOf(permit, ["allowRule"]));
}

function conditionsOf(
  { conditions = [] }: Conditional,
  uses: readonly ExpressionUse[],
): readonly WrittenExpression[] {
  return conditions.map((condition) => ({
    container: condition,
    key: "expression",
    source: condition.expression,
    uses,
  }));
}

function usesOf(effects: readonly string[]): readonly ExpressionUse[] {
  const uses = effects.map((effect) => (effect === "allow" ? "allowRule" : "restrictiveRule"));
  return [...new Set(uses)];
}

function located(
  document: PolicyDocument,
  { container, key }: { readonly container: Container; readonly key: string },
  { code, message, hint, offset = 0 }: ExpressionProblem,
): Problem {
  const problem = placeProblem(document, { value: key, of: container }, { code, message, hint });
  return {
    ...problem,
    ...document.tree.textPlace(container, key, offset),
    severity: code === "E04" ? "error" : "warning",
  };
}
