import type { Lift, Rule, SubjectMatcher } from "../compile/rule.ts";
import { listsHidden, withoutHidden } from "../match/hidden-subjects.ts";
import type { PreparedCondition, PreparedConditions } from "./conditions.ts";
import type { Edition } from "./edition.ts";

/** One matcher that lists callers by what is on no record, mostly their ids, under the key its outcome is recorded by. */
export interface CallerTest {
  readonly key: string;
  readonly matcher: SubjectMatcher;
}

/**
 * What of a rule reads attributes that no record holds (audit-and-operations 2.4), with the keys its
 * outcomes are recorded by: `<rule>#<condition>`, `<rule>#@subjects`, `<rule>#@exclude`,
 * `<grant>#@scope`, and `<incident>#@scope:<rule>` since an Incident has several scopes. A condition
 * that reads `model` has `@<model>` after it. The two versions of a ramped policy have rules of one
 * name, so there the version stands after the rule.
 */
export interface HiddenTests {
  /** Subjects of the rule, and of the exception it belongs to. */
  readonly subjects: readonly CallerTest[];
  readonly exclude: CallerTest | undefined;
  readonly conditions: readonly { readonly key: string; readonly condition: PreparedCondition }[];
  /** Conditions of an allow rule that are about what is left, with their keys. */
  readonly late: ReadonlyMap<PreparedCondition, string>;
}

/** The rule with what is left of its tests, and those that are hidden. */
export interface DividedTests {
  readonly rule: Rule;
  readonly conditions: PreparedConditions;
  readonly tests: HiddenTests;
}

/** What the keys depend on beside the rule. */
interface Place {
  readonly edition: Edition;
  readonly model: { readonly id: string } | undefined;
}

/** Undefined where everything that the rule reads is recorded, as of most rules. */
export function divideTests(
  rule: Rule,
  conditions: PreparedConditions,
  place: Place,
): DividedTests | undefined {
  const { exclude, name, ramp, scope, subjects } = rule;
  const prefix = ramp === undefined ? name : `${name}@${ramp.side}`;
  const { hidesNames } = place.edition;
  const isHidden = (condition: PreparedCondition) => readsHidden(condition, hidesNames);
  const without = (matcher: SubjectMatcher) => withoutHidden(matcher, hidesNames);
  const testOf = (key: string, matcher: SubjectMatcher | undefined) =>
    matcher !== undefined && listsHidden(matcher, hidesNames) ? { key, matcher } : undefined;
  const hiddenSubjects = testOf(`${prefix}#@subjects`, subjects);
  const hiddenScope = testOf(scopeKeyOf(rule), scope?.subjects);
  const hiddenExclude = testOf(`${prefix}#@exclude`, exclude);
  const early = conditions.early.filter(isHidden);
  const late = conditions.late.filter(isHidden);
  const callers = [hiddenSubjects, hiddenScope].filter((test) => test !== undefined);
  if (callers.length + early.length + late.length === 0 && hiddenExclude === undefined) {
    return undefined;
  }
  const keyOf = (condition: PreparedCondition) =>
    `${prefix}#${condition.name}${isAboutModel(condition) ? modelSuffix(place) : ""}`;
  return {
    rule: {
      ...rule,
      subjects: subjects && without(subjects),
      exclude: hiddenExclude === undefined ? exclude : undefined,
      scope: scope?.subjects && { ...scope, subjects: without(scope.subjects) },
    },
    conditions: { ...conditions, early: conditions.early.filter((one) => !isHidden(one)) },
    tests: {
      subjects: callers,
      exclude: hiddenExclude,
      conditions: early.map((condition) => ({ key: keyOf(condition), condition })),
      // What is left depends on the redactions, and these on the model and on what is in force.
      late: new Map(late.map((one) => [one, `${prefix}#${one.name}${runSuffix(place)}`])),
    },
  };
}

/** The key of a lift whose scope lists callers by what is on no record; undefined where it does not. */
export function liftKeyOf(
  { by, kind, rule, scope }: Lift,
  hidesNames: boolean,
): string | undefined {
  if (scope.subjects === undefined || !listsHidden(scope.subjects, hidesNames)) return undefined;
  return kind === "grant" ? `${by}#@scope` : `${by}#@scope:${rule}`;
}

function scopeKeyOf({ layer, name }: Rule): string {
  const by = name.slice(0, name.lastIndexOf("/"));
  return layer === "grant" ? `${by}#@scope` : `${by}#@scope:${name}`;
}

function readsHidden({ expression: { reads } }: PreparedCondition, hidesNames: boolean): boolean {
  if (reads.has("hidden") || reads.has("args") || reads.has("claims")) return true;
  return hidesNames && reads.has("names");
}

function isAboutModel({ expression: { reads } }: PreparedCondition): boolean {
  return reads.has("model");
}

function modelSuffix({ model }: Place): string {
  return model === undefined ? "" : `@${model.id}`;
}

function runSuffix(place: Place): string {
  return modelSuffix(place) + (place.edition.isCounterfactual ? "@shadow" : "");
}
