/**
 * How a rule's test ended: 0 is F; T is positive and E negative, with how exactly the rule speaks of
 * caller and findings (policy-model 5.2) packed in.
 */
export type MatchCode = number;

/** F: the rule has no part in the decision. */
export const noMatch: MatchCode = 0;

/** How well the findings fit: 0 for a rule that asks for none, 1 a parent class, 2 the class itself. */
export type ClassScore = 0 | 1 | 2;

/** T. `subjectScore` is 0 to 4. */
export function matchedWith(subjectScore: number, classScore: ClassScore): MatchCode {
  return 1 + classScore + 4 * subjectScore;
}

/** E: whether the findings fit could not be told. */
export function unknownWith(subjectScore: number): MatchCode {
  return -(1 + 4 * subjectScore);
}

/** Whether it could not be told. */
export function isUnknown(code: MatchCode): boolean {
  return code < 0;
}

/** The same rule, where something else about it could not be told. */
export function toUnknown(code: MatchCode): MatchCode {
  return unknownWith(subjectScoreOf(code));
}

export function classScoreOf(code: MatchCode): number {
  return code > 0 ? (code - 1) % 4 : 0;
}

export function subjectScoreOf(code: MatchCode): number {
  return Math.floor((Math.abs(code) - 1) / 4);
}
