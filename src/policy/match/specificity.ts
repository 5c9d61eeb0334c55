import type { Action } from "../../domain/index.ts";
import type { Model } from "../compile/model-catalog.ts";
import { type ExceptionScope, layers, type Rule } from "../compile/rule.ts";
import { matchAction } from "./match-action.ts";
import { classScoreOf, type MatchCode, subjectScoreOf, toolScoreOf } from "./match-code.ts";
import { matchModel } from "./match-model.ts";

/** What the parts of a request that are tested ahead are. */
export interface Path {
  readonly tenant: string;
  readonly app: string;
  readonly action: Action;
  readonly model: Model | undefined;
}

/** A matcher that can be tested ahead and does not fit. */
export type StaticMismatch = "scope" | "actions" | "models" | "tools";

/**
 * How specific a rule is on a path, without what only a request can tell (policy-model 5.2), or the
 * first matcher that keeps it from ever fitting there.
 */
export function fitPath(rule: Rule, path: Path): number | StaticMismatch {
  const { scope } = rule;
  if (scope !== undefined && !isInScope(scope, path)) return "scope";
  const actionScore = matchAction(rule.actions, path.action);
  if (actionScore === undefined) return "actions";
  const modelScore = matchModel(rule.models, path.model);
  if (modelScore === undefined) return "models";
  if (rule.tools !== undefined && !path.action.startsWith("tool.")) return "tools";
  return (
    layerRank(rule) * weights.layer +
    Math.max(actionScore, matchAction(scope?.actions, path.action) ?? 0) * weights.action +
    Math.max(modelScore, matchModel(scope?.models, path.model) ?? 0) * weights.model +
    Number(rule.conditions.length > 0) * weights.conditions +
    rule.priority +
    lowestPriorityIsZero
  );
}

/** Whether an exception reaches a path; whom it is for is told with the request. */
export function isInScope(scope: ExceptionScope, { tenant, app, action, model }: Path): boolean {
  return (
    (scope.tenants?.includes(tenant) ?? true) &&
    (scope.apps?.includes(app) ?? true) &&
    matchAction(scope.actions, action) !== undefined &&
    matchModel(scope.models, model) !== undefined
  );
}

/** Permits of exceptions count as more than any layer, their restrictions as of their authority. */
function layerRank({ layer, effect, authority }: Rule): number {
  if (layer !== "grant" && layer !== "incident") return layers.indexOf(layer);
  if (effect === "allow") return layers.indexOf("grant");
  return layers.indexOf(authority === 2 ? "global" : "tenant");
}

const lowestPriorityIsZero = 100;

/** Each weighs more than all below it together, at their largest. */
const weights = {
  conditions: 256,
  dataClass: 256 * 2,
  tool: 256 * 2 * 4,
  model: 256 * 2 * 4 * 4,
  action: 256 * 2 * 4 * 4 * 8,
  subject: 256 * 2 * 4 * 4 * 8 * 4,
  layer: 256 * 2 * 4 * 4 * 8 * 4 * 8,
} as const;

/**
 * Specificity as one number: layer, subject, action, model, tool, data class, conditions, priority,
 * in this order (policy-model 5.2).
 */
export function rankOf({ staticRank }: { readonly staticRank: number }, code: MatchCode): number {
  return (
    staticRank +
    subjectScoreOf(code) * weights.subject +
    toolScoreOf(code) * weights.tool +
    classScoreOf(code) * weights.dataClass
  );
}
