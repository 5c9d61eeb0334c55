import type { BundleOffer } from "../bundle/index.ts";
import type { BundleSource } from "./bundle-source.ts";
import { SourceError } from "./source-error.ts";

/** What is known of one source. */
export interface PolledSource {
  readonly place: string;
  /** When it was last heard to give what it gives now, in milliseconds since 1970. */
  readonly confirmedAtMs: number | undefined;
  /** Why the last poll gave nothing; undefined: it did. */
  readonly failure: Pick<SourceError, "message" | "hint"> | undefined;
}

/** What polls work with. */
export interface PollOptions {
  readonly sources: readonly BundleSource[];
  readonly pollSeconds: number;
  /** Told after each poll of a source whether what it gives is new; must not throw. */
  readonly onPoll: (isChanged: boolean) => void;
}

interface Polled {
  readonly source: BundleSource;
  archive: Uint8Array | undefined;
  confirmedAtMs: number | undefined;
  failure: SourceError | undefined;
  polling: Promise<boolean> | undefined;
}

/** Part of the wait that is left to chance, so that many servers do not ask at one moment. */
const jitter = 0.2;

/**
 * Asks remote sources for their archives, now and then, each on its own. Owned by whoever opened
 * it; does not keep the process alive.
 */
export class BundlePolls {
  readonly #options: PollOptions;
  readonly #polled: readonly Polled[];
  #timers: NodeJS.Timeout[] = [];
  #isClosed = false;

  private constructor(options: PollOptions) {
    this.#options = options;
    this.#polled = options.sources.map((source) => ({
      source,
      archive: undefined,
      confirmedAtMs: undefined,
      failure: undefined,
      polling: undefined,
    }));
  }

  /** Resolves once every source was asked, whatever it said. */
  static async open(options: PollOptions): Promise<BundlePolls> {
    const polls = new BundlePolls(options);
    await polls.refresh();
    for (const one of polls.#polled) polls.#again(one);
    return polls;
  }

  /** What the sources give: the newest archive of each, or why there never was one. */
  get offers(): readonly BundleOffer[] {
    return this.#polled.map(({ archive, failure, source: { place } }) => {
      if (archive !== undefined) return { place, archive };
      const { hint, message } =
        failure ?? new SourceError("it was not asked yet", "Wait a moment.");
      return { place, failure: { code: "C04", message, hint } };
    });
  }

  get states(): readonly PolledSource[] {
    return this.#polled.map(({ confirmedAtMs, failure, source: { place } }) => ({
      place,
      confirmedAtMs,
      failure,
    }));
  }

  /** Asks all sources now; gives whether one of them gave something new. Never rejects. */
  async refresh(): Promise<boolean> {
    const isNew = await Promise.all(this.#polled.map((one) => this.#poll(one)));
    return isNew.includes(true);
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #again(one: Polled): void {
    if (this.#isClosed) return;
    const waitMs = this.#options.pollSeconds * 1000 * (1 - jitter * Math.random());
    const timer = setTimeout(async () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
      const isChanged = await this.#poll(one);
      if (this.#isClosed) return;
      this.#options.onPoll(isChanged);
      this.#again(one);
    }, waitMs).unref();
    this.#timers.push(timer);
  }

  /** Whether there is something new; calls while one is under way share its answer. */
  #poll(one: Polled): Promise<boolean> {
    one.polling ??= ask(one).finally(() => {
      one.polling = undefined;
    });
    return one.polling;
  }
}

async function ask(one: Polled): Promise<boolean> {
  try {
    const archive = await one.source.poll();
    one.failure = undefined;
    one.confirmedAtMs = Date.now();
    if (archive === undefined || isSame(archive, one.archive)) return false;
    one.archive = archive;
    return true;
  } catch (error) {
    // What came before stays, verified anew at each load; how old it is shows in `confirmedAtMs`.
    const isNew = one.failure === undefined;
    one.failure = error instanceof SourceError ? error : unexpected(error);
    return isNew && one.archive === undefined;
  }
}

function isSame(one: Uint8Array, other: Uint8Array | undefined): boolean {
  return other !== undefined && Buffer.compare(one, other) === 0;
}

function unexpected(error: unknown): SourceError {
  const hint = "Report this with the log of the server.";
  return new SourceError(`reading it failed: ${String(error).slice(0, 200)}`, hint, {
    cause: error,
  });
}
