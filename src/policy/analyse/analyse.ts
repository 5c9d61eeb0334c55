import { type Problem, sortProblems } from "../../base/index.ts";
import type { PolicyDocument } from "../documents/document.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { findAmbiguous } from "./ambiguous.ts";
import { compileForAnalysis } from "./analysed-policies.ts";
import { createAnalysis } from "./analysis.ts";
import { findConflicts } from "./conflicts.ts";
import { findExposure } from "./exposure.ts";
import type { PolicyUsage } from "./policy-usage.ts";
import { findRedundant } from "./redundant.ts";
import { findStale } from "./stale.ts";
import { findUntested } from "./test-coverage.ts";
import { findUnreachable } from "./unreachable.ts";
import { findUnused } from "./unused.ts";

export interface AnalyseOptions {
  /** Of the same documents, for their tests. */
  readonly snapshot: Snapshot;
  /** Milliseconds since the epoch; without it what takes a clock is not looked for. */
  readonly nowMs?: number | undefined;
  /** What was used; without it nothing is called unused. */
  readonly usage?: readonly PolicyUsage[] | undefined;
  /** Days without use after which something is called unused. */
  readonly unusedDays?: number | undefined;
}

/** Days without use after which something is called unused, where nobody says otherwise. */
export const unusedDaysDefault = 30;

/**
 * Static analysis (policy-model 11): warnings W11 to W18, each at its place, sorted. The documents have
 * no errors. Rules in shadow, and those of Grants and Incidents, are held against those in force for
 * good as far as those leave them nothing to do; that they contradict them is what they are for.
 */
export function analyse(
  documents: readonly PolicyDocument[],
  { snapshot, nowMs, usage = [], unusedDays = unusedDaysDefault }: AnalyseOptions,
): readonly Problem[] {
  const analysis = createAnalysis(compileForAnalysis(documents));
  return sortProblems([
    ...findUnreachable(analysis),
    ...findRedundant(analysis),
    ...findConflicts(analysis),
    ...findAmbiguous(analysis),
    ...findUntested(analysis, snapshot),
    ...findStale(analysis, nowMs),
    ...(nowMs === undefined ? [] : findUnused(analysis, { usage, unusedDays, nowMs })),
    ...findExposure(analysis),
  ]);
}
