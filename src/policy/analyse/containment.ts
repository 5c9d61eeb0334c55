import type { ClassMatcher, Rule, SubjectMatcher, ToolMatcher } from "../compile/rule.ts";
import { coversClass } from "../compile/taxonomy.ts";
import type { Tool } from "../compile/tool-catalog.ts";
import { unknownRisk } from "../compile/tool-catalog.ts";
import { matchTool } from "../match/match-tool.ts";

/** What containment reads besides the two rules. */
export interface ContainmentWorld {
  readonly tools: ReadonlyMap<string, Tool>;
  /** Whether a condition reads `data`, which allow rules see redacted and others as found. */
  readsData(expression: string): boolean;
}

/**
 * Whether every request that fits the caller, tools, findings and conditions of `inner` fits those of
 * `outer` too. Where that cannot be told from the matchers alone it says no. Paths are not looked at.
 * `inner` may be of an exception, whose scope narrows it; `outer` is none.
 */
export function isContained(inner: Rule, outer: Rule, world: ContainmentWorld): boolean {
  return (
    hasConditionsOf(inner, outer, world) &&
    isCallerContained(inner, outer) &&
    isExclusionContained(inner, outer) &&
    isToolContained(inner.tools, outer.tools, world) &&
    isClassContained(inner, outer)
  );
}

function hasConditionsOf(inner: Rule, outer: Rule, world: ContainmentWorld): boolean {
  const isSameKind = (inner.effect === "allow") === (outer.effect === "allow");
  return outer.conditions.every(
    ({ expression }) =>
      inner.conditions.some((own) => own.expression === expression) &&
      (isSameKind || !world.readsData(expression)),
  );
}

const subjectFields = ["principals", "groups", "roles", "kinds", "issuers", "actors"] as const;

/** What rule and scope both list, the caller fits in both; either list is a bound of who that is. */
function isCallerContained({ subjects, scope }: Rule, outer: Rule): boolean {
  if (scope?.subjects === undefined) return isSubjectContained(subjects, outer.subjects);
  return (
    isSubjectContained(withFieldsOf(scope.subjects, subjects), outer.subjects) ||
    isSubjectContained(withFieldsOf(subjects, scope.subjects), outer.subjects)
  );
}

function withFieldsOf(
  first: SubjectMatcher | undefined,
  others: SubjectMatcher | undefined,
): SubjectMatcher | undefined {
  if (first === undefined || others === undefined) return first ?? others;
  const field = (name: (typeof subjectFields)[number]) => first[name] ?? others[name];
  return {
    principals: field("principals"),
    groups: field("groups"),
    roles: field("roles"),
    kinds: field("kinds"),
    issuers: field("issuers"),
    actors: field("actors"),
  };
}

function isSubjectContained(
  inner: SubjectMatcher | undefined,
  outer: SubjectMatcher | undefined,
): boolean {
  if (outer === undefined) return true;
  return subjectFields.every((field) => {
    const listed = outer[field];
    return listed === undefined || areCovered(inner?.[field], listed);
  });
}

/** Whoever the outer rule leaves out, the inner one has to leave out as well. */
function isExclusionContained(inner: Rule, outer: Rule): boolean {
  if (outer.exclude === undefined) return true;
  return inner.exclude !== undefined && isSubjectContained(outer.exclude, inner.exclude);
}

function areCovered(items: readonly string[] | undefined, patterns: readonly string[]): boolean {
  return items?.every((item) => patterns.some((pattern) => coversPattern(pattern, item))) ?? false;
}

/** Whether everything that fits `item` fits `pattern`. */
export function coversPattern(pattern: string, item: string): boolean {
  return pattern.endsWith("*") ? item.startsWith(pattern.slice(0, -1)) : pattern === item;
}

function isToolContained(
  inner: ToolMatcher | undefined,
  outer: ToolMatcher | undefined,
  { tools }: ContainmentWorld,
): boolean {
  if (outer === undefined) return true;
  if (inner === undefined) return false;
  const exact = inner.names?.every((name) => !name.endsWith("*")) ? inner.names : undefined;
  if (exact !== undefined) {
    return exact.every((name) => {
      const tool = { name, risk: tools.get(name)?.risk ?? unknownRisk };
      return matchTool(inner, tool) === undefined || matchTool(outer, tool) !== undefined;
    });
  }
  return (
    (outer.names === undefined || areCovered(inner.names, outer.names)) &&
    (outer.risk === undefined || areCovered(inner.risk, outer.risk))
  );
}

/** What was found; what an allow rule leaves is about something else. */
function isClassContained(inner: Rule, outer: Rule): boolean {
  if (outer.classes === undefined) return true;
  return inner.classes !== undefined && isFindingContained(inner.classes, outer.classes);
}

function isFindingContained(inner: ClassMatcher, outer: ClassMatcher): boolean {
  return (
    inner.anyOf.every((dataClass) => coversClass(outer.anyOf, dataClass)) &&
    inner.minConfidence >= outer.minConfidence &&
    inner.minCount >= outer.minCount &&
    (outer.places === undefined ||
      (inner.places?.every((place) => outer.places?.includes(place)) ?? false))
  );
}
