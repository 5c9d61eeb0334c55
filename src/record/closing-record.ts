import type { Usage } from "../domain/index.ts";
import type { DecisionRecord } from "./decision-record.ts";
import type { ExchangeEnd, RecordedFinding, RecordedSide } from "./parts.ts";

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
    | "unsigned"
    | "timeUs"
    | "truncated"
  > {
  /** Place `response` only, in the order of `toRecordedFindings`. */
  readonly findings?: readonly RecordedFinding[] | undefined;
  /** As sent, after edits. */
  readonly output?: RecordedSide | undefined;
  /** Tokens as the provider counted them. */
  readonly usage?: Usage | undefined;
  readonly end: ExchangeEnd;
  readonly retainDays?: number | undefined;
}
