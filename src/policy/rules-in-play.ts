import type { Action, RuleMatch } from "../domain/index.ts";
import type { MatchCode } from "./match-code.ts";
import { classScoreOf, subjectScoreOf } from "./match-code.ts";
import { matchModel } from "./match-model.ts";
import type { Model } from "./model-catalog.ts";
import { type Attachment, layers, type Rule, type UnsetDefault } from "./rule.ts";

/** A rule whose attachment, action and model fit; what is left to test are caller and findings. */
export interface RuleInPlay {
  readonly rule: Rule;
  /** Specificity without what only a request can tell (policy-model 5.2). */
  readonly staticRank: number;
  /** Entries for the decision, made once: matched, and could not be told. */
  readonly matched: RuleMatch;
  readonly unknown: RuleMatch;
}

/** What the parts of a request that are tested ahead are. */
export interface Path {
  readonly app: string;
  readonly action: Action;
  readonly model: Model | undefined;
}

/** What the path of one tenant's requests is made of; rules are sorted by name. */
export interface RuleSet {
  readonly rules: readonly Rule[];
  readonly unset: readonly UnsetDefault[];
}

/** The rules in play for one app, action and model, in the order given. */
export function rulesInPlay({ rules, unset }: RuleSet, path: Path): readonly RuleInPlay[] {
  const gone = new Set(unset.filter((one) => isOnPath(one, path)).map(({ rule }) => rule));
  const found: RuleInPlay[] = [];
  for (const rule of rules) {
    if (!isOnPath(rule, path) || gone.has(rule.name)) continue;
    const actionScore = matchAction(rule.actions, path.action);
    const modelScore = matchModel(rule.models, path.model);
    if (actionScore === undefined || modelScore === undefined) continue;
    const { name: id, layer, effect } = rule;
    found.push({
      rule,
      staticRank:
        layers.indexOf(layer) * weights.layer +
        actionScore * weights.action +
        modelScore * weights.model +
        rule.priority +
        lowestPriorityIsZero,
      matched: Object.freeze({ id, layer, effect, match: "T" }),
      unknown: Object.freeze({ id, layer, effect, match: "E" }),
    });
  }
  return found;
}

function isOnPath(attached: Attachment, { app, model }: Path): boolean {
  return (
    (attached.app === undefined || attached.app === app) &&
    (attached.model === undefined || attached.model === model?.id)
  );
}

function matchAction(listed: readonly string[] | undefined, action: Action): number | undefined {
  if (listed === undefined) return 0;
  if (listed.includes(action)) return 2;
  const family = `${action.slice(0, action.indexOf("."))}.*`;
  return listed.includes(family) ? 1 : undefined;
}

const lowestPriorityIsZero = 100;

/** Each weighs more than all below it together, at their largest. */
const weights = {
  layer: 256 * 4 * 8 * 4 * 8,
  subject: 256 * 4 * 8 * 4,
  action: 256 * 4 * 8,
  model: 256 * 4,
  dataClass: 256,
} as const;

/**
 * Specificity as one number: layer, subject, action, model, data class, priority, in this order.
 * Tools and conditions are not in this version's language.
 */
export function rankOf({ staticRank }: RuleInPlay, code: MatchCode): number {
  return (
    staticRank + subjectScoreOf(code) * weights.subject + classScoreOf(code) * weights.dataClass
  );
}
