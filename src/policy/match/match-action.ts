import type { Action } from "../../domain/index.ts";

/** How exactly a rule speaks of an action, for specificity (policy-model 5.2). */
export type ActionScore = 0 | 1 | 2;

/** The specificity with which a list of actions and families fits, undefined where it does not. */
export function matchAction(
  listed: readonly string[] | undefined,
  action: Action,
): ActionScore | undefined {
  if (listed === undefined) return 0;
  if (listed.includes(action)) return 2;
  const family = `${action.slice(0, action.indexOf("."))}.*`;
  return listed.includes(family) ? 1 : undefined;
}
