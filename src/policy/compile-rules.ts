import { invariant } from "../base/index.ts";
import { type Place, places, type Redaction } from "../domain/index.ts";
import { type DocumentOfKind, platformNamespace } from "./document.ts";
import type { VisibleModels } from "./model-catalog.ts";
import {
  type Authority,
  type ClassMatcher,
  defaultMinConfidence,
  type ModelMatcher,
  type PermittedClasses,
  type Rule,
} from "./rule.ts";
import type { ClassMatcherSpec, ModelMatcherSpec, RuleSpec } from "./rule-schema.ts";

type PolicyDoc = DocumentOfKind<"Policy">;

/** One rule as written, with the list it stands in. */
export interface WrittenRule {
  readonly spec: RuleSpec;
  readonly block: "defaults" | "rules" | "overrides";
}

/** The rules of all blocks of a policy (policy-model 4). */
export function writtenRules({ spec }: PolicyDoc): readonly WrittenRule[] {
  return [
    ...(spec.defaults?.rules ?? []).map((rule) => ({ spec: rule, block: "defaults" }) as const),
    ...(spec.rules ?? []).map((rule) => ({ spec: rule, block: "rules" }) as const),
    ...(spec.overrides?.rules ?? []).map((rule) => ({ spec: rule, block: "overrides" }) as const),
  ];
}

/** Compiles the rules of one policy. `visible` are the models its namespace may name. */
export function compileRules(policy: PolicyDoc, visible: VisibleModels): readonly Rule[] {
  return writtenRules(policy).map(({ spec }) => compileRule(policy, spec, visible));
}

function compileRule(policy: PolicyDoc, spec: RuleSpec, visible: VisibleModels): Rule {
  const { namespace, name: policyName } = policy.metadata;
  const { layer, tenant, app, model } = policy.spec.attach;
  const name = `${namespace}/${policyName}/${spec.id}`;
  return {
    name,
    effect: effectOf(spec),
    layer,
    authority: authorityOf(policy),
    // A tenant's documents are on the path of its own requests only, whatever they say.
    tenant: namespace === platformNamespace ? tenant : namespace,
    app,
    model,
    actions: sorted(spec.actions),
    models: spec.models && compileModels(spec.models, visible),
    classes: spec.dataClasses && compileClasses(spec.dataClasses, spec.effect === "allow"),
    permitted: spec.dataClasses && compilePermitted(spec.dataClasses),
    redaction: spec.redact && compileRedaction(name, spec.redact, spec.dataClasses?.in),
    redactedClasses: sorted(spec.redact?.classes) ?? [],
    priority: spec.priority ?? 0,
    warning: spec.message?.code ?? spec.id,
    message: spec.message,
    retainDays: toDays(spec.audit?.recordRetention),
    controls: sorted(spec.audit?.controls) ?? [],
  };
}

function effectOf({ effect }: RuleSpec): Rule["effect"] {
  invariant(effect !== "transform", "a document with problems was compiled");
  return effect;
}

/** Policy-model 4: platform over tenant over a tenant's policies for an app. */
function authorityOf({ metadata, spec }: PolicyDoc): Authority {
  if (metadata.namespace === platformNamespace) return 2;
  return spec.attach.layer === "app" ? 0 : 1;
}

function sorted<Item extends string>(list: readonly Item[] | undefined) {
  return list && [...new Set(list)].sort();
}

const aliasPrefix = "alias:";

/** The alias a matcher item names, if it names one. */
export function aliasIn(item: string): string | undefined {
  return item.startsWith(aliasPrefix) ? item.slice(aliasPrefix.length) : undefined;
}

function compileModels(spec: ModelMatcherSpec, visible: VisibleModels): ModelMatcher {
  const aliases = (spec.ids ?? []).map(aliasIn).filter((alias) => alias !== undefined);
  const members = aliases.flatMap((alias) => visible.membersOf(alias).map(({ id }) => id));
  return {
    ids: sorted(spec.ids?.filter((item) => aliasIn(item) === undefined)),
    aliasMembers: sorted(members) ?? [],
    providers: sorted(spec.providers),
    regions: sorted(spec.regions),
    deployment: sorted(spec.deployment),
    tags: sorted(spec.tags),
    retention: sorted(spec.retention),
  };
}

function compileClasses(spec: ClassMatcherSpec, isAllow: boolean): ClassMatcher | undefined {
  if (spec.anyOf === undefined) return undefined;
  return {
    anyOf: sorted(spec.anyOf) ?? [],
    minConfidence: spec.minConfidence ?? defaultMinConfidence,
    minCount: spec.minCount ?? 1,
    places: isAllow ? requestSide(spec.in) : sorted(spec.in),
    readsResponseOnly: spec.in?.every((place) => place === "response") ?? false,
  };
}

/** An answer never changes who permitted the request (policy-model 3). */
function requestSide(listed: readonly Place[] | undefined): readonly Place[] {
  return (listed ?? places).filter((place) => place !== "response").toSorted();
}

function compilePermitted(spec: ClassMatcherSpec): PermittedClasses | undefined {
  if (spec.permitted === undefined) return undefined;
  return {
    classes: sorted(spec.permitted) ?? [],
    minConfidence: spec.minConfidence ?? defaultMinConfidence,
  };
}

const allDirections: Redaction["directions"] = ["log", "request", "response"];

function compileRedaction(
  by: string,
  spec: NonNullable<RuleSpec["redact"]>,
  listedPlaces: readonly Place[] | undefined,
): Redaction {
  const method = spec.method === "remove" ? "remove" : "mask";
  const directions = sorted(spec.directions) ?? allDirections;
  const rulePlaces = sorted(listedPlaces);
  return Object.freeze({
    method,
    by,
    directions,
    ...(rulePlaces === undefined ? {} : { in: rulePlaces }),
  });
}

function toDays(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number.parseInt(text, 10);
}
