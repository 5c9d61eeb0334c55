import type { QuotaWindow } from "./window.ts";

/** What one quota is asked for one exchange. Amounts in micro-units. */
export interface Demand {
  /** Full name of the quota. */
  readonly quota: string;
  readonly tenant: string;
  /** Tells budgets of this quota apart; verified values, in the order of its `key`. */
  readonly key: readonly string[];
  /** Undefined: what it costs cannot be told, which counts as too much. */
  readonly amount: number | undefined;
  readonly limit: number;
  readonly window: QuotaWindow;
  /** Going over does not stop the exchange; it is counted all the same. */
  readonly isSoft: boolean;
  readonly onUnavailable: "deny" | "local";
}

/** How the check of one quota ended (policy-model 12.1). */
export interface DemandResult {
  readonly quota: string;
  /** `unavailable` with `onUnavailable: local`: it fits into this process's share. */
  readonly result: "ok" | "exceeded" | "unavailable";
  /** Whole seconds; undefined where waiting does not help or nobody knows. */
  readonly retryAfterSeconds: number | undefined;
}
