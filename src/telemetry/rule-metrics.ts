import type { RuleMatch } from "../domain/index.ts";
import type { MetricSet } from "./metric-set.ts";

/** Rules with a series of their own (audit-and-operations 6); what the others do is `other`. */
const namedRulesMax = 500;
const otherRule = "other";
const otherPlace = 0;

const ruleLayers = ["global", "tenant", "app", "model", "grant", "incident"] as const;
const ruleEffects = ["allow", "deny", "redact", "transform", "warn"] as const;

/** A rule as the serving snapshot lists it. */
interface LoadedRule extends Pick<RuleMatch, "layer" | "effect"> {
  readonly name: string;
}

/** Where a rule counts, found once when it is loaded. */
interface RulePlaces {
  readonly hits: number;
  readonly matches: number;
}

/** What rules count. */
export interface RuleMetrics {
  /**
   * From now on these are the rules there are, in load order. Those that have a series keep it and
   * go on counting; free ones go to the first that have none; a rule that is gone is not shown.
   */
  loaded(rules: readonly LoadedRule[]): void;
  /** One rule that matched, or could not be told, in one decision. */
  matched(match: RuleMatch): void;
}

export function createRuleMetrics(metrics: MetricSet): RuleMetrics {
  const matches = metrics.counter(
    "chancery_rule_matches_total",
    "Rules that matched, by layer and effect.",
    { name: "layer", values: ruleLayers },
    { name: "effect", values: ruleEffects },
  );
  let places: ReadonlyMap<string, RulePlaces> = new Map();
  let hits = new Float64Array(namedRulesMax + 1);
  metrics.counterOf("chancery_rule_hits_total", "Decisions in which a rule matched.", {
    name: "rule",
    *read() {
      for (const [name, place] of places) yield [name, hits[place.hits] ?? 0];
      yield [otherRule, hits[otherPlace] ?? 0];
    },
  });
  return {
    loaded(rules) {
      const before = { hits, places };
      const known = rules.filter(({ name }) => before.places.has(name));
      const fresh = rules.filter(({ name }) => !before.places.has(name));
      const named = [...known, ...fresh].slice(0, namedRulesMax);
      hits = new Float64Array(namedRulesMax + 1);
      hits[otherPlace] = before.hits[otherPlace] ?? 0;
      // The map is made anew, so that its keys are the very strings that decisions will ask with.
      places = new Map(
        named.map(({ effect, layer, name }, index) => {
          const place = { hits: index + 1, matches: matches.slotOf(layer, effect) };
          const former = before.places.get(name);
          if (former !== undefined) hits[place.hits] = before.hits[former.hits] ?? 0;
          return [name, place];
        }),
      );
    },
    matched({ effect, id, layer }) {
      const place = places.get(id);
      const hit = place?.hits ?? otherPlace;
      hits[hit] = (hits[hit] ?? 0) + 1;
      matches.addTo(place?.matches ?? matches.slotOf(layer, effect));
    },
  };
}
