import type { FaultCode } from "../base/index.ts";
import type { QuotaDemand } from "../policy/index.ts";
import type { BypassRecord, ClosingRecord, CutWatcher, DecisionRecord } from "../record/index.ts";

/** Told what exchanges do, for metrics and for people watching; calls are cheap and never throw. */
export interface ExchangeObserver extends CutWatcher {
  decided(record: DecisionRecord): void;
  closed(record: ClosingRecord): void;
  bypassed(record: BypassRecord): void;
  /** The exchange met a fault and answered closed. */
  faulted(code: FaultCode): void;
  /** Refused because of a quota that counts in this unit. */
  quotaRefused(unit: QuotaDemand["unit"]): void;
  /** Bytes of bodies held, as they come and go. */
  held(bytes: number): void;
}
