import type { Principal } from "../../domain/index.ts";
import type { SubjectMatcher } from "../compile/rule.ts";
import type { Truth } from "../expression/expression.ts";
import { suffixOfScore } from "../match/hidden-subjects.ts";
import { matchSubjects, type SubjectScore } from "../match/match-subjects.ts";

/**
 * What stands where a decision reads attributes that no record holds (audit-and-operations 2.4): it
 * tests them, or knows from a record how the test ended. Each part of a rule has a key of its own.
 */
export interface HiddenParts {
  /** How exactly a matcher that lists ids fits the caller; undefined: not at all. */
  caller(key: string, matcher: SubjectMatcher, principal: Principal): SubjectScore | undefined;
  /** How a condition that reads what is hidden ends; `test` tries it on the facts there are. */
  condition(key: string, test: () => Truth): Truth;
  /** Whether a kill switch that lists callers stops this one; `test` as of a condition. */
  target(key: string, test: () => boolean): boolean;
  /** The caller's bucket in a ramp; `compute` takes it from ids. */
  bucket(rollout: string, compute: () => number): number;
}

/** How hidden parts ended, by key; a part that was F is not there. */
export type HiddenResults = Readonly<Record<string, "T" | "E">>;

/** Tests hidden parts and keeps how they ended, for the record. Owned by one decision. */
export class HiddenNotes implements HiddenParts {
  readonly #results = new Map<string, "T" | "E">();

  caller(key: string, matcher: SubjectMatcher, principal: Principal): SubjectScore | undefined {
    const score = matchSubjects(matcher, principal);
    if (score === undefined) return undefined;
    this.#results.set(key, "T");
    const suffix = suffixOfScore(matcher, principal, score);
    if (suffix !== undefined) this.#results.set(key + suffix, "T");
    return score;
  }

  condition(key: string, test: () => Truth): Truth {
    const truth = test();
    if (truth !== "F") this.#results.set(key, truth);
    return truth;
  }

  target(key: string, test: () => boolean): boolean {
    const hits = test();
    if (hits) this.#results.set(key, "T");
    return hits;
  }

  bucket(_rollout: string, compute: () => number): number {
    return compute();
  }

  /** Sorted by key. */
  get results(): ReadonlyMap<string, "T" | "E"> {
    return this.#results;
  }
}
