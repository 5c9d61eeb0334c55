/** Every name that can stand in `truncated`, sorted. */
export const cuttableFields = [
  "app",
  "buckets",
  "controls",
  "decidedBy",
  "evaluated",
  "facts",
  "findings",
  "hops",
  "lifted",
  "model",
  "obligations",
  "obligationsDigest",
  "principal",
  "quotas",
  "reason",
  "requestId",
  "results",
  "route",
  "rules",
  "shadow",
  "suspended",
  "tenant",
  "tools",
  "trace",
  "versions",
  "warnings",
] as const;

/** Told of each record that could not be written whole; cheap, and never throws. */
export interface CutWatcher {
  /** `fields` are those named in its `truncated`. */
  truncated(fields: readonly string[]): void;
}

/** The fields a writer had to cut, by name, for the record's `truncated`. */
export class Cuts {
  #fields: Set<string> | undefined;

  /** Begins with what was cut before the record was made. */
  constructor(already?: Iterable<string>) {
    if (already === undefined) return;
    for (const field of already) this.add(field);
  }

  add(field: string): void {
    this.#fields ??= new Set();
    this.#fields.add(field);
  }

  /** Sorted, none twice; undefined where nothing was cut. */
  get fields(): readonly string[] | undefined {
    return this.#fields === undefined ? undefined : [...this.#fields].sort();
  }
}
