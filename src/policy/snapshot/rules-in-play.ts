import type { Obligations, RuleMatch } from "../../domain/index.ts";
import type { ActiveWindow, Attachment, Lift, Rule, UnsetDefault } from "../compile/rule.ts";
import { fitPath, isInScope, type Path } from "../match/specificity.ts";
import type { ConditionBook, PreparedConditions } from "./conditions.ts";
import type { Edition } from "./edition.ts";
import { isEntitled } from "./entitlement.ts";
import { divideTests, type HiddenTests } from "./hidden-tests.ts";
import { auditOf } from "./rule-audit.ts";

/** A rule whose attachment, action and model fit; what is left to test are caller, tool, findings. */
export interface RuleInPlay {
  readonly rule: Rule;
  /** Specificity without what only a request can tell (policy-model 5.2). */
  readonly staticRank: number;
  /** Entries for the decision, made once: matched, and could not be told. */
  readonly matched: RuleMatch;
  readonly unknown: RuleMatch;
  readonly conditions: PreparedConditions;
  /** It reads what only an answer has, so before there is one it is left out (policy-model 3.1). */
  readonly waitsForAnswer: boolean;
  /** Not in force within any of these, since a policy below unsets it then. */
  readonly unsetDuring: readonly ActiveWindow[];
  /** Those that may lift it, sorted by the exception's name. */
  readonly lifts: readonly Lift[];
  /** Its part in the obligations, made once. */
  readonly audit: Obligations["audit"];
  /** Tests that read what no record holds; undefined where there are none, as of most rules. */
  readonly hidden: HiddenPart | undefined;
}

/** What of a rule reads what no record holds, and what is left of the rule without it. */
export interface HiddenPart extends HiddenTests {
  readonly rest: RuleInPlay;
}

/** What the path of one tenant's requests is made of; rules are sorted by name. */
export interface RuleSet {
  readonly rules: readonly Rule[];
  readonly unset: readonly UnsetDefault[];
  /** By the full name of the rule; sorted by the exception's name. */
  readonly lifts: ReadonlyMap<string, readonly Lift[]>;
  readonly conditions: ConditionBook;
}

/** What the rules in play are looked up by. */
export interface PathQuery extends Path {
  readonly edition: Edition;
}

/** The rules in play for one app, action and model, in the order given. */
export function rulesInPlay(set: RuleSet, query: PathQuery): readonly RuleInPlay[] {
  const unset = unsetOn(set.unset, query);
  const found: RuleInPlay[] = [];
  for (const rule of rulesOnPath(set, query)) {
    const unsetDuring = unset.get(rule.name) ?? noWindows;
    if (unsetDuring === "always") continue;
    const staticRank = fitPath(rule, query);
    if (typeof staticRank === "string") continue;
    const { name: id, layer, effect } = rule;
    const conditions = set.conditions.prepare(rule);
    const inPlay = {
      rule,
      staticRank,
      matched: Object.freeze({ id, layer, effect, match: "T" }),
      unknown: Object.freeze({ id, layer, effect, match: "E" }),
      conditions,
      waitsForAnswer: conditions.waitsForAnswer || (rule.classes?.readsResponseOnly ?? false),
      unsetDuring,
      lifts: liftsOf(rule, set, query),
      audit: auditOf(rule),
      hidden: undefined,
    };
    found.push(withHiddenPart(inPlay, query));
  }
  return found;
}

function withHiddenPart(inPlay: RuleInPlay, query: PathQuery): RuleInPlay {
  const divided = divideTests(inPlay.rule, inPlay.conditions, query);
  if (divided === undefined) return inPlay;
  const { conditions, rule, tests } = divided;
  return { ...inPlay, hidden: { ...tests, rest: { ...inPlay, rule, conditions } } };
}

/** The rules that are attached to the path and of the edition, whether or not they can match. */
export function rulesOnPath({ rules }: RuleSet, query: PathQuery): readonly Rule[] {
  return rules.filter((rule) => isOnPath(rule, query) && isInEdition(rule, query.edition));
}

function isOnPath(attached: Attachment, { app, model }: Path): boolean {
  return (
    (attached.app === undefined || attached.app === app) &&
    (attached.model === undefined || attached.model === model?.id)
  );
}

function isInEdition(
  { isShadow, ramp }: Pick<Rule, "isShadow" | "ramp">,
  edition: Edition,
): boolean {
  if (isShadow && !edition.isCounterfactual) return false;
  return ramp === undefined || edition.sideOf(ramp.rollout) === ramp.side;
}

const noWindows: readonly ActiveWindow[] = Object.freeze([]);
const noLifts: readonly Lift[] = Object.freeze([]);

type UnsetTimes = "always" | readonly ActiveWindow[];

/** When each default is not in force, by its name. */
function unsetOn(
  unset: readonly UnsetDefault[],
  query: PathQuery,
): ReadonlyMap<string, UnsetTimes> {
  const times = new Map<string, UnsetTimes>();
  for (const one of unset) {
    if (!isOnPath(one, query) || !isInEdition(one, query.edition)) continue;
    const known = times.get(one.rule) ?? noWindows;
    const isAlways = known === "always" || one.window === undefined;
    times.set(one.rule, isAlways ? "always" : [...known, one.window]);
  }
  return times;
}

function liftsOf(rule: Rule, { lifts }: RuleSet, query: PathQuery): readonly Lift[] {
  const named = lifts.get(rule.name);
  if (named === undefined) return noLifts;
  return named.filter((lift) => isEntitled(lift, rule) && isInScope(lift.scope, query));
}
