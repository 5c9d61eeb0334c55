import type { DecisionInput, FindingGroup } from "../../domain/index.ts";

/** How a condition's test ended (policy-model 5.4). */
export type Truth = "T" | "F" | "E";

/**
 * What a condition or a cost reads, as far as it matters when it can be told and how often it has to
 * be: `response` is unknown before the answer, `usage` before the settlement; what does not read
 * `model` is evaluated once per request; `data` beyond its status fails where classification is not
 * complete.
 */
export type ReadVariable =
  | "principal"
  | "tenant"
  | "app"
  | "route"
  | "action"
  | "request"
  | "data"
  | "model"
  | "tool"
  /** Of the tool; there are none while tools are listed. */
  | "args"
  | "response"
  | "usage"
  /** Attributes that no record holds, arguments and claims apart (audit-and-operations 2.4). */
  | "hidden"
  /** Claims, which records tell of some (audit-and-operations 16 `recordClaims`). */
  | "claims"
  /** Groups, roles and issuer, which no record tells of where one of them names a person. */
  | "names"
  | RecordedWhereRead;

/** Attributes that a record holds where a condition on the path reads them (audit-and-operations 2.4). */
export const recordedWhereRead = [
  "route.host",
  "response.finishReason",
  "response.outputTokens",
  "tool.approved",
] as const;
export type RecordedWhereRead = (typeof recordedWhereRead)[number];

/** Where an expression stands, which says what it may read (policy-model 3.1, 8 and 11, E04). */
export type ExpressionUse = "allowRule" | "restrictiveRule" | "cost";

/** The facts of one evaluation. What an expression does not read is not looked at. */
export interface ExpressionFacts {
  readonly input: DecisionInput;
  /** As the policies declare them; undefined where they say nothing. */
  readonly tenant: { readonly tier?: string; readonly region?: string; readonly labels: Labels };
  readonly app: { readonly env?: string; readonly owner?: string; readonly labels: Labels };
  /** The candidate being evaluated; undefined for actions without a model. */
  readonly model: ExpressionModel | undefined;
  /** Risk of `input.tool` by the catalogs; `unknown` where none lists it. */
  readonly toolRisk: string | undefined;
  /** Sensitivity of a class found. */
  readonly sensitivityOf: (dataClass: string) => number;
  /** What is left for the model, for `data` in allow rules. */
  readonly residual?: readonly FindingGroup[];
  /** Of a cost: what the provider counted, or the estimate at admission. */
  readonly usage?: { readonly inputTokens: number; readonly outputTokens: number };
}

type Labels = Readonly<Record<string, string>>;

/** A model as conditions see it (policy-model 3.1). */
export interface ExpressionModel {
  readonly id: string;
  readonly provider: string;
  readonly family: string | undefined;
  readonly regions: readonly string[];
  readonly deployment: string;
  readonly tags: readonly string[];
  readonly retention: string | undefined;
  readonly status: string;
  readonly price: { readonly input?: number; readonly output?: number } | undefined;
}

/** One compiled expression: pure, and without state that a result could depend on. */
export interface Expression {
  readonly source: string;
  readonly reads: ReadonlySet<ReadVariable>;
  /** The claims it reads; undefined where it may read any of them. */
  readonly claims: ReadonlySet<string> | undefined;
  /** Conditions: anything but a boolean is E. Never throws. */
  test(facts: ExpressionFacts): Truth;
  /** Costs: undefined for an error, a negative number or no number. Never throws. */
  amount(facts: ExpressionFacts): number | undefined;
}

/** Why a text is no expression of the profile; `offset` is the UTF-16 place in it, where known. */
export interface ExpressionProblem {
  /** E04, or W19 for what is read without `has()`. */
  readonly code: "E04" | "W19";
  readonly message: string;
  readonly hint: string;
  readonly offset?: number;
}

/** What compiling one text gives; `expression` is absent where a problem is an error. */
export interface CompiledExpression {
  readonly expression?: Expression;
  readonly problems: readonly ExpressionProblem[];
}

/** Compiles expressions of the profile of policy-model 3.1, type-checked and within its limits. */
export interface ExpressionEngine {
  compile(source: string, use: ExpressionUse): CompiledExpression;
}
