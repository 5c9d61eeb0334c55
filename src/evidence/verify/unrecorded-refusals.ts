/** What a beat says of refusals without a record since the sign of life before it. */
interface ToldRefusals {
  readonly count: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** One refusal that the proxy logged and that has no record. */
export interface RefusedExchange {
  readonly exchange: string;
  /** When it began, in milliseconds since the epoch. */
  readonly beganMs: number;
}

/**
 * Refusals while the log could not be written (audit-and-operations 4.8): they have no record, but the
 * log tells their number afterwards, in `refused` of a beat.
 */
export class UnrecordedRefusals {
  readonly #told: ToldRefusals[] = [];
  /** Of each log, by its origin. */
  readonly #lastSignMs = new Map<string, number>();

  /** Takes an `open` or `beat`, in the order of its log; times are RFC 3339. */
  take({ at, refused }: Readonly<Record<string, unknown>>, origin: string): void {
    const toMs = Date.parse(String(at));
    const fromMs = this.#lastSignMs.get(origin) ?? Number.NEGATIVE_INFINITY;
    this.#lastSignMs.set(origin, toMs);
    if (typeof refused === "number") this.#told.push({ count: refused, fromMs, toMs });
  }

  /**
   * Those of the exchanges, all begun up to `lastMs`, that beats account for: no more than these tell,
   * and none that began after the beat. Where they are too many the latest are accounted for first.
   */
  accountedFor(exchanges: readonly RefusedExchange[], lastMs: number): ReadonlySet<string> {
    const told = this.#told
      .filter(({ fromMs }) => fromMs <= lastMs)
      .sort((a, b) => b.toMs - a.toMs);
    const accounted = new Set<string>();
    let next = 0;
    let left = 0;
    for (const { beganMs, exchange } of exchanges.toSorted((a, b) => b.beganMs - a.beganMs)) {
      for (let one = told[next]; one !== undefined && one.toMs >= beganMs; one = told[next]) {
        left += one.count;
        next += 1;
      }
      if (left === 0) continue;
      left -= 1;
      accounted.add(exchange);
    }
    return accounted;
  }
}
