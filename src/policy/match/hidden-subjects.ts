import type { Principal } from "../../domain/index.ts";
import type { SubjectMatcher } from "../compile/rule.ts";
import { matchSubjects, type SubjectScore } from "./match-subjects.ts";

/**
 * Who is named by id is on no record (audit-and-operations 2.4), and neither are the names a caller
 * goes by where one of them names a person. So a record says of a matcher that lists either how it
 * ended, and in this file is what follows from that.
 */
const idFields = ["principals", "actors"] as const;
const nameFields = ["groups", "roles", "issuers"] as const;

/** The score of an item that is no pattern, of each field of a caller that may be hidden. */
const exactScores = { principals: 4, actors: 4, groups: 3, roles: 3, issuers: 2 } as const;
const patternScore = 1;

const scores: readonly SubjectScore[] = [4, 3, 2, 1];

/** Says of a matcher with ids and patterns that an id was what fitted. */
const exactlySuffix = ".exact";

/** Whether a matcher lists what is not on record: ids, and where `hidesNames` names as well. */
export function listsHidden(matcher: SubjectMatcher, hidesNames: boolean): boolean {
  return listsAny(matcher, idFields) || (hidesNames && listsAny(matcher, nameFields));
}

/** What is left of a matcher without the fields of `listsHidden`. */
export function withoutHidden(matcher: SubjectMatcher, hidesNames: boolean): SubjectMatcher {
  const rest = { ...matcher, actors: undefined, principals: undefined };
  return hidesNames ? { ...rest, groups: undefined, roles: undefined, issuers: undefined } : rest;
}

/** What a record says beside that a matcher fits, so that it is known how exactly; mostly nothing. */
export function suffixOfScore(
  matcher: SubjectMatcher,
  principal: Principal,
  score: SubjectScore,
): string | undefined {
  if (hidesNamesOf(matcher, principal)) return `.${score}`;
  return score === 4 && isExactnessOpen(matcher) ? exactlySuffix : undefined;
}

/** The score of a matcher that fits; `says`: whether the record has this suffix of its key. */
export function scoreSaid(
  matcher: SubjectMatcher,
  principal: Principal,
  says: (suffix: string) => boolean,
): SubjectScore | undefined {
  if (hidesNamesOf(matcher, principal)) return scores.find((score) => says(`.${score}`));
  return scoreOfFitting(matcher, principal, says(exactlySuffix));
}

/** The scores that a matcher may have of which it is known only that it fits. */
export function possibleScores(
  matcher: SubjectMatcher,
  principal: Principal,
): readonly (SubjectScore | undefined)[] {
  if (hidesNamesOf(matcher, principal)) return scoresByNames(matcher, principal);
  const exactnesses = isExactnessOpen(matcher) ? [false, true] : [false];
  return exactnesses.map((isExact) => scoreOfFitting(matcher, principal, isExact));
}

/** The best of the fields counts, and in each any item may be the one that fits. */
function scoresByNames(
  matcher: SubjectMatcher,
  principal: Principal,
): readonly (SubjectScore | undefined)[] {
  const others = matchSubjects(withoutHidden(matcher, true), principal);
  if (others === undefined) return [undefined];
  let possible = new Set<SubjectScore>([others]);
  for (const field of [...idFields, ...nameFields]) {
    const items = matcher[field];
    if (items === undefined) continue;
    const ofField = items.map((item) => (isPattern(item) ? patternScore : exactScores[field]));
    possible = new Set(
      [...possible].flatMap((best) =>
        ofField.map((score) => Math.max(best, score) as SubjectScore),
      ),
    );
  }
  return [...possible];
}

function hidesNamesOf(matcher: SubjectMatcher, { onRecord }: Principal): boolean {
  return onRecord?.hidesNames === true && listsAny(matcher, nameFields);
}

function listsAny(matcher: SubjectMatcher, fields: readonly (keyof SubjectMatcher)[]): boolean {
  return fields.some((field) => matcher[field] !== undefined);
}

/**
 * Whether it takes more than that a matcher fits to know how exactly: an id it lists, or a pattern
 * that the id begins like.
 */
function isExactnessOpen(matcher: SubjectMatcher): boolean {
  const lists = idFields.flatMap((field) => matcher[field] ?? []);
  return lists.some(isPattern) && lists.some(isId) && !listsOnlyIds(matcher);
}

/** The score of a matcher of which it is known that its ids fit, and whether one of them exactly. */
function scoreOfFitting(
  matcher: SubjectMatcher,
  principal: Principal,
  isExact: boolean,
): SubjectScore | undefined {
  const others = matchSubjects(withoutHidden(matcher, false), principal);
  if (others === undefined) return undefined;
  const isById = listsOnlyIds(matcher) || (isExact && isExactnessOpen(matcher));
  return isById ? 4 : (Math.max(others, 1) as SubjectScore);
}

/** One of its fields has ids and no pattern: where that fits, it fits exactly. */
function listsOnlyIds(matcher: SubjectMatcher): boolean {
  return idFields.some((field) => matcher[field]?.every(isId) ?? false);
}

function isId(item: string): boolean {
  return !isPattern(item);
}

function isPattern(item: string): boolean {
  return item.endsWith("*");
}
