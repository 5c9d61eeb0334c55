import { isActive } from "../compile/active-window.ts";
import type { Rule } from "../compile/rule.ts";
import { matchClasses } from "../match/match-classes.ts";
import {
  isUnknown,
  type MatchCode,
  matchedWith,
  noMatch,
  type UnknownCause,
  unknownWith,
} from "../match/match-code.ts";
import { matchSubjects } from "../match/match-subjects.ts";
import { matchTool } from "../match/match-tool.ts";
import type { RuleInPlay } from "../snapshot/rules-in-play.ts";
import { type RunFacts, testCondition, toolOf, waitsForCall } from "./run-facts.ts";

/** A rule that matched (T) or could not be told (E). */
export interface HoldingRule {
  readonly inPlay: RuleInPlay;
  readonly code: MatchCode;
}

/** One rule that an exception lifted, and the first such exception by name. */
export interface LiftedRule {
  readonly rule: string;
  readonly by: string;
}

/** How the rules in play ended; lists are in the order given. */
export interface HoldingRules {
  /** Those that are not F and are not lifted. `permitted` is not looked at yet. */
  readonly holding: readonly HoldingRule[];
  readonly lifted: readonly LiftedRule[];
  /** Those in E that `onError: FailOpen` dropped. */
  readonly dropped: readonly HoldingRule[];
}

const nothingLifted: readonly LiftedRule[] = Object.freeze([]);
const nothingDropped: readonly HoldingRule[] = Object.freeze([]);

/** Steps 4 and 5 of policy-model 5.1. */
export function holdingRules(rules: readonly RuleInPlay[], facts: RunFacts): HoldingRules {
  const holding: HoldingRule[] = [];
  let lifted: LiftedRule[] | undefined;
  let dropped: HoldingRule[] | undefined;
  for (const inPlay of rules) {
    if (!isInForce(inPlay, facts)) continue;
    const code = matchRule(inPlay, facts);
    if (code === noMatch) continue;
    if (inPlay.rule.failsOpen && isUnknown(code)) {
      dropped ??= [];
      dropped.push({ inPlay, code });
      continue;
    }
    const by = inPlay.lifts.length === 0 ? undefined : liftedBy(inPlay, facts);
    if (by === undefined) {
      holding.push({ inPlay, code });
    } else {
      lifted ??= [];
      lifted.push({ rule: inPlay.rule.name, by });
    }
  }
  return { holding, lifted: lifted ?? nothingLifted, dropped: dropped ?? nothingDropped };
}

/** Whether the rule counts at this time and this point. */
export function isInForce(inPlay: RuleInPlay, { input, timeMs }: RunFacts): boolean {
  const { rule, unsetDuring } = inPlay;
  if (inPlay.waitsForAnswer && input.point !== "response") return false;
  if (!isActive(rule.window, timeMs, rule.effect !== "allow")) return false;
  for (const window of unsetDuring) if (isActive(window, timeMs, false)) return false;
  return true;
}

/** The first exception by name that is in force and meant for the caller. */
function liftedBy({ lifts }: RuleInPlay, facts: RunFacts): string | undefined {
  for (const { window, scope, by } of lifts) {
    if (!isActive(window, facts.timeMs, false)) continue;
    if (scope.subjects === undefined || scoreOfCaller(scope.subjects, facts) !== undefined) {
      return by;
    }
  }
  return undefined;
}

/** The three-valued AND of what is left to test: one F makes it F, whatever else could not be told. */
export function matchRule(inPlay: RuleInPlay, facts: RunFacts): MatchCode {
  const { subjects, exclude, tools, classes, scope } = inPlay.rule;
  let subjectScore: number | undefined =
    subjects === undefined ? 0 : scoreOfCaller(subjects, facts);
  if (subjectScore === undefined) return noMatch;
  if (scope?.subjects !== undefined) {
    const scopeScore = scoreOfCaller(scope.subjects, facts);
    if (scopeScore === undefined) return noMatch;
    subjectScore = Math.max(subjectScore, scopeScore);
  }
  if (exclude !== undefined && scoreOfCaller(exclude, facts) !== undefined) return noMatch;
  const toolScore = tools === undefined ? 0 : matchTool(tools, toolOf(facts));
  if (toolScore === undefined) return noMatch;
  const classScore = classes === undefined ? 0 : matchClasses(classes, facts.input.data);
  if (classScore === undefined) return noMatch;
  const asked = askConditions(inPlay, facts);
  if (asked === "F") return noMatch;
  if (classScore === "unknown") return unknownWith(subjectScore, toolScore, "unclassified");
  return asked === "T"
    ? matchedWith(subjectScore, toolScore, classScore)
    : unknownWith(subjectScore, toolScore, asked);
}

/** A request without a principal was denied before any rule is tested. */
export function scoreOfCaller(
  matcher: NonNullable<Rule["subjects"]>,
  { input: { principal } }: RunFacts,
) {
  return principal === undefined ? undefined : matchSubjects(matcher, principal);
}

/** The AND of the conditions that can be told by now. */
function askConditions(
  { conditions: { early }, rule: { effect } }: RuleInPlay,
  facts: RunFacts,
): "T" | "F" | UnknownCause {
  let cause: UnknownCause | undefined;
  for (const condition of early) {
    const truth = testCondition(condition, facts);
    if (truth === "T") continue;
    if (truth === "F") return "F";
    if (waitsForCall(condition, facts)) {
      // What may yet be permitted is shown; what may yet be denied is not denied for certain.
      if (effect === "allow") continue;
      return "F";
    }
    const isOfText = facts.input.data.status !== "ok" && condition.expression.reads.has("data");
    if (isOfText) cause = "unclassified";
    else cause ??= "condition_error";
  }
  return cause ?? "T";
}
