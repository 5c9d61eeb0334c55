import type { DemandResult } from "./demand.ts";
import {
  type Charge,
  type Correction,
  type QuotaStore,
  type StoreCall,
  StoreUnavailable,
} from "./store.ts";

/** What was counted for one exchange, and where. */
export interface Holding {
  readonly store: QuotaStore;
  /** As the store calls it. */
  readonly tenant: string;
  readonly entries: readonly Entry[];
}

interface Entry {
  readonly quota: string;
  readonly charge: Charge;
  readonly slot: number;
}

/** What a quota was used for in the end, in micro-units; undefined: what was reserved. */
export type FinalAmount = (quota: string) => number | undefined;

/**
 * What was reserved for one exchange: it is settled or released, exactly once. A store that cannot
 * be asked then keeps what was reserved until its window is over, which is never too little.
 */
export class Reservation {
  /** For demands of nothing. */
  static readonly none = new Reservation([]);
  /** One for each demand. */
  readonly results: readonly DemandResult[];
  #holding: Holding | undefined;

  constructor(results: readonly DemandResult[], holding?: Holding) {
    this.results = results;
    this.#holding = holding;
  }

  /** Something is reserved and neither settled nor released. */
  get isHeld(): boolean {
    return this.#holding !== undefined;
  }

  /** The same reservation with the results of quotas that nothing was reserved of. */
  beside(others: readonly DemandResult[]): Reservation {
    const own = new Map(this.results.map((result) => [result.quota, result]));
    const results = others.map((other) => own.get(other.quota) ?? other);
    return new Reservation(results, this.#holding);
  }

  /** Replaces what was reserved by what it came to. */
  settle(finalAmount: FinalAmount, nowMs: number): void {
    const holding = this.#holding;
    this.#holding = undefined;
    if (holding === undefined) return;
    const corrections: Correction[] = [];
    for (const { charge, quota, slot } of holding.entries) {
      const { amount: reserved, isSoft: _, ...counter } = charge;
      const amount = (finalAmount(quota) ?? reserved) - reserved;
      if (amount !== 0) corrections.push({ ...counter, amount, slot });
    }
    if (corrections.length === 0) return;
    const { store, tenant } = holding;
    void correct(store, corrections, { tenant, nowMs });
  }

  /** Gives back all that was reserved. */
  release(nowMs: number): void {
    this.settle(() => 0, nowMs);
  }
}

async function correct(
  store: QuotaStore,
  corrections: readonly Correction[],
  call: StoreCall,
): Promise<void> {
  try {
    await store.correct(corrections, call);
  } catch (error) {
    // The exchange is over and can do nothing about it. What was reserved stays counted, which is
    // the careful side, and the store has told whoever watches it.
    if (!(error instanceof StoreUnavailable)) throw error;
  }
}
