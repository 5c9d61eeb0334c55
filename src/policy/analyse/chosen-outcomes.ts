import {
  type CompiledExpression,
  createExpressionEngine,
  type ExpressionEngine,
  type ExpressionUse,
  type Truth,
} from "../expression/index.ts";

/**
 * An engine whose conditions end as somebody chooses, whatever the facts: so every condition is a
 * free three-valued variable of a search (policy-model 11). Costs are computed as they are. Owned by
 * one search, which alone changes the choice.
 */
export class ChosenOutcomes implements ExpressionEngine {
  readonly #engine = createExpressionEngine();
  #chosen: ReadonlyMap<string, Truth> = new Map();
  #others: Truth = "T";

  /** From now on these texts end so, and all others as `others` says. */
  choose(chosen: ReadonlyMap<string, Truth>, others: Truth): void {
    this.#chosen = chosen;
    this.#others = others;
  }

  compile(source: string, use: ExpressionUse): CompiledExpression {
    const compiled = this.#engine.compile(source, use);
    const { expression } = compiled;
    if (expression === undefined) return compiled;
    return {
      ...compiled,
      expression: {
        source,
        reads: expression.reads,
        claims: expression.claims,
        test: () => this.#chosen.get(source) ?? this.#others,
        amount: (facts) => expression.amount(facts),
      },
    };
  }
}
