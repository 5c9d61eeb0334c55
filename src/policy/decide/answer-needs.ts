import type { Action } from "../../domain/index.ts";
import type { Model } from "../compile/model-catalog.ts";
import type { Rule } from "../compile/rule.ts";
import type { RuleInPlay } from "../snapshot/rules-in-play.ts";
import type { AppScope, Snapshot } from "../snapshot/snapshot.ts";
import { enforceableEditions } from "./editions.ts";

interface Caller {
  readonly tenant: string | undefined;
  readonly app: string | undefined;
}

const toolActions: readonly Action[] = ["tool.list", "tool.call"];

function anyEdition(
  scope: AppScope,
  { action, model }: { readonly action: Action; readonly model: Model | undefined },
  holds: (rules: readonly RuleInPlay[]) => boolean,
): boolean {
  return enforceableEditions(scope).some((edition) =>
    holds(scope.rulesFor(action, model, edition)),
  );
}

/** Asked of every exchange, and the same for all of one app under one snapshot. */
const governed = new WeakMap<AppScope, boolean>();

/**
 * Whether policies speak of an app's tools: a rule on its path names tools or a `tool.*` action, a
 * catalog it sees lists tools, or a boundary limits them. Then every tool a request offers and every
 * call in an answer is decided on, and what nobody permits is denied. Where policies say nothing of
 * tools, they pass as all else in a permitted exchange does. True also where that cannot be told.
 */
export function governsTools(snapshot: Snapshot, { tenant, app }: Caller): boolean {
  if (tenant === undefined || app === undefined) return true;
  const scope = snapshot.scopeOf(tenant, app);
  if (scope === undefined) return true;
  let answer = governed.get(scope);
  if (answer === undefined) {
    answer = speaksOfTools(scope);
    governed.set(scope, answer);
  }
  return answer;
}

function speaksOfTools(scope: AppScope): boolean {
  if (!scope.tools.isEmpty) return true;
  if (scope.boundaries.some(({ boundary }) => boundary.tools !== undefined)) return true;
  return toolActions.some((action) =>
    anyEdition(scope, { action, model: undefined }, (rules) =>
      rules.some(({ rule }) => namesTools(rule)),
    ),
  );
}

/** By app, as `governed`. */
const judgedResults = new WeakMap<AppScope, boolean>();

/**
 * Whether policies restrict what tools give back: a rule on an app's path that denies, redacts or
 * warns names `tool.result` or `tool.*`. Then every result that a request tells the model is decided
 * on, and what nobody permits is denied; else a result is a text of its request as any other. True
 * also where that cannot be told.
 */
export function governsResults(snapshot: Snapshot, { tenant, app }: Caller): boolean {
  if (tenant === undefined || app === undefined) return true;
  const scope = snapshot.scopeOf(tenant, app);
  if (scope === undefined) return true;
  let answer = judgedResults.get(scope);
  if (answer === undefined) {
    answer = anyEdition(scope, { action: "tool.result", model: undefined }, (rules) =>
      rules.some(({ rule }) => restrictsResults(rule)),
    );
    judgedResults.set(scope, answer);
  }
  return answer;
}

function restrictsResults({ actions, effect }: Rule): boolean {
  if (effect === "allow" || effect === "transform") return false;
  return actions?.some((action) => action.startsWith("tool.")) ?? false;
}

function namesTools({ actions, tools }: Rule): boolean {
  return tools !== undefined || (actions?.some((action) => action.startsWith("tool.")) ?? false);
}

/**
 * Whether a rule in play for an answer reads what is known only at its end, such as why the model
 * stopped: until then nothing it guards may leave (policy-model 5.4). True also where that cannot be
 * told. An expression that only mentions the word counts as well.
 */
export function readsAnswerEnds(
  snapshot: Snapshot,
  { action, app, model: id, tenant }: Caller & { action: Action; model: string | null },
): boolean {
  const scope = tenant && app ? snapshot.scopeOf(tenant, app) : undefined;
  if (scope === undefined) return true;
  const model = scope.models.byId(id ?? "");
  return anyEdition(scope, { action, model }, readResponses);
}

/** By the list of rules, which is the same for all exchanges that have it. */
const reading = new WeakMap<readonly RuleInPlay[], boolean>();

function readResponses(rules: readonly RuleInPlay[]): boolean {
  let answer = reading.get(rules);
  if (answer === undefined) {
    answer = rules.some(({ rule }) =>
      rule.conditions.some(({ expression }) => word.test(expression)),
    );
    reading.set(rules, answer);
  }
  return answer;
}

const word = /\bresponse\b/;
