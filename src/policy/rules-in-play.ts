import type { Action, RuleMatch } from "../domain/index.ts";
import { matchModel } from "./match-model.ts";
import type { Model } from "./model-catalog.ts";
import { layers, type Rule } from "./rule.ts";

/** A rule whose attachment, action and model fit; what is left to test are the findings. */
export interface RuleInPlay {
  readonly rule: Rule;
  /** Specificity without the data class and what comes after it (policy-model 5.2). */
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

/** The rules in play for one app, action and model, in the order given. */
export function rulesInPlay(
  rules: readonly Rule[],
  { app, action, model }: Path,
): readonly RuleInPlay[] {
  const found: RuleInPlay[] = [];
  for (const rule of rules) {
    if (rule.app !== undefined && rule.app !== app) continue;
    if (rule.model !== undefined && rule.model !== model?.id) continue;
    const actionScore = matchAction(rule.actions, action);
    const modelScore = matchModel(rule.models, model);
    if (actionScore === undefined || modelScore === undefined) continue;
    const { name: id, layer, effect } = rule;
    found.push({
      rule,
      staticRank: (layers.indexOf(layer) * 4 + actionScore) * 8 + modelScore,
      matched: Object.freeze({ id, layer, effect, match: "T" }),
      unknown: Object.freeze({ id, layer, effect, match: "E" }),
    });
  }
  return found;
}

function matchAction(listed: readonly string[] | undefined, action: Action): number | undefined {
  if (listed === undefined) return 0;
  if (listed.includes(action)) return 2;
  const family = `${action.slice(0, action.indexOf("."))}.*`;
  return listed.includes(family) ? 1 : undefined;
}

/**
 * Specificity as one number: layer, action, model, data class, priority, each weighing more than
 * all behind it together. Subject, tool and conditions are not in this version's language.
 * `classScore` is 0 to 2.
 */
export function rankOf({ rule, staticRank }: RuleInPlay, classScore: number): number {
  return (staticRank * 4 + classScore) * 256 + rule.priority + 100;
}
