import { type FSWatcher, watch } from "node:fs";
import { takeFingerprint } from "./fingerprint.ts";

/** Told what became of watched paths; calls must not throw. */
export interface WatchListener {
  /** Something was written, or may have been. */
  changed(): void;
  /** A look found everything as it was. */
  unchanged(): void;
}

/** How long a watch waits, in milliseconds. */
export interface WatchTimes {
  /** Without news before a change is told, since editors and checkouts write in several steps. */
  readonly quietMs: number;
  /** The longest such wait, for writers that never rest. */
  readonly quietMsMax: number;
  /** Between two looks. */
  readonly lookMs: number;
}

const defaultTimes: WatchTimes = { quietMs: 100, quietMsMax: 1_000, lookMs: 5_000 };

/** Folders the kernel watches for us; those beyond are still looked at. */
const watchedFoldersMax = 256;

/**
 * Watches files and folders: by notice of the kernel, which is quick but does not come from every
 * file system, and by a look now and then, which is slow but sees everything. Owned by whoever
 * opened it; does not keep the process alive.
 */
export class PathWatch {
  readonly #paths: readonly string[];
  readonly #listener: WatchListener;
  readonly #times: WatchTimes;
  readonly #watchers = new Map<string, FSWatcher>();
  #fingerprint = "";
  #looks: NodeJS.Timeout | undefined;
  #quiet: NodeJS.Timeout | undefined;
  #firstNoticeMs = 0;
  #isClosed = false;

  private constructor(paths: readonly string[], listener: WatchListener, times: WatchTimes) {
    this.#paths = paths;
    this.#listener = listener;
    this.#times = times;
  }

  /** Everything that changes after this resolved is told. */
  static async open(
    paths: readonly string[],
    listener: WatchListener,
    times: WatchTimes = defaultTimes,
  ): Promise<PathWatch> {
    const opened = new PathWatch(paths, listener, times);
    await opened.#look();
    opened.#lookAgainLater();
    return opened;
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#looks);
    clearTimeout(this.#quiet);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #lookAgainLater(): void {
    this.#looks = setTimeout(async () => {
      const isChanged = await this.#look();
      if (this.#isClosed) return;
      this.#lookAgainLater();
      if (isChanged) this.#listener.changed();
      else this.#listener.unchanged();
    }, this.#times.lookMs).unref();
  }

  /** Whether anything is not as it was at the last look. */
  async #look(): Promise<boolean> {
    const { folders, text } = await takeFingerprint(this.#paths);
    if (this.#isClosed) return false;
    this.#follow(folders.slice(0, watchedFoldersMax));
    const isChanged = text !== this.#fingerprint;
    this.#fingerprint = text;
    return isChanged;
  }

  #follow(folders: readonly string[]): void {
    for (const [folder, watcher] of this.#watchers) {
      if (folders.includes(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of folders) {
      if (!this.#watchers.has(folder)) this.#watchFolder(folder);
    }
  }

  #watchFolder(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, () => this.#notice());
      watcher.on("error", () => this.#forget(folder, watcher));
      this.#watchers.set(folder, watcher);
    } catch {
      // Gone, or the kernel has no watches left: the next look sees what happens there.
    }
  }

  #forget(folder: string, watcher: FSWatcher): void {
    watcher.close();
    if (this.#watchers.get(folder) === watcher) this.#watchers.delete(folder);
  }

  #notice(): void {
    const nowMs = performance.now();
    if (this.#quiet === undefined) this.#firstNoticeMs = nowMs;
    clearTimeout(this.#quiet);
    const leftMs = this.#firstNoticeMs + this.#times.quietMsMax - nowMs;
    const waitMs = Math.max(0, Math.min(this.#times.quietMs, leftMs));
    this.#quiet = setTimeout(() => void this.#settle(), waitMs).unref();
  }

  /** Looks first, so that folders that are new are watched before anyone reads them. */
  async #settle(): Promise<void> {
    this.#quiet = undefined;
    await this.#look();
    // Told whatever the look found: two writes within a tick of the clock look the same.
    if (!this.#isClosed) this.#listener.changed();
  }
}
