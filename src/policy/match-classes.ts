import type { DecisionInput, Place } from "../domain/index.ts";
import type { ClassMatcher } from "./rule.ts";
import { classFit } from "./taxonomy.ts";

/**
 * How a rule's findings test ended: `unknown` (E), `noMatch` (F), or T as 1 plus the specificity of
 * the data class (0 to 2, policy-model 5.2).
 */
export type MatchCode = -1 | 0 | 1 | 2 | 3;
/** The codes that are no score. */
export const unknown = -1;
export const noMatch = 0;
export const matchedAnything = 1;

/** Tests what was found, redacted or not (policy-model 3 on `anyOf`). */
export function matchClasses(matcher: ClassMatcher, data: DecisionInput["data"]): MatchCode {
  let count = 0;
  let score: 0 | 1 | 2 = 0;
  for (const finding of data.findings) {
    if (finding.confidence < matcher.minConfidence || !isIn(matcher.places, finding.in)) continue;
    const fit = bestFit(matcher.anyOf, finding.class);
    if (fit === 0) continue;
    count += finding.count;
    if (fit > score) score = fit;
  }
  if (score > 0 && count >= matcher.minCount) return score === 2 ? 3 : 2;
  // What was not looked at to the end may still hold more.
  return data.status === "ok" ? noMatch : unknown;
}

/** Whether the list of places, absent meaning all, has this one. */
export function isIn(places: readonly Place[] | undefined, place: Place): boolean {
  return places === undefined || places.includes(place);
}

function bestFit(listed: readonly string[], found: string): 0 | 1 | 2 {
  let best: 0 | 1 | 2 = 0;
  for (const dataClass of listed) {
    const fit = classFit(found, dataClass);
    if (fit === "same") return 2;
    if (fit === "below") best = 1;
  }
  return best;
}
