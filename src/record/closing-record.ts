import type { DecisionRecord } from "./decision-record.ts";
import type { ExchangeEnd, RecordedFinding, RecordedSide, RecordedUsage } from "./parts.ts";

/**
 * The exchange ended: exactly one after a decision that was not final (audit-and-operations 2.3).
 * Its decision is the last one at the response; versions are those of the decision record.
 */
export interface ClosingRecord
  extends Pick<
    DecisionRecord,
    | "exchange"
    | "tenant"
    | "app"
    | "route"
    | "point"
    | "model"
    | "outcome"
    | "verdict"
    | "reason"
    | "decidedBy"
    | "rules"
    | "warnings"
    | "controls"
    | "lifted"
    | "shadow"
    | "tools"
    | "quotas"
    | "buckets"
    | "evaluated"
    | "obligations"
    | "obligationsDigest"
    | "applied"
    | "facts"
    | "results"
    | "unsigned"
    | "timeUs"
    | "truncated"
  > {
  /** Place `response` only, in the order of `toRecordedFindings`. */
  readonly findings?: readonly RecordedFinding[] | undefined;
  /** As sent, after edits. */
  readonly output?: RecordedSide | undefined;
  readonly usage?: RecordedUsage | undefined;
  /** Only where kill switches have come since the decision; else those of the decision hold. */
  readonly versions?: DecisionRecord["versions"];
  readonly end: ExchangeEnd;
  readonly retainDays?: number | undefined;
}
