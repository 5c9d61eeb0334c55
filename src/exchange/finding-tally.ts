import { invariant } from "../base/index.ts";
import type { Finding, FindingGroup, Place, Span } from "../domain/index.ts";

/**
 * Counts findings by class, detector, place and confidence, sorted so, as `evaluate` and records
 * take them (audit-and-operations 2.3 `findings`).
 */
export class FindingTally {
  readonly #groups = new Map<string, { group: FindingGroup; count: number }>();
  #sorted: readonly FindingGroup[] | undefined;

  add(finding: Finding, place: Place): void {
    const { dataClass, detector, confidencePct } = finding;
    const key = `${dataClass}\u0000${detector}\u0000${place}\u0000${String(confidencePct).padStart(3, "0")}`;
    const known = this.#groups.get(key);
    this.#sorted = undefined;
    if (known !== undefined) {
      known.count += 1;
      return;
    }
    const confidence = confidencePct / 100;
    const group = { class: dataClass, detector, in: place, count: 1, confidence };
    this.#groups.set(key, { group, count: 1 });
  }

  addAll(spans: readonly Span[], findings: readonly (readonly Finding[])[]): void {
    findings.forEach((found, index) => {
      const place = spans[index]?.place;
      if (place === undefined) return;
      for (const finding of found) this.add(finding, place);
    });
  }

  /** A tally of the findings of both. */
  with(other: FindingTally): FindingTally {
    const both = new FindingTally();
    for (const tally of [this, other])
      for (const [key, entry] of tally.#groups) both.#join(key, entry);
    return both;
  }

  #join(
    key: string,
    { group, count }: { readonly group: FindingGroup; readonly count: number },
  ): void {
    const known = this.#groups.get(key);
    if (known === undefined) this.#groups.set(key, { group, count });
    else known.count += count;
  }

  get isEmpty(): boolean {
    return this.#groups.size === 0;
  }

  groups(): readonly FindingGroup[] {
    this.#sorted ??= [...this.#groups.keys()].sort().map((key) => {
      const entry = this.#groups.get(key);
      invariant(entry !== undefined, "a key of the map is in the map");
      return entry.count === 1 ? entry.group : { ...entry.group, count: entry.count };
    });
    return this.#sorted;
  }
}
