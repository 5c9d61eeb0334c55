/**
 * The condition language: the CEL profile of policy-model 3.1. Texts are parsed by a CEL parser,
 * checked here against the tables of what may be read, and turned into functions once, so that a
 * decision only calls them. Nothing here reads a clock or keeps state that a result depends on.
 *
 * Start with `createExpressionEngine`; `attributes.ts` has everything an expression can read.
 */
export { createExpressionEngine } from "./engine.ts";
export type {
  CompiledExpression,
  Expression,
  ExpressionEngine,
  ExpressionFacts,
  ExpressionModel,
  ExpressionProblem,
  ExpressionUse,
  ReadVariable,
  Truth,
} from "./expression.ts";
