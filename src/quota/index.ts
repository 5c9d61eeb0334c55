/**
 * Budgets: how much of something may be used in a window, reserved at admission and settled when the
 * real cost is known. It holds no counters itself: a `QuotaStore` does, and this folder says what one
 * must do. It knows neither policies nor traffic. Start with `Ledger`.
 */
export { toBudget, toCost } from "./amount.ts";
export {
  type Counter,
  chargeCounter,
  correctCounter,
  createCounter,
  isIdle,
  tryCharge,
} from "./counter.ts";
export type { Demand, DemandResult } from "./demand.ts";
export { Ledger, type LedgerOptions } from "./ledger.ts";
export type { FinalAmount, Reservation } from "./reservation.ts";
export {
  type Charge,
  type ChargeResult,
  type Correction,
  type Eventually,
  type QuotaStore,
  type StoreCall,
  StoreUnavailable,
  type StoreWindow,
  type Taken,
} from "./store.ts";
export { type QuotaWindow, slotsPerWindow } from "./window.ts";
