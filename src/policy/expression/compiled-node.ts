import type { ExpressionFacts } from "./expression.ts";
import type { Type } from "./types.ts";
import type { Value } from "./values.ts";

/**
 * Evaluates one node. `item` is the variable of the macro around it, if there is one; macros do not
 * stand inside each other, so one is enough.
 */
export type Run = (facts: ExpressionFacts, item: Value) => Value;

/** One node of an expression, checked and ready to run. */
export interface CompiledNode {
  readonly type: Type;
  readonly run: Run;
  /** Its value where it is written as such. */
  readonly literal?: Value;
  /** How it is reached from a variable, keys separated by dots; absent for what is computed. */
  readonly path?: string;
  /** A variable or an attribute of one: where it is missing, so is all below it. */
  readonly isAttribute?: true;
  /** What stands below it is read behind `has()` (W19). */
  readonly isOpen?: true;
}
