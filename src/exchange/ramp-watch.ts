import type { Decision } from "../domain/index.ts";

/** Decisions that are told apart when they are counted. */
export type JudgedThing = "requests" | "answers" | "tools";

/** Watches ramps that have guards by what exchanges decide (policy-model 7). */
export interface RampWatch {
  /** Full names of the rollouts that are at nobody for now; another set after every change. */
  readonly suspended: ReadonlySet<string>;
  /** Told once of each decision that goes on record; cheap, and never throws. */
  judged(what: JudgedThing, decision: Decision): void;
}
