import type { DecisionInput, Place } from "../../domain/index.ts";
import type { ClassMatcher } from "../compile/rule.ts";
import { classFit } from "../compile/taxonomy.ts";
import type { ClassScore } from "./match-code.ts";

/**
 * Tests what was found, redacted or not (policy-model 3 on `anyOf`): the specificity of the data
 * class where it fits, undefined where it does not, `unknown` where that cannot be told.
 */
export function matchClasses(
  matcher: ClassMatcher,
  data: DecisionInput["data"],
): ClassScore | "unknown" | undefined {
  let count = 0;
  let score: ClassScore = 0;
  for (const finding of data.findings) {
    if (finding.confidence < matcher.minConfidence || !isIn(matcher.places, finding.in)) continue;
    const fit = bestFit(matcher.anyOf, finding.class);
    if (fit === 0) continue;
    count += finding.count;
    if (fit > score) score = fit;
  }
  if (score > 0 && count >= matcher.minCount) return score;
  // What was not looked at to the end may still hold more.
  return data.status === "ok" ? undefined : "unknown";
}

/** Whether the list of places, absent meaning all, has this one. */
export function isIn(places: readonly Place[] | undefined, place: Place): boolean {
  return places === undefined || places.includes(place);
}

function bestFit(listed: readonly string[], found: string): ClassScore {
  let best: ClassScore = 0;
  for (const dataClass of listed) {
    const fit = classFit(found, dataClass);
    if (fit === "same") return 2;
    if (fit === "below") best = 1;
  }
  return best;
}
