import type { Principal } from "../../domain/index.ts";
import type { SubjectMatcher } from "../compile/rule.ts";
import { matchSubjects, type SubjectScore } from "./match-subjects.ts";

/**
 * Who is named by id is on no record (audit-and-operations 2.4), so a record says of a matcher that
 * lists ids how it ended, and in this file is what follows from that.
 */
const hiddenFields = ["principals", "actors"] as const;

/** Whether a matcher lists callers by their ids. */
export function listsIds({ actors, principals }: SubjectMatcher): boolean {
  return actors !== undefined || principals !== undefined;
}

/** What is left of a matcher without the fields that list ids. */
export function withoutIds(matcher: SubjectMatcher): SubjectMatcher {
  return { ...matcher, actors: undefined, principals: undefined };
}

/**
 * Whether it takes more than that a matcher fits to know how exactly: an id it lists, or a pattern
 * that the id begins like.
 */
export function isExactnessOpen(matcher: SubjectMatcher): boolean {
  const lists = hiddenFields.flatMap((field) => matcher[field] ?? []);
  return lists.some(isPattern) && lists.some(isId) && !listsOnlyIds(matcher);
}

/** The score of a matcher of which it is known that its ids fit, and whether one of them exactly. */
export function scoreOfFitting(
  matcher: SubjectMatcher,
  principal: Principal,
  isExact: boolean,
): SubjectScore | undefined {
  const others = matchSubjects(withoutIds(matcher), principal);
  if (others === undefined) return undefined;
  const isById = listsOnlyIds(matcher) || (isExact && isExactnessOpen(matcher));
  return isById ? 4 : (Math.max(others, 1) as SubjectScore);
}

/** One of its fields has ids and no pattern: where that fits, it fits exactly. */
function listsOnlyIds(matcher: SubjectMatcher): boolean {
  return hiddenFields.some((field) => matcher[field]?.every(isId) ?? false);
}

function isId(item: string): boolean {
  return !isPattern(item);
}

function isPattern(item: string): boolean {
  return item.endsWith("*");
}
