import type { FaultCode } from "../base/index.ts";
import type { QuotaDemand } from "../policy/index.ts";
import type { BypassRecord, ClosingRecord, CutWatcher, DecisionRecord } from "../record/index.ts";

/** Told what exchanges do, for metrics and for people watching; calls are cheap and never throw. */
export interface ExchangeObserver extends CutWatcher {
  /** `traceId`: of a trace that somebody keeps. */
  decided(record: DecisionRecord, traceId?: string): void;
  closed(record: ClosingRecord, traceId?: string): void;
  bypassed(record: BypassRecord): void;
  /** The exchange goes on although its decision could not be written: it will be, late. */
  wentUnrecorded(): void;
  /** The exchange met a fault: it ended closed, or went on because it is only watched. */
  faulted(code: FaultCode, answer: "closed" | "open"): void;
  /** Refused because of a quota that counts in this unit. */
  quotaRefused(unit: QuotaDemand["unit"]): void;
  /** Bytes of bodies held, as they come and go. */
  held(bytes: number): void;
}
