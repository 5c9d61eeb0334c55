import type { ClosingRecord } from "./closing-record.ts";
import type { DecisionRecord } from "./decision-record.ts";

/**
 * What decision and closing have between them, so that one writer holds the order of keys for
 * both. Every `DecisionRecord` and every `ClosingRecord` is one.
 */
export interface JudgedRecord
  extends Omit<DecisionRecord, "mode" | "fallback" | "retainDays">,
    Pick<ClosingRecord, "output" | "usage" | "retainDays"> {
  readonly mode?: DecisionRecord["mode"] | undefined;
  readonly fallback?: DecisionRecord["fallback"] | undefined;
}

export type JudgedKind = "decision" | "closing";
