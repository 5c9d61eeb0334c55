const firstMs = 500;
const lastMs = 60_000;

/** How long to leave a receiver alone that failed: 0.5 s to 60 s, doubled each time, with jitter. */
export class BackOff {
  readonly #random: () => number;
  #nextMs = firstMs;

  /** `random` gives numbers from 0 up to 1. */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** The next wait in milliseconds; at least what the receiver asks for, as far as that is sane. */
  next(askedMs = 0): number {
    const base = this.#nextMs;
    this.#nextMs = Math.min(lastMs, base * 2);
    // Between half and all of it, so that many senders do not come back at one moment.
    const waitMs = Math.max(firstMs, base * (0.5 + this.#random() / 2));
    return Math.max(waitMs, Math.min(askedMs, lastMs));
  }

  /** It worked: the next failure is a first one. */
  reset(): void {
    this.#nextMs = firstMs;
  }
}
