/** How long repeats of one code wait for their line (audit-and-operations 7). */
const windowMs = 10_000;
/** Codes are few and closed; this only keeps a mistake from growing the map. */
const codesMax = 256;

/** Runs something later, once. */
export type StartWait = (milliseconds: number, run: () => void) => void;

interface Window {
  readonly writeCount: (count: number) => void;
  count: number;
}

/**
 * Collapses repeats of a code to one line per 10 s: the first is written at once, the others are
 * counted, and the count is written when the time is over.
 */
export class Repeats {
  readonly #startWait: StartWait;
  readonly #windows = new Map<string, Window>();

  constructor(startWait: StartWait) {
    this.#startWait = startWait;
  }

  /** True where the line is to be written now; `writeCount` is kept for the repeats it may have. */
  admit(key: string, writeCount: (count: number) => void): boolean {
    const window = this.#windows.get(key);
    if (window !== undefined) {
      window.count += 1;
      return false;
    }
    if (this.#windows.size < codesMax) this.#open(key, writeCount);
    return true;
  }

  #open(key: string, writeCount: (count: number) => void): void {
    const window = { writeCount, count: 0 };
    this.#windows.set(key, window);
    this.#startWait(windowMs, () => this.#close(key, window));
  }

  #close(key: string, window: Window): void {
    this.#windows.delete(key);
    if (window.count === 0) return;
    this.#open(key, window.writeCount);
    window.writeCount(window.count);
  }
}
