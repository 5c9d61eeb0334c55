import { invariant } from "../base/index.ts";
import { type Place, places, type Redaction } from "../domain/index.ts";
import { type DocumentOfKind, platformNamespace } from "./document.ts";
import type { VisibleModels } from "./model-catalog.ts";
import {
  type Attachment,
  type Authority,
  type Block,
  type ClassMatcher,
  defaultMinConfidence,
  type ModelMatcher,
  type PermittedClasses,
  type Rule,
  type SubjectMatcher,
} from "./rule.ts";
import type { ClassMatcherSpec, ModelMatcherSpec, RuleSpec, SubjectsSpec } from "./rule-schema.ts";

type PolicyDoc = DocumentOfKind<"Policy">;

/** One rule as written, with the list it stands in. */
export interface WrittenRule {
  readonly spec: RuleSpec;
  readonly block: Block;
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
  return writtenRules(policy).map((written) => compileRule(policy, written, visible));
}

/** Full name of a rule (policy-model 2.1). */
export function ruleNameOf({ metadata }: PolicyDoc, { id }: RuleSpec): string {
  return `${metadata.namespace}/${metadata.name}/${id}`;
}

/** Which requests are on the path of a policy (policy-model 4). */
export function attachmentOf({ metadata: { namespace }, spec }: PolicyDoc): Attachment {
  const { tenant, app, model } = spec.attach;
  // A tenant's documents are on the path of its own requests only, whatever they say.
  return { tenant: namespace === platformNamespace ? tenant : namespace, app, model };
}

function compileRule(policy: PolicyDoc, written: WrittenRule, visible: VisibleModels): Rule {
  const { spec, block } = written;
  const name = ruleNameOf(policy, spec);
  return {
    name,
    block,
    effect: effectOf(spec),
    layer: policy.spec.attach.layer,
    authority: authorityOf(policy),
    ...attachmentOf(policy),
    exemptible: spec.exemptible ?? (block === "overrides" ? "never" : "grant"),
    subjects: spec.subjects && compileSubjects(spec.subjects),
    exclude: spec.exclude && compileSubjects(spec.exclude),
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
export function authorityOf({ metadata, spec }: PolicyDoc): Authority {
  if (metadata.namespace === platformNamespace) return 2;
  return spec.attach.app === undefined ? 1 : 0;
}

function sorted<Item extends string>(list: readonly Item[] | undefined) {
  return list && [...new Set(list)].sort();
}

function compileSubjects(spec: SubjectsSpec): SubjectMatcher {
  return {
    principals: sorted(spec.principals),
    groups: sorted(spec.groups),
    roles: sorted(spec.roles),
    kinds: sorted(spec.kinds),
    issuers: sorted(spec.issuers),
    actors: sorted(spec.actors),
  };
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
