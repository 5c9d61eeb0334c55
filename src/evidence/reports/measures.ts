/** What a measure says, and the target it is held against (audit-and-operations 6 and 14). */
export interface Measure {
  /** In a word or two. */
  readonly name: string;
  readonly title: string;
  /** A share is from 0 to 1, a count is of things. */
  readonly unit: "share" | "count";
  /** Null where there is none to be had in common. */
  readonly target: number | null;
  /** Whether more is better, so that the target is the least there should be. */
  readonly isFloor: boolean;
}

const share = (name: string, title: string, target: number | null): Measure => ({
  ...{ name, title, target },
  ...{ unit: "share", isFloor: true },
});
const count = (name: string, title: string, target: number | null): Measure => ({
  ...{ name, title, target },
  ...{ unit: "count", isFloor: false },
});

/** By id, in order; O5 is the objective that no measure covers. */
export const measures = {
  M1: share("decision latency", "Decisions within 50 ms", 0.99),
  M2: share("enforcement", "Effects that were carried out", 0.999),
  M3: share("coverage", "Exchanges that were judged or refused", 0.999),
  M4: share("denials", "Exchanges that were denied", null),
  M5: share("precision", "Findings that are right, of those reviewed", null),
  M6: share("recall", "Values that were found, of those reviewed", null),
  M7: share("audit completeness", "Exchanges with complete records", 0.9999),
  M8: count("privacy", "Records with a field that no schema names", 0),
  M9: share("policy changes", "Policy changes that came into force", null),
  M10: count("incidents", "Incidents with a policy as their cause", null),
  M11: count("drift", "Alarms that findings drift", null),
  M12: count("conflicts", "Decisions in which obligations clashed", 0),
  M13: share("blocking", "Denials that were carried out", 0.999),
  M14: share("redaction", "Redactions that were carried out", 0.999),
  M15: count("rollbacks", "Policies that were rolled back", null),
  O5: share("availability", "Exchanges not ended by a fault or by overload", 0.999),
} as const satisfies Record<string, Measure>;

export type MeasureId = keyof typeof measures;

export const measureIds = Object.keys(measures) as readonly MeasureId[];
