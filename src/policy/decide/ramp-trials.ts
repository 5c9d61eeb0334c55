import type { Decision, RampOutcome, RampTrial } from "../../domain/index.ts";
import type { Edition } from "../snapshot/edition.ts";
import type { Editions, GuardedRamp } from "./editions.ts";
import { type Question, type Ruling, ruleOn } from "./routing.ts";

/** What is known already when versions are compared. */
export interface TrialParts {
  readonly ruling: Ruling;
  readonly editions: Editions;
  /** The whole counterfactual, which other ramps and shadow rules may bear on as well. */
  readonly counterfactual: RampOutcome;
  readonly ask: (edition: Edition) => Question;
}

/**
 * What each guarded ramp on the path changes about one decision, all else as it is enforced: other
 * ramps and shadow rules must not count against it (policy-model 7). Undefined where none is guarded.
 */
export function tryRamps({ ruling, editions, counterfactual, ask }: TrialParts): Decision["ramps"] {
  const { guarded } = editions;
  if (guarded.length === 0) return undefined;
  const trialOf = ({ document, enforced, other }: GuardedRamp): RampTrial => {
    const here = outcomeOf(ruling);
    const there = other === undefined ? counterfactual : outcomeOf(ruleOn(ask(other)));
    return enforced === "candidate"
      ? { document, stable: there, candidate: here }
      : { document, stable: here, candidate: there };
  };
  return Object.fromEntries(guarded.map((ramp) => [ramp.name, trialOf(ramp)]));
}

function outcomeOf({ run: { verdict, reason } }: Ruling): RampOutcome {
  return { verdict, reason };
}
