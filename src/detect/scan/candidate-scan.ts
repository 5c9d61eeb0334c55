import type { Candidate } from "./family.ts";
import type { Outlook } from "./outlook.ts";

/**
 * One text that comes in pieces and in which candidates are looked for. However it is cut, those taken
 * are the same. `RuleScan` is one, and so are the scans of what tenants bring along.
 */
export interface CandidateScan {
  /** As `TextScan` promises it. */
  readonly settled: number;
  push(piece: string): void;
  /** No more text comes; everything is settled. */
  end(): void;
  /** Those before `settled` that were not taken yet, sorted, not overlapping; offsets into the whole text. */
  take(): readonly Candidate[];
  /** A scan of a text that began like this one and may go on otherwise. It finds only what comes. */
  fork(): CandidateScan;
  /** What it knows of the text so far that bears on the text to come, but for the end of that text. */
  outlook(): Outlook;
}
