/** How many calls there may be at once, and how many may wait for their turn. */
export interface SlotTerms {
  readonly concurrencyMax: number;
  readonly queueMax: number;
}

/** A turn to call; `release` gives it back, once. */
export interface Slot {
  release(): void;
}

interface Waiter {
  readonly tenant: string;
  readonly grant: (slot: Slot | undefined) => void;
}

/**
 * Turns to call one server, shared by tenants: whoever has the fewest calls under way is next, and no
 * tenant has more than half of the places in the queue, so that none keeps the others out.
 */
export class CallSlots {
  readonly #terms: SlotTerms;
  readonly #running = new Map<string, number>();
  #runs = 0;
  #waiting: Waiter[] = [];

  constructor(terms: SlotTerms) {
    this.#terms = terms;
  }

  /**
   * A turn for this tenant, at once or when there is one; undefined where too many wait already, and
   * once `signal` ends the wait.
   */
  acquire(tenant: string, signal: AbortSignal): Slot | undefined | Promise<Slot | undefined> {
    if (this.#runs < this.#terms.concurrencyMax) return this.#start(tenant);
    const ofTenant = this.#waiting.filter((waiter) => waiter.tenant === tenant).length;
    const shareMax = Math.ceil(this.#terms.queueMax / 2);
    if (this.#waiting.length >= this.#terms.queueMax || ofTenant >= shareMax) return undefined;
    return new Promise((resolve) => {
      const waiter: Waiter = {
        tenant,
        grant: (slot) => {
          signal.removeEventListener("abort", giveUp);
          resolve(slot);
        },
      };
      const giveUp = () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiter);
        resolve(undefined);
      };
      this.#waiting.push(waiter);
      signal.addEventListener("abort", giveUp, { once: true });
    });
  }

  #start(tenant: string): Slot {
    this.#runs += 1;
    this.#running.set(tenant, this.#runningOf(tenant) + 1);
    return { release: () => this.#end(tenant) };
  }

  #end(tenant: string): void {
    this.#runs -= 1;
    const left = this.#runningOf(tenant) - 1;
    if (left === 0) this.#running.delete(tenant);
    else this.#running.set(tenant, left);
    const next = this.#takeNext();
    next?.grant(this.#start(next.tenant));
  }

  /** Of those with the fewest calls under way the one that has waited longest. */
  #takeNext(): Waiter | undefined {
    let next = this.#waiting[0];
    for (const waiter of this.#waiting) {
      if (next !== undefined && this.#runningOf(waiter.tenant) < this.#runningOf(next.tenant)) {
        next = waiter;
      }
    }
    this.#waiting = this.#waiting.filter((waiter) => waiter !== next);
    return next;
  }

  #runningOf(tenant: string): number {
    return this.#running.get(tenant) ?? 0;
  }
}
