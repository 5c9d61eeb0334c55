import type { RuleTrace } from "../../domain/index.ts";

/** How often a test ended in each of the three values. */
export interface Outcomes {
  readonly T: number;
  readonly F: number;
  readonly E: number;
}

/** What the tests reached (policy-model 12.1). Names are sorted. */
export interface Coverage {
  readonly rules: Readonly<Record<string, Outcomes>>;
  /** By rule and condition, with `#` between. */
  readonly conditions: Readonly<Record<string, Outcomes>>;
}

/** A rule that can be reached, and its conditions in the order they are tested. */
export interface ReachableRule {
  readonly name: string;
  readonly conditions: readonly { readonly name: string }[];
}

type Counts = { -readonly [Value in keyof Outcomes]: Outcomes[Value] };

/** Counts how rules and their conditions turned out over many decisions. */
export class CoverageCount {
  readonly #conditionsOf = new Map<string, readonly string[]>();
  readonly #rules = new Map<string, Counts>();
  readonly #conditions = new Map<string, Counts>();

  constructor(rules: readonly ReachableRule[]) {
    for (const { name, conditions } of rules) {
      const names = conditions.map((condition) => `${name}#${condition.name}`);
      this.#conditionsOf.set(name, names);
      this.#rules.set(name, noOutcomes());
      for (const condition of names) this.#conditions.set(condition, noOutcomes());
    }
  }

  /** Adds the trace of one decision. */
  add(evaluated: readonly RuleTrace[]): void {
    for (const { rule, match, at } of evaluated) {
      if (match === "unknown") continue;
      const counts = this.#rules.get(rule);
      if (counts !== undefined) counts[match] += 1;
      this.#addConditions(rule, match, at);
    }
  }

  get result(): Coverage {
    return { rules: sorted(this.#rules), conditions: sorted(this.#conditions) };
  }

  /** Conditions are tested behind the matchers and in order, so those before the first not T were. */
  #addConditions(rule: string, match: keyof Outcomes, at: string | null): void {
    const prefix = "conditions#";
    const stopped = at?.startsWith(prefix) ? `${rule}#${at.slice(prefix.length)}` : undefined;
    if (match !== "T" && stopped === undefined) return;
    for (const name of this.#conditionsOf.get(rule) ?? []) {
      const counts = this.#conditions.get(name);
      if (counts === undefined) continue;
      counts[name === stopped ? match : "T"] += 1;
      if (name === stopped) return;
    }
  }
}

function noOutcomes(): Counts {
  return { T: 0, F: 0, E: 0 };
}

function sorted(counts: ReadonlyMap<string, Outcomes>): Readonly<Record<string, Outcomes>> {
  return Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
