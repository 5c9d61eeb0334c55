import type { Verdict } from "./judge.ts";

const examplesMax = 3;
const exampleUnitsMax = 1500;

/** What went wrong at one position: counts by what it was, and a few examples. */
export class Failures {
  readonly #counts = new Map<string, { count: number; under: Set<string> }>();
  readonly #examples: string[] = [];
  #runs = 0;

  /** Counts a run, and a failure if there is one; `under` says which. */
  note(verdict: Verdict, under: readonly string[], example: string): void {
    this.#runs += 1;
    if (verdict === undefined) return;
    const kind = verdict.split(":", 1)[0] ?? verdict;
    const known = this.#counts.get(kind) ?? { count: 0, under: new Set() };
    known.count += 1;
    for (const each of under) known.under.add(each);
    this.#counts.set(kind, known);
    if (this.#examples.length < examplesMax) {
      const shown = `${verdict}\n  of ${JSON.stringify(example)}`.slice(0, exampleUnitsMax);
      this.#examples.push(`${under.join(", ")}: ${shown}`);
    }
  }

  /** Empty when nothing went wrong. */
  toString(): string {
    const lines = [...this.#counts].map(
      ([kind, { count, under }]) =>
        `${kind} in ${count} of ${this.#runs} (${[...under].join(", ")})`,
    );
    return [...lines, ...this.#examples].join("\n");
  }
}
