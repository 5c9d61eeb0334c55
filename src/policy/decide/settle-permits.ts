import { type MatchCode, noMatch, toUnknown } from "../match/match-code.ts";
import type { RuleInPlay } from "../snapshot/rules-in-play.ts";
import type { HoldingRule } from "./match-rule.ts";
import { type Leftovers, permitsLeftovers, residualOf } from "./redactions.ts";
import { type RunFacts, testLateCondition } from "./run-facts.ts";

/**
 * The rules that still hold once the redactions are joined: `permitted`, and conditions of allow
 * rules that read `data`, are part of an allow rule's match but are about what is left.
 */
export function settlePermits(
  holding: readonly HoldingRule[],
  facts: RunFacts,
  leftovers: Leftovers,
): readonly HoldingRule[] {
  let settled: HoldingRule[] | undefined;
  let index = -1;
  for (const one of holding) {
    index += 1;
    const code = settle(one, facts, leftovers);
    if (code === one.code) {
      settled?.push(one);
      continue;
    }
    settled ??= holding.slice(0, index);
    if (code !== noMatch) settled.push({ inPlay: one.inPlay, code });
  }
  return settled ?? holding;
}

function settle({ inPlay, code }: HoldingRule, facts: RunFacts, leftovers: Leftovers): MatchCode {
  const settled = withPermitted(inPlay, code, leftovers);
  const { late: conditions } = inPlay.conditions;
  if (conditions.length === 0 || settled === noMatch) return settled;
  const late = { residual: residualOf(leftovers, inPlay.rule), hidden: inPlay.hidden };
  let result = settled;
  for (const condition of conditions) {
    const truth = testLateCondition(condition, facts, late);
    if (truth === "F") return noMatch;
    if (truth === "E") {
      result = toUnknown(result, leftovers.isComplete ? "condition_error" : "unclassified");
    }
  }
  return result;
}

function withPermitted({ rule }: RuleInPlay, code: MatchCode, leftovers: Leftovers): MatchCode {
  if (rule.permitted === undefined) return code;
  if (!permitsLeftovers(rule.permitted, leftovers)) return noMatch;
  return leftovers.isComplete ? code : toUnknown(code, "unclassified");
}
