import type { BundleTerms } from "../activation/index.ts";
import type { Problem } from "../base/index.ts";
import type { BundleLedger, KeyRing, LoadedBundles } from "../bundle/index.ts";
import { BundlePolls, type BundleSource } from "../sources/index.ts";
import {
  type BundleLedgerStore,
  type BundleRefusal,
  datedRefusals,
  type KeptBundles,
} from "./bundle-ledger.ts";

/** What a feed works with. */
export interface BundleFeedOptions {
  readonly sources: readonly BundleSource[];
  readonly pollSeconds: number;
  /** `policies.trust`: the platform's keys; undefined: no bundle is taken. */
  readonly root: KeyRing | undefined;
  readonly store: BundleLedgerStore;
  /** Told that there may be something else to load; must not throw. */
  readonly changed: () => void;
}

/** What came of bundles in a load. */
export type BundleOutcome = Pick<LoadedBundles, "ledger" | "refusals" | "reviewAtMs">;

/**
 * The bundles of one server: polled, held at each load against what was accepted before, and
 * remembered on disk, so that no restart lets an older one in. Owned by the server.
 */
export class BundleFeed {
  readonly #options: BundleFeedOptions;
  #polls: BundlePolls | undefined;
  #ledger: BundleLedger | undefined;
  #refusals: readonly BundleRefusal[] = [];
  #review: NodeJS.Timeout | undefined;

  private constructor(options: BundleFeedOptions) {
    this.#options = options;
  }

  /** Asks every source once. Rejects where the ledger on disk is damaged. */
  static async open(options: BundleFeedOptions): Promise<BundleFeed> {
    const feed = new BundleFeed(options);
    const kept = await options.store.load();
    feed.#ledger = kept?.ledger;
    feed.#refusals = kept?.refusals ?? [];
    const { changed, pollSeconds, sources } = options;
    const onPoll = (isChanged: boolean) => {
      if (isChanged) changed();
    };
    feed.#polls = await BundlePolls.open({ sources, pollSeconds, onPoll });
    return feed;
  }

  /** What is accepted and refused as of the last `accept`, for `/status`. */
  get kept(): KeptBundles {
    const ledger = this.#ledger ?? { trust: "", accepted: new Map() };
    return { ledger, refusals: this.#refusals };
  }

  /** When the source of a namespace was last heard, in milliseconds since 1970. */
  confirmedAtMs(namespace: string): number | undefined {
    const place = this.#ledger?.accepted.get(namespace)?.place;
    return this.#polls?.states.find((source) => source.place === place)?.confirmedAtMs;
  }

  /** Why sources gave nothing when they were last asked, though they may have given it before. */
  get silences(): readonly Problem[] {
    return (this.#polls?.states ?? []).flatMap(({ failure, place }) =>
      failure === undefined ? [] : [toWarning(place, failure)],
    );
  }

  /** Asks all sources now; gives whether one of them gave something new. Never rejects. */
  async refresh(): Promise<boolean> {
    return (await this.#polls?.refresh()) ?? false;
  }

  /** What sources gave last, and what it has to be verified by. */
  get terms(): BundleTerms {
    const offers = this.#polls?.offers ?? [];
    return { offers, root: this.#options.root, ledger: this.#ledger };
  }

  /**
   * Remembers a load that serves now, and comes back when time alone changes what holds. Rejects when
   * the disk says no; what was accepted counts in this process all the same.
   */
  async accept({ ledger, refusals, reviewAtMs }: BundleOutcome, nowMs: number): Promise<void> {
    this.#ledger = ledger;
    this.#refusals = datedRefusals(refusals, this.#refusals, nowMs);
    clearTimeout(this.#review);
    if (reviewAtMs !== undefined) {
      // A little behind the moment, since timers may be a little ahead of the clock.
      const waitMs = Math.min(reviewAtMs - nowMs + 10, timerMsMax);
      this.#review = setTimeout(this.#options.changed, waitMs).unref();
    }
    await this.#options.store.save(this.kept);
  }

  close(): void {
    clearTimeout(this.#review);
    this.#polls?.close();
  }
}

/** A longer wait than Node has is cut into several: looking early does no harm. */
const timerMsMax = 2 ** 31 - 1;

function toWarning(place: string, { hint, message }: Pick<Problem, "message" | "hint">): Problem {
  return { code: "C04", severity: "warning", file: place, line: 0, column: 0, message, hint };
}
