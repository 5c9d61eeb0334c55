import { isActive } from "../compile/active-window.ts";
import type { Lift, Rule } from "../compile/rule.ts";
import type { Truth } from "../expression/expression.ts";
import { matchClasses } from "../match/match-classes.ts";
import {
  isUnknown,
  type MatchCode,
  matchedWith,
  noMatch,
  toUnknown,
  type UnknownCause,
  unknownWith,
  withSubject,
} from "../match/match-code.ts";
import { matchSubjects } from "../match/match-subjects.ts";
import { matchTool } from "../match/match-tool.ts";
import type { PreparedCondition } from "../snapshot/conditions.ts";
import { type CallerTest, liftKeyOf } from "../snapshot/hidden-tests.ts";
import type { HiddenPart, RuleInPlay } from "../snapshot/rules-in-play.ts";
import {
  hiddenPartsOf,
  type RunFacts,
  testCondition,
  testHiddenCondition,
  toolOf,
  waitsForCall,
} from "./run-facts.ts";

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
  for (const lift of lifts) {
    if (isActive(lift.window, facts.timeMs, false) && isForCaller(lift, facts)) return lift.by;
  }
  return undefined;
}

function isForCaller(lift: Lift, facts: RunFacts): boolean {
  const { subjects } = lift.scope;
  if (subjects === undefined) return true;
  const key = liftKeyOf(lift, facts.input.principal?.onRecord?.hidesNames ?? false);
  const score =
    key === undefined
      ? scoreOfCaller(subjects, facts)
      : scoreOfHidden({ key, matcher: subjects }, facts);
  return score !== undefined;
}

/** The three-valued AND of what is left to test: one F makes it F, whatever else could not be told. */
export function matchRule(inPlay: RuleInPlay, facts: RunFacts): MatchCode {
  const { hidden } = inPlay;
  if (hidden === undefined) return matchRecorded(inPlay, facts);
  const code = matchRecorded(hidden.rest, facts);
  return code === noMatch ? noMatch : matchHidden(inPlay, { code, hidden }, facts);
}

/** As `matchRule`, of a rule that reads nothing but what records hold. */
function matchRecorded(inPlay: RuleInPlay, facts: RunFacts): MatchCode {
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

/**
 * The rest of a match that holds as far as records tell. All parts are tested whatever the first ones
 * say: each is on record by itself.
 */
function matchHidden(
  { rule }: RuleInPlay,
  { code, hidden }: { readonly code: MatchCode; readonly hidden: HiddenPart },
  facts: RunFacts,
): MatchCode {
  const { conditions, exclude, subjects } = hidden;
  let result = code;
  let fits = exclude === undefined || scoreOfHidden(exclude, facts) === undefined;
  for (const test of subjects) {
    const score = scoreOfHidden(test, facts);
    if (score === undefined) fits = false;
    else result = withSubject(result, score);
  }
  for (const { condition, key } of conditions) {
    const truth = inSight(testHiddenCondition(key, condition, facts), condition, { rule, facts });
    if (truth === "F") fits = false;
    else if (truth !== "T") result = toUnknown(result, truth);
  }
  return fits ? result : noMatch;
}

/** As `scoreOfCaller`, for a matcher that lists callers by what is on no record. */
export function scoreOfHidden({ key, matcher }: CallerTest, facts: RunFacts) {
  const { principal } = facts.input;
  return principal && hiddenPartsOf(facts).caller(key, matcher, principal);
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
  { conditions: { early }, rule }: RuleInPlay,
  facts: RunFacts,
): "T" | "F" | UnknownCause {
  let cause: UnknownCause | undefined;
  for (const condition of early) {
    const tested = testCondition(condition, facts);
    const truth = tested === "E" ? inSight(tested, condition, { rule, facts }) : tested;
    if (truth === "T") continue;
    if (truth === "F") return "F";
    if (truth === "unclassified") cause = truth;
    else cause ??= truth;
  }
  return cause ?? "T";
}

/** What a condition comes to for its rule: why it could not be told, or what stands for that. */
function inSight(
  truth: Truth,
  condition: PreparedCondition,
  { facts, rule }: { readonly facts: RunFacts; readonly rule: Rule },
): "T" | "F" | UnknownCause {
  if (truth !== "E") return truth;
  // What may yet be permitted is shown; what may yet be denied is not denied for certain.
  if (waitsForCall(condition, facts)) return rule.effect === "allow" ? "T" : "F";
  const isOfText = facts.input.data.status !== "ok" && condition.expression.reads.has("data");
  return isOfText ? "unclassified" : "condition_error";
}
