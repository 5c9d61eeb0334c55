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
