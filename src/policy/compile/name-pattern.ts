/*
 * Patterns over names: exact, or a beginning where they end in `*` (policy-model 3).
 */

/** Whether a value is what the pattern names. */
export function fitsPattern(pattern: string, value: string): boolean {
  return pattern.endsWith("*") ? value.startsWith(pattern.slice(0, -1)) : pattern === value;
}

/** Whether some value fits both patterns. */
export function overlap(a: string, b: string): boolean {
  if (!a.endsWith("*")) return fitsPattern(b, a);
  if (!b.endsWith("*")) return fitsPattern(a, b);
  const [shorter, longer] = a.length <= b.length ? [a, b] : [b, a];
  return longer.startsWith(shorter.slice(0, -1));
}

/** Patterns with whoever each belongs to, asked by value in time that does not grow with their number. */
export class PatternIndex<Owner> {
  readonly #exact = new Map<string, Set<Owner>>();
  /** By length, so that a value is compared with one beginning for each length there is. */
  readonly #beginnings = new Map<number, Map<string, Set<Owner>>>();

  add(pattern: string, owner: Owner): void {
    if (!pattern.endsWith("*")) {
      addTo(this.#exact, pattern, owner);
      return;
    }
    const beginning = pattern.slice(0, -1);
    const sameLength = this.#beginnings.get(beginning.length) ?? new Map<string, Set<Owner>>();
    this.#beginnings.set(beginning.length, sameLength);
    addTo(sameLength, beginning, owner);
  }

  /** Adds the owners of all patterns the value fits. */
  collect(value: string, owners: Set<Owner>): void {
    for (const owner of this.#exact.get(value) ?? []) owners.add(owner);
    for (const [length, beginnings] of this.#beginnings) {
      if (length > value.length) continue;
      for (const owner of beginnings.get(value.slice(0, length)) ?? []) owners.add(owner);
    }
  }
}

function addTo<Owner>(owners: Map<string, Set<Owner>>, key: string, owner: Owner): void {
  const known = owners.get(key);
  if (known === undefined) owners.set(key, new Set([owner]));
  else known.add(owner);
}
