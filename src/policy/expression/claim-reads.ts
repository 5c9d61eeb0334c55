import type { Field } from "./types.ts";

const claimsPath = "principal.claims";

/** Which of the caller's claims one expression reads, as far as its text names them. */
export class ClaimReads {
  readonly #named = new Set<string>();
  /** Reads of all claims that no name was seen for yet. */
  #open = 0;

  /** The names; undefined where any claim may be read. */
  get names(): ReadonlySet<string> | undefined {
    return this.#open === 0 ? this.#named : undefined;
  }

  /** An attribute is read, and maybe an entry of it afterwards. */
  noteAttribute({ counts }: Field): void {
    if (counts === "claims") this.#open += 1;
  }

  /** One entry is read of what was read at `path`; `key` is undefined where it is computed. */
  noteEntry(path: string | undefined, key: string | undefined): void {
    if (path !== claimsPath || key === undefined) return;
    this.#open -= 1;
    this.#named.add(key);
  }
}
