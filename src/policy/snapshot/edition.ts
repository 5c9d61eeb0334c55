import type { RampSide } from "../compile/rule.ts";

/** Which of the rules that say so are in force for one run (policy-model 7). */
export interface Edition {
  /** Equal for editions that are the same; what rules are in force is kept by it. */
  readonly key: string;
  /** True: shadow rules are in force. */
  readonly isCounterfactual: boolean;
  /** True: matchers of groups, roles and issuers are tested apart, since no record tells of these. */
  readonly hidesNames: boolean;
  /** The version in force of the policy that a Rollout, by its full name, ramps. */
  sideOf(rollout: string): RampSide;
}

/** What is in force where nothing is ramped. */
export const plainEdition: Edition = Object.freeze({
  key: "",
  isCounterfactual: false,
  hidesNames: false,
  sideOf: () => "stable" as const,
});

/** The same rules for a caller whose groups, roles and issuer are on no record. */
export function withNamesHidden(edition: Edition): Edition {
  return { ...edition, key: `names ${edition.key}`, hidesNames: true };
}
