import type { FaultCode } from "../base/index.ts";
import type { BypassRecord, ClosingRecord, CutWatcher, DecisionRecord } from "../record/index.ts";

/** Told what exchanges do, for metrics and for people watching; calls are cheap and never throw. */
export interface ExchangeObserver extends CutWatcher {
  decided(record: DecisionRecord): void;
  closed(record: ClosingRecord): void;
  bypassed(record: BypassRecord): void;
  /** The exchange met a fault and answered closed. */
  faulted(code: FaultCode): void;
  /** Bytes of bodies held, as they come and go. */
  held(bytes: number): void;
}
