import type { Rule } from "../compile/rule.ts";

/** What one source shows of which rules and Grants were used, and over which time. */
export interface PolicyUsage {
  /**
   * Records name every rule that matched, with its time, and who lifted what. Metrics count the rules
   * in force that they list, and say neither when one matched nor what a lift did.
   */
  readonly source: "records" | "metrics";
  /** Milliseconds since the epoch: what was used from then on shows, */
  readonly fromMs: number;
  /** and until then. */
  readonly untilMs: number;
  /** When each was used last, in milliseconds since the epoch, by the full name of rule or Grant. */
  readonly lastUses: ReadonlyMap<string, number>;
  /** Rules that are counted one by one; metrics only. */
  readonly listed?: ReadonlySet<string>;
}

/** Milliseconds of a day. */
export const dayMs = 86_400_000;

/** Whole days that all sources cover; 0 where there are none. */
export function daysCovered(usage: readonly PolicyUsage[]): number {
  const spans = usage.map(({ fromMs, untilMs }) => Math.max(0, untilMs - fromMs));
  return spans.length === 0 ? 0 : Math.floor(Math.min(...spans) / dayMs);
}

/** The last use that any source shows; undefined: none. */
export function lastUse(usage: readonly PolicyUsage[], name: string): number | undefined {
  const uses = usage.flatMap(({ lastUses }) => lastUses.get(name) ?? []);
  return uses.length === 0 ? undefined : Math.max(...uses);
}

/** Whether a use of the rule would show in what metrics count: in force, under this name alone. */
export function isCountedOneByOne(rule: Rule, { source, listed }: PolicyUsage): boolean {
  if (source === "records") return true;
  return listed?.has(rule.name) === true && !rule.isShadow && rule.ramp === undefined;
}
