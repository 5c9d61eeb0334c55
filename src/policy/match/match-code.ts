/**
 * How a rule's test ended: 0 is F; T is positive and E negative, with how exactly the rule speaks of
 * caller, tool and findings (policy-model 5.2) packed in.
 */
export type MatchCode = number;

/** F: the rule has no part in the decision. */
export const noMatch: MatchCode = 0;

/** How well the findings fit: 0 for a rule that asks for none, 1 a parent class, 2 the class itself. */
export type ClassScore = 0 | 1 | 2;

/** Why a test could not be told: what is in the text, or else a condition. */
export type UnknownCause = "unclassified" | "condition_error";

/** T. `subjectScore` is 0 to 4, `toolScore` 0 to 2. */
export function matchedWith(
  subjectScore: number,
  toolScore: number,
  classScore: ClassScore,
): MatchCode {
  return 1 + classScore + 4 * toolScore + 16 * subjectScore;
}

/** E. */
export function unknownWith(
  subjectScore: number,
  toolScore: number,
  cause: UnknownCause,
): MatchCode {
  return -(1 + Number(cause === "unclassified") + 4 * toolScore + 16 * subjectScore);
}

/** Whether it could not be told. */
export function isUnknown(code: MatchCode): boolean {
  return code < 0;
}

/** The same rule, where something else about it could not be told. What is in the text comes first. */
export function toUnknown(code: MatchCode, cause: UnknownCause): MatchCode {
  const first = isUnknown(code) && causeOf(code) === "unclassified" ? "unclassified" : cause;
  return unknownWith(subjectScoreOf(code), toolScoreOf(code), first);
}

/** The same, for a rule that speaks of the caller as exactly as this or more. */
export function withSubject(code: MatchCode, subjectScore: number): MatchCode {
  const score = Math.max(subjectScore, subjectScoreOf(code));
  return isUnknown(code)
    ? unknownWith(score, toolScoreOf(code), causeOf(code))
    : matchedWith(score, toolScoreOf(code), classScoreOf(code) as ClassScore);
}

/** Of an E: why. */
export function causeOf(code: MatchCode): UnknownCause {
  return (Math.abs(code) - 1) % 4 === 1 ? "unclassified" : "condition_error";
}

export function classScoreOf(code: MatchCode): number {
  return code > 0 ? (code - 1) % 4 : 0;
}

export function toolScoreOf(code: MatchCode): number {
  return Math.floor((Math.abs(code) - 1) / 4) % 4;
}

export function subjectScoreOf(code: MatchCode): number {
  return Math.floor((Math.abs(code) - 1) / 16);
}
