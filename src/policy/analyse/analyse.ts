import { type Problem, sortProblems } from "../../base/index.ts";
import type { PolicyDocument } from "../documents/document.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { findAmbiguous } from "./ambiguous.ts";
import { compileForAnalysis } from "./analysed-policies.ts";
import { createAnalysis } from "./analysis.ts";
import { findConflicts } from "./conflicts.ts";
import { findExposure } from "./exposure.ts";
import { findRedundant } from "./redundant.ts";
import { findStale } from "./stale.ts";
import { findUntested } from "./test-coverage.ts";
import { findUnreachable } from "./unreachable.ts";

export interface AnalyseOptions {
  /** Of the same documents, for their tests. */
  readonly snapshot: Snapshot;
  /** Milliseconds since the epoch; without it what takes a clock is not looked for. */
  readonly nowMs?: number | undefined;
}

/**
 * Static analysis (policy-model 11): warnings W11 to W18, each at its place, sorted. The documents have
 * no errors. Rules in shadow, and those of Grants and Incidents, are held against nothing: the first
 * are being tried out, the others are meant to cut across.
 */
export function analyse(
  documents: readonly PolicyDocument[],
  { snapshot, nowMs }: AnalyseOptions,
): readonly Problem[] {
  const analysis = createAnalysis(compileForAnalysis(documents));
  return sortProblems([
    ...findUnreachable(analysis),
    ...findRedundant(analysis),
    ...findConflicts(analysis),
    ...findAmbiguous(analysis),
    ...findUntested(analysis, snapshot),
    ...findStale(analysis, nowMs),
    ...findExposure(analysis),
  ]);
}
