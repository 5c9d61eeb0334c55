/** A run of tokens that a model reads at once, and those of them whose labels count. */
export interface TokenWindow {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly countsFrom: number;
  /** Exclusive. */
  readonly countsTo: number;
}

/**
 * Covers a number of tokens with windows of at most `size`, each a quarter over the one before it. Of
 * what two windows see, each half counts where it is further from an edge: a model knows a word by what
 * stands around it.
 */
export function windowsOf(tokens: number, size: number): readonly TokenWindow[] {
  const overlap = Math.floor(size / 4);
  const windows: TokenWindow[] = [];
  let countsFrom = 0;
  for (let start = 0; countsFrom < tokens; start += size - overlap) {
    const end = Math.min(start + size, tokens);
    const countsTo = end === tokens ? tokens : end - Math.floor(overlap / 2);
    windows.push({ start, end, countsFrom, countsTo });
    countsFrom = countsTo;
  }
  return windows;
}
