/** Decisions counted, and those among them that a guard bounds. */
export interface GuardCounts {
  readonly samples: number;
  readonly newDenies: number;
  readonly errors: number;
}

const nothing: GuardCounts = { samples: 0, newDenies: 0, errors: 0 };

/**
 * Counts over the last decisions, at least `size` of them once there were so many and fewer than
 * twice as many: two blocks, of which the older one goes when the younger is full.
 */
export class GuardWindow {
  readonly #size: number;
  #older = nothing;
  #younger = nothing;

  constructor(size: number) {
    this.#size = size;
  }

  add({ isNewDeny, isError }: { readonly isNewDeny: boolean; readonly isError: boolean }): void {
    const { samples, newDenies, errors } = this.#younger;
    this.#younger = {
      samples: samples + 1,
      newDenies: newDenies + Number(isNewDeny),
      errors: errors + Number(isError),
    };
    if (this.#younger.samples < this.#size) return;
    this.#older = this.#younger;
    this.#younger = nothing;
  }

  get counts(): GuardCounts {
    return {
      samples: this.#older.samples + this.#younger.samples,
      newDenies: this.#older.newDenies + this.#younger.newDenies,
      errors: this.#older.errors + this.#younger.errors,
    };
  }
}
