import {
  type Charge,
  type Correction,
  type Counter,
  chargeCounter,
  correctCounter,
  createCounter,
  isIdle,
  type QuotaStore,
  type StoreCall,
  StoreUnavailable,
  type StoreWindow,
  type Taken,
  tryCharge,
} from "../quota/index.ts";

/** Counters kept of one tenant, so that no tenant's callers take the room of another's. */
export const countersPerTenantMax = 100_000;

const sweepAtLeast = 1024;

interface Kept {
  readonly window: StoreWindow;
  readonly counter: Counter;
}

/** The counters of one tenant. */
class Shelf {
  readonly #kept = new Map<string, Kept>();
  #sweepAt = sweepAtLeast;

  find(key: string): Kept | undefined {
    return this.#kept.get(key);
  }

  /** @throws StoreUnavailable where every place is taken by a counter that still matters */
  add(key: string, kept: Kept, nowMs: number): void {
    if (this.#kept.size >= this.#sweepAt) this.#sweep(nowMs);
    if (this.#kept.size >= countersPerTenantMax) {
      throw new StoreUnavailable(`expected at most ${countersPerTenantMax} counters of one tenant`);
    }
    this.#kept.set(key, kept);
  }

  /** Passes over all, as seldom as the number doubles. */
  #sweep(nowMs: number): void {
    for (const [key, { counter, window }] of this.#kept) {
      if (isIdle(counter, window, nowMs)) this.#kept.delete(key);
    }
    const next = Math.max(sweepAtLeast, this.#kept.size * 2);
    // Full of what still matters: the next one looks again.
    this.#sweepAt = Math.min(next, countersPerTenantMax);
  }
}

/** Counters in this process: gone with it, and shared with no other. Answers at once. */
export class MemoryQuotaStore implements QuotaStore {
  readonly #shelves = new Map<string, Shelf>();

  reserve(charges: readonly Charge[], { nowMs, tenant }: StoreCall): Taken {
    const shelf = this.#shelfOf(tenant);
    const counters = charges.map(({ key, window }) => {
      const known = shelf.find(key);
      if (known !== undefined) return known.counter;
      const counter = createCounter(window);
      shelf.add(key, { window, counter }, nowMs);
      return counter;
    });
    const pairs = charges.map((charge, index) => ({
      charge,
      counter: counters[index] ?? createCounter(charge.window),
    }));
    const results = pairs.map(({ charge, counter }) => tryCharge(counter, charge, nowMs));
    const isTaken = charges.every(({ isSoft }, index) => isSoft || results[index]?.isWithin);
    if (isTaken) for (const { charge, counter } of pairs) chargeCounter(counter, charge, nowMs);
    return { isTaken, results };
  }

  correct(corrections: readonly Correction[], { nowMs, tenant }: StoreCall): void {
    const shelf = this.#shelfOf(tenant);
    for (const correction of corrections) {
      const { amount, key, window } = correction;
      const known = shelf.find(key)?.counter;
      if (known !== undefined) correctCounter(known, correction, nowMs);
      // One that was forgotten said nothing any more; more is counted on a new one all the same.
      else if (amount > 0) {
        const counter = createCounter(window);
        correctCounter(counter, correction, nowMs);
        if (!isIdle(counter, window, nowMs)) shelf.add(key, { window, counter }, nowMs);
      }
    }
  }

  #shelfOf(tenant: string): Shelf {
    const known = this.#shelves.get(tenant);
    if (known !== undefined) return known;
    // Tenants are those of the policies, so there are as many as were declared.
    const shelf = new Shelf();
    this.#shelves.set(tenant, shelf);
    return shelf;
  }
}
