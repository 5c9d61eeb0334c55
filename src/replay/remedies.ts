import type { Decision, RuleMatch } from "../domain/index.ts";
import type { JudgedRecord } from "./judged-record.ts";

/** Something that would have to be another for a denied request or answer to pass. */
export interface Remedy {
  /** Full name of a rule, boundary, kill switch or quota. */
  readonly name: string;
  readonly why: /** It denied: it would have to go, to be lifted, or to match less. */
    | "denies"
    /** It permits, but did not match at `at`. */
    | "does_not_match"
    /** It stops all that it is aimed at. */
    | "stops"
    /** What was asked for is outside of it. */
    | "is_outside"
    /** It was spent, or its counters could not be asked. */
    | "is_spent";
  /** The matcher or condition that kept a permit from matching. */
  readonly at: string | null;
}

/**
 * What would have to change for a denied decision to be a permit; all of what denies, and any one of
 * what only did not permit. Empty for a permit, and where no policy stands behind a deny.
 */
export function remediesOf(
  { decidedBy, outcome, quotas = {}, reason }: JudgedRecord,
  again: Decision,
  effectOf: (rule: string) => RuleMatch["effect"] | undefined,
): readonly Remedy[] {
  if (outcome !== "deny") return [];
  const byName = decidedBy === undefined ? [] : [decidedBy];
  switch (reason) {
    case "kill_switch":
      return byName.map((name) => ({ name, why: "stops", at: null }));
    case "outside_boundary":
      return byName.map((name) => ({ name, why: "is_outside", at: null }));
    case "no_permit":
      return (again.evaluated ?? [])
        .filter(({ match, rule }) => match !== "T" && effectOf(rule) === "allow")
        .map(({ at, rule }) => ({ name: rule, why: "does_not_match", at }));
    case "quota_exceeded":
    case "quota_unavailable":
      return Object.entries(quotas)
        .filter(([, result]) => result !== "ok")
        .map(([name]) => ({ name, why: "is_spent", at: null }));
    default:
      return again.rules.map((name) => ({ name, why: "denies", at: null }));
  }
}
