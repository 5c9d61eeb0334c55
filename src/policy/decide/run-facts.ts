import type { DecisionInput, FindingGroup } from "../../domain/index.ts";
import type { Model } from "../compile/model-catalog.ts";
import type { Expression, ExpressionFacts, Truth } from "../expression/expression.ts";
import type { NamedTool } from "../match/match-tool.ts";
import type { PreparedCondition } from "../snapshot/conditions.ts";
import type { RuleInPlay } from "../snapshot/rules-in-play.ts";
import type { AppScope } from "../snapshot/snapshot.ts";
import { HiddenNotes, type HiddenParts } from "./hidden-parts.ts";

/** What has been told for one input, shared by its runs. Made by `newMemo`, owned by the caller. */
export interface RunMemo {
  conditions: Map<Expression, Truth> | undefined;
  /** Made when the first of them is asked for. */
  hidden: HiddenParts | undefined;
}

/** A memo for the runs of one input against one snapshot; `hidden`: what is known of hidden parts. */
export function newMemo(hidden?: HiddenParts): RunMemo {
  return { conditions: undefined, hidden };
}

/** What tests the parts of rules that read what no record holds. */
export function hiddenPartsOf(facts: RunFacts): HiddenParts {
  facts.memo ??= newMemo();
  facts.memo.hidden ??= new HiddenNotes();
  return facts.memo.hidden;
}

/** How a condition that reads what no record holds ends; not kept, since there may be nothing to read. */
export function testHiddenCondition(
  key: string,
  { expression }: PreparedCondition,
  facts: RunFacts,
): Truth {
  const test = () => expression.test(expressionFactsOf(facts));
  return isOnRecord(expression, facts) ? test() : hiddenPartsOf(facts).condition(key, test);
}

/** Whether all that a condition reads which most records do not hold is on this caller's. */
function isOnRecord({ claims, reads }: Expression, { input: { principal } }: RunFacts): boolean {
  const told = principal?.onRecord;
  if (told === undefined || claims === undefined) return false;
  if (reads.has("hidden") || reads.has("args")) return false;
  if (told.hidesNames && reads.has("names")) return false;
  for (const name of claims) if (!told.claims.has(name)) return false;
  return true;
}

/** What the tests of one run read. Owned by the run; whatever is seldom read is made when it is. */
export interface RunFacts {
  readonly scope: AppScope;
  readonly input: DecisionInput;
  readonly model: Model | undefined;
  /** `input.time`; NaN where it is none. Not read where nothing on the path has a window. */
  readonly timeMs: number;
  memo: RunMemo | undefined;
  tool: NamedTool | undefined;
  expressionFacts: ExpressionFacts | undefined;
}

export function createRunFacts(
  scope: AppScope,
  input: DecisionInput,
  { model, memo }: { readonly model: Model | undefined; readonly memo: RunMemo | undefined },
): RunFacts {
  return {
    scope,
    input,
    model,
    timeMs: scope.hasWindows ? Date.parse(input.time) : 0,
    memo,
    tool: undefined,
    expressionFacts: undefined,
  };
}

/** The tool asked about with its risk; undefined where there is none. */
export function toolOf(facts: RunFacts): NamedTool | undefined {
  const name = facts.input.tool?.name;
  if (name === undefined) return undefined;
  facts.tool ??= { name, risk: facts.scope.tools.riskOf(name) };
  return facts.tool;
}

/**
 * How a condition's test ends. One that does not read `model` is evaluated once per request, however
 * many candidates there are (policy-model 5).
 */
export function testCondition({ expression }: PreparedCondition, facts: RunFacts): Truth {
  if (expression.reads.has("model")) return expression.test(expressionFactsOf(facts));
  facts.memo ??= newMemo();
  facts.memo.conditions ??= new Map();
  const known = facts.memo.conditions.get(expression);
  if (known !== undefined) return known;
  const truth = expression.test(expressionFactsOf(facts));
  facts.memo.conditions.set(expression, truth);
  return truth;
}

/** How a condition of an allow rule that reads `data` ends, where `residual` is left for the model. */
export function testLateCondition(
  condition: PreparedCondition,
  facts: RunFacts,
  { hidden, residual }: LateParts,
): Truth {
  const { expression } = condition;
  const test = () => expression.test({ ...expressionFactsOf(facts), residual });
  const key = hidden?.late.get(condition);
  if (key === undefined || isOnRecord(expression, facts)) return test();
  return hiddenPartsOf(facts).condition(key, test);
}

/** What a late condition is tested with. */
interface LateParts {
  readonly residual: readonly FindingGroup[];
  /** Of the rule it belongs to. */
  readonly hidden: RuleInPlay["hidden"];
}

/**
 * Whether a condition that could not be told asks for what nobody can know yet: tools are listed
 * before they are called, so there are no arguments.
 */
export function waitsForCall({ expression }: PreparedCondition, { input }: RunFacts): boolean {
  return (
    input.action === "tool.list" && input.tool?.args === undefined && expression.reads.has("tool")
  );
}

function expressionFactsOf(facts: RunFacts): ExpressionFacts {
  const { scope, input, model } = facts;
  facts.expressionFacts ??= {
    input,
    tenant: scope.tenant,
    app: scope.app,
    model,
    toolRisk: toolOf(facts)?.risk,
    sensitivityOf: scope.sensitivityOf,
  };
  return facts.expressionFacts;
}
