import { type Action, actions } from "../../domain/index.ts";
import { findBreach } from "../compile/boundaries.ts";
import type { CompiledForm } from "../compile/compiled-form.ts";
import type { Model } from "../compile/model-catalog.ts";
import { fitsPattern } from "../compile/name-pattern.ts";
import type { Rule } from "../compile/rule.ts";
import { enforceableEditions } from "../decide/editions.ts";
import type { Edition } from "../snapshot/edition.ts";
import type { AppScope } from "../snapshot/snapshot.ts";
import type { AnalysedPolicies } from "./analysed-policies.ts";
import { Bits } from "./bits.ts";

/** What can be told of a request before it is known who asks and what is in it. */
export interface AnalysedPath {
  readonly scope: AppScope;
  readonly action: Action;
  readonly model: Model | undefined;
  readonly edition: Edition;
}

/** On which paths one rule is in play. */
export interface RuleReach {
  readonly rule: Rule;
  /** On all paths where it can be, boundaries aside. */
  readonly anywhere: Bits;
  /** On the paths inside all boundaries. */
  readonly reached: Bits;
  /** On those where nothing takes it out of force: no window, no lift. */
  readonly always: Bits;
}

/** Paths looked at; beyond it they are thinned out evenly and what was not seen is said. */
export const pathsMax = 2000;

/** The paths of all apps, one for each class of apps and models that rules tell apart. */
export interface PathTable {
  readonly paths: readonly AnalysedPath[];
  /** Rules in force for good, sorted by name, as all that follow. */
  readonly reaches: readonly RuleReach[];
  /** Rules of Grants and Incidents, which are in force for a while only. */
  readonly exceptions: readonly RuleReach[];
  /** Rules in force and in shadow, as if the latter were enforced; empty where there are none. */
  readonly trials: readonly RuleReach[];
  readonly isExhaustive: boolean;
}

/** Asks the engine's own index which rules are in play where. */
export function createPathTable({ form, scopes }: AnalysedPolicies): PathTable {
  const names = namedIn(form);
  const all = appClasses(form, scopes, names).flatMap((scope) => pathsOf(scope, names));
  const step = Math.max(1, Math.ceil(all.length / pathsMax));
  const paths = all.filter((_path, index) => index % step === 0);
  const tabulate = (rules: readonly Rule[], editionOf = (path: AnalysedPath) => path.edition) => {
    const reaches = new Map(rules.map((rule) => [rule, nowhere(rule, paths.length)]));
    for (const [index, path] of paths.entries()) {
      noteRulesOn({ ...path, edition: editionOf(path) }, index, reaches);
    }
    return [...reaches.values()];
  };
  const lasting = form.rules.filter((rule) => !isOfException(rule));
  return {
    paths,
    reaches: tabulate(lasting.filter(({ isShadow }) => !isShadow)),
    exceptions: tabulate(form.rules.filter((rule) => isOfException(rule) && !rule.isShadow)),
    trials: lasting.some(({ isShadow }) => isShadow) ? tabulate(lasting, triedOut) : [],
    isExhaustive: step === 1,
  };
}

/** Whether a rule belongs to a Grant or an Incident. */
export function isOfException({ layer }: Rule): boolean {
  return layer === "grant" || layer === "incident";
}

/** As enforced there, and what is in shadow with it. */
function triedOut({ edition }: AnalysedPath): Edition {
  return { ...edition, key: `trial ${edition.key}`, isCounterfactual: true };
}

function nowhere(rule: Rule, paths: number): RuleReach {
  return {
    rule,
    anywhere: new Bits(paths),
    reached: new Bits(paths),
    always: new Bits(paths),
  };
}

function noteRulesOn(
  { scope, action, model, edition }: AnalysedPath,
  index: number,
  reaches: ReadonlyMap<Rule, RuleReach>,
): void {
  const isInside = isInsideBoundaries(scope, action, model);
  for (const { rule, lifts, unsetDuring } of scope.rulesFor(action, model, edition)) {
    const reach = reaches.get(rule);
    if (reach === undefined) continue;
    reach.anywhere.add(index);
    if (isInside) reach.reached.add(index);
    const isFirm = rule.window === undefined && lifts.length === 0 && unsetDuring.length === 0;
    if (isFirm && !rule.failsOpen) reach.always.add(index);
  }
}

/** Of tools only what holds for all of them is told here. */
function isInsideBoundaries(scope: AppScope, action: Action, model: Model | undefined): boolean {
  if (action.startsWith("tool.")) {
    return scope.boundaries.every(
      ({ boundary: { tools } }) => tools === undefined || tools.length > 0,
    );
  }
  const input = {
    time: "",
    action,
    point: "request",
    data: { status: "ok", findings: [] },
  } as const;
  return findBreach(scope.boundaries, input, { model, taxonomy: scope.taxonomy }) === undefined;
}

interface Named {
  /** Apps that something on some path speaks of by name. */
  readonly apps: ReadonlySet<string>;
  /** Ids and patterns of models, wherever rules and boundaries name any. */
  readonly models: readonly string[];
}

function namedIn({ rules, unset, lifts, rollouts }: CompiledForm): Named {
  const attached = [...rules, ...unset, ...rollouts.flatMap(({ attachments }) => attachments)];
  const scopes = [...lifts, ...rules].flatMap(({ scope }) => scope ?? []);
  const matchers = [...rules, ...scopes].flatMap(({ models }) => models ?? []);
  return {
    apps: new Set([
      ...attached.flatMap(({ app }) => app ?? []),
      ...scopes.flatMap(({ apps }) => apps ?? []),
    ]),
    models: [
      ...new Set([
        ...attached.flatMap(({ model }) => model ?? []),
        ...matchers.flatMap(({ ids, aliasMembers }) => [...(ids ?? []), ...aliasMembers]),
        ...rules.flatMap(({ route }) => [...(route?.prefer ?? []), ...(route?.fallback ?? [])]),
        ...rules.flatMap(({ transform }) => transform?.routeOnly ?? []),
      ]),
    ],
  };
}

/** Apps of a tenant that nothing names and that have the same terms are one to every rule. */
function appClasses(
  form: CompiledForm,
  scopes: readonly AppScope[],
  { apps }: Named,
): readonly AppScope[] {
  const classes = new Map<string, AppScope>();
  for (const scope of scopes) {
    const { tenantId, appId, fallbackAllows } = scope;
    const boundary = form.tenants[tenantId]?.apps[appId]?.boundary;
    const name = apps.has(appId) ? appId : "*";
    const key = JSON.stringify([tenantId, name, fallbackAllows, boundary]);
    if (!classes.has(key)) classes.set(key, scope);
  }
  return [...classes.values()];
}

function pathsOf(scope: AppScope, named: Named): readonly AnalysedPath[] {
  const models = modelClasses(scope, named);
  return enforceableEditions(scope).flatMap((edition) =>
    actions.flatMap((action): readonly AnalysedPath[] =>
      action.startsWith("llm.") && action !== "llm.read"
        ? models.map((model) => ({ scope, action, model, edition }))
        : [{ scope, action, model: undefined, edition }],
    ),
  );
}

/** Models that fit the same patterns and are alike in all that matchers read. */
function modelClasses({ models, boundaries }: AppScope, named: Named): readonly Model[] {
  const drawn = boundaries.flatMap(({ boundary: { ids, aliasMembers } }) => [
    ...(ids ?? []),
    ...aliasMembers,
  ]);
  const classes = new Map<string, Model>();
  for (const id of models.ids) {
    const model = models.byId(id);
    if (model === undefined) continue;
    const { provider, regions, deployment, tags, retention, permitted, isActive } = model;
    const fits = [...named.models, ...drawn].filter((pattern) => fitsPattern(pattern, id));
    const looks = [provider, regions, deployment, tags, retention, permitted, isActive];
    const key = JSON.stringify([...looks, fits]);
    if (!classes.has(key)) classes.set(key, model);
  }
  return [...classes.values()];
}
