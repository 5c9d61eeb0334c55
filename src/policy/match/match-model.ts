import type { Model } from "../compile/model-catalog.ts";
import { fitsPattern } from "../compile/name-pattern.ts";
import type { ModelMatcher } from "../compile/rule.ts";

/** How exactly a rule speaks of a model, for specificity (policy-model 5.2). */
export type ModelScore = 0 | 1 | 2 | 3 | 4;

/** The specificity with which the matcher fits, or undefined where it does not. */
export function matchModel(
  matcher: ModelMatcher | undefined,
  model: Model | undefined,
): ModelScore | undefined {
  if (matcher === undefined) return 0;
  // `models` does not match a request without a model (policy-model 3).
  if (model === undefined || !fitsFields(matcher, model)) return undefined;
  if (matcher.ids !== undefined) return idScore(matcher, matcher.ids, model.id);
  return hasField(matcher) ? 1 : 0;
}

function fitsFields(matcher: ModelMatcher, model: Model): boolean {
  return (
    fitsAny(matcher.providers, [model.provider]) &&
    fitsAny(matcher.regions, model.regions) &&
    fitsAny(matcher.deployment, [model.deployment]) &&
    fitsAny(matcher.tags, model.tags) &&
    fitsAny(matcher.retention, model.retention === undefined ? [] : [model.retention])
  );
}

function hasField({ providers, regions, deployment, tags, retention }: ModelMatcher): boolean {
  return [providers, regions, deployment, tags, retention].some((field) => field !== undefined);
}

function fitsAny(patterns: readonly string[] | undefined, values: readonly string[]): boolean {
  if (patterns === undefined) return true;
  return values.some((value) => patterns.some((pattern) => fitsPattern(pattern, value)));
}

function idScore(
  matcher: ModelMatcher,
  ids: readonly string[],
  id: string,
): ModelScore | undefined {
  if (ids.includes(id)) return 4;
  if (matcher.aliasMembers.includes(id)) return 3;
  return ids.some((pattern) => fitsPattern(pattern, id)) ? 2 : undefined;
}
