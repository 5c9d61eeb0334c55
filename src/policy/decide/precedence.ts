import type { Effect } from "../compile/rule.ts";
import { rankOf } from "../match/specificity.ts";
import type { HoldingRule } from "./match-rule.ts";

const noRules: readonly HoldingRule[] = Object.freeze([]);

/** The rules of one effect, in the order of policy-model 5.3. */
export function inOrder(rules: readonly HoldingRule[], effect: Effect): readonly HoldingRule[] {
  let found: HoldingRule[] | undefined;
  for (const one of rules) {
    if (one.inPlay.rule.effect !== effect) continue;
    found ??= [];
    found.push(one);
  }
  if (found === undefined) return noRules;
  return found.length === 1 ? found : found.sort(byAuthorityThenRank);
}

function byAuthorityThenRank(a: HoldingRule, b: HoldingRule): number {
  return (
    b.inPlay.rule.authority - a.inPlay.rule.authority ||
    rankOf(b.inPlay, b.code) - rankOf(a.inPlay, a.code) ||
    compare(a.inPlay.rule.name, b.inPlay.rule.name)
  );
}

/** Rule names are ASCII, so this is their byte order. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
