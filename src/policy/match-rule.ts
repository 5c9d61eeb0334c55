import type { DecisionInput } from "../domain/index.ts";
import { matchClasses } from "./match-classes.ts";
import { type MatchCode, matchedWith, noMatch, unknownWith } from "./match-code.ts";
import { matchSubjects } from "./match-subjects.ts";
import type { Rule } from "./rule.ts";
import type { RuleInPlay } from "./rules-in-play.ts";

/** A rule that matched (T) or could not be told (E). */
export interface HoldingRule {
  readonly inPlay: RuleInPlay;
  readonly code: MatchCode;
}

/** The rules that are not F, in the order given. `permitted` is not looked at yet. */
export function holdingRules(rules: readonly RuleInPlay[], input: DecisionInput): HoldingRule[] {
  const found: HoldingRule[] = [];
  for (const inPlay of rules) {
    const code = matchRule(inPlay.rule, input);
    if (code !== noMatch) found.push({ inPlay, code });
  }
  return found;
}

/** The three-valued AND of what is left to test: one F makes it F, whatever else could not be told. */
function matchRule({ subjects, exclude, classes }: Rule, input: DecisionInput): MatchCode {
  const subjectScore = subjects === undefined ? 0 : scoreOfCaller(subjects, input);
  if (subjectScore === undefined) return noMatch;
  if (exclude !== undefined && scoreOfCaller(exclude, input) !== undefined) return noMatch;
  if (classes === undefined) return matchedWith(subjectScore, 0);
  // Left out of this run (policy-model 3.1): there is no answer to read yet.
  if (classes.readsResponseOnly && input.point !== "response") return noMatch;
  const classScore = matchClasses(classes, input.data);
  if (classScore === undefined) return noMatch;
  return classScore === "unknown"
    ? unknownWith(subjectScore)
    : matchedWith(subjectScore, classScore);
}

/** A request without a principal was denied before any rule is tested. */
function scoreOfCaller(matcher: NonNullable<Rule["subjects"]>, { principal }: DecisionInput) {
  return principal === undefined ? undefined : matchSubjects(matcher, principal);
}
