/** One entry that may be missing, and where it is read. */
export interface OpenRead {
  readonly path: string;
  readonly offset: number | undefined;
}

/** Stands for a key that is computed. */
export const anyKey = "*";

/**
 * What of `claims`, `labels`, `params`, `args` and `actor` one expression reads, and what it tests
 * for being there (policy-model 11, W19). A test anywhere in the expression counts: `&&` and `||`
 * absorb errors from both sides, so the order does not matter.
 */
export class Guards {
  readonly #reads: OpenRead[] = [];
  readonly #tested: string[] = [];

  noteRead(read: OpenRead): void {
    this.#reads.push(read);
  }

  /** A path that is tested with `has()` or `in`. */
  noteTest(path: string): void {
    this.#tested.push(path);
  }

  /** The first read of each entry that nothing tests. */
  unguarded(): readonly OpenRead[] {
    const bare = this.#reads.filter(
      ({ path }) =>
        !this.#tested.some((tested) => tested === path || tested.startsWith(`${path}.`)),
    );
    return bare.filter(({ path }, place) => bare.findIndex((read) => read.path === path) === place);
  }
}
