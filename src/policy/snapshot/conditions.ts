import type { Rule } from "../compile/rule.ts";
import type { Expression, ExpressionEngine, ExpressionUse } from "../expression/expression.ts";

/** One condition of a rule, with its expression compiled. */
export interface PreparedCondition {
  readonly name: string;
  /** One object for all conditions of a snapshot that say the same. */
  readonly expression: Expression;
}

/** The conditions of one rule, by when they can be told. */
export interface PreparedConditions {
  readonly early: readonly PreparedCondition[];
  /** Of allow rules: those that read what is left once the redactions are known. */
  readonly late: readonly PreparedCondition[];
  /** One of them reads what only an answer has. */
  readonly waitsForAnswer: boolean;
}

const none: PreparedConditions = Object.freeze({ early: [], late: [], waitsForAnswer: false });

/** The compiled expressions of one snapshot, each text once for each use. */
export class ConditionBook {
  readonly #engine: ExpressionEngine;
  readonly #expressions = new Map<string, Expression>();
  readonly #ofRule = new WeakMap<Rule, PreparedConditions>();
  #before: ReadonlyMap<string, Expression>;

  /** What `former` holds is not compiled again. */
  constructor(engine: ExpressionEngine, former?: ConditionBook) {
    this.#engine = engine;
    this.#before = former === undefined ? new Map() : former.#expressions;
  }

  /** Compiles what a rule asks, once; done for all rules before the snapshot serves. */
  prepare(rule: Rule): PreparedConditions {
    if (rule.conditions.length === 0) return none;
    const known = this.#ofRule.get(rule);
    if (known !== undefined) return known;
    const use = rule.effect === "allow" ? "allowRule" : "restrictiveRule";
    const all = rule.conditions.map(({ name, expression }) => ({
      name,
      expression: this.#compile(expression, use),
    }));
    const isLate = ({ expression }: PreparedCondition) =>
      rule.effect === "allow" && expression.reads.has("data");
    const prepared = {
      early: all.filter((one) => !isLate(one)),
      late: all.filter(isLate),
      waitsForAnswer: all.some(({ expression }) => expression.reads.has("response")),
    };
    this.#ofRule.set(rule, prepared);
    return prepared;
  }

  /** Lets go of the book before; from now on everything asked for is in this one. */
  close(): void {
    this.#before = new Map();
  }

  /** What a quota's `cost` comes to (policy-model 8). */
  costOf(source: string): Expression {
    return this.#compile(source, "cost");
  }

  #compile(source: string, use: ExpressionUse): Expression {
    const key = `${use} ${source}`;
    const known = this.#expressions.get(key);
    if (known !== undefined) return known;
    const compiled =
      this.#before.get(key) ?? this.#engine.compile(source, use).expression ?? untellable(source);
    this.#expressions.set(key, compiled);
    return compiled;
  }
}

/** Stands for a text that does not compile, which checks keep out: nobody can tell what it means. */
function untellable(source: string): Expression {
  return { source, reads: new Set(), claims: new Set(), test: () => "E", amount: () => undefined };
}
