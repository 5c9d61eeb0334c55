import { type Place, places } from "../../domain/index.ts";
import type {
  ClassMatcherSpec,
  ModelMatcherSpec,
  SubjectsSpec,
  ToolMatcherSpec,
} from "../documents/rule-schema.ts";
import type { VisibleModels } from "./model-catalog.ts";
import type { NamedSets } from "./named-sets.ts";
import {
  type ClassMatcher,
  defaultMinConfidence,
  type ModelMatcher,
  type PermittedClasses,
  type SubjectMatcher,
  type ToolMatcher,
} from "./rule.ts";

/** What the names in one namespace's documents stand for. */
export interface Names {
  readonly models: VisibleModels;
  readonly sets: NamedSets;
  /** Full name of a quota; a bare name means the own namespace, then the platform's. */
  quotaName(name: string): string;
  /** Full name of a rule, in the same way. */
  ruleName(name: string): string;
}

/** The items of a list, sets replaced by theirs, sorted, each once. */
export function namedItems(
  list: readonly string[] | undefined,
  { sets }: Names,
): readonly string[] | undefined {
  return list && sorted(sets.expand(list));
}

/** A list sorted, each item once. */
export function sorted<Item extends string>(list: readonly Item[]): readonly Item[] {
  return [...new Set(list)].sort();
}

export function compileSubjects(spec: SubjectsSpec, names: Names): SubjectMatcher {
  return {
    principals: namedItems(spec.principals, names),
    groups: namedItems(spec.groups, names),
    roles: namedItems(spec.roles, names),
    kinds: namedItems(spec.kinds, names),
    issuers: namedItems(spec.issuers, names),
    actors: namedItems(spec.actors, names),
  };
}

const aliasPrefix = "alias:";

/** The alias a matcher item names, if it names one. */
export function aliasIn(item: string): string | undefined {
  return item.startsWith(aliasPrefix) ? item.slice(aliasPrefix.length) : undefined;
}

/** Ids and patterns of a list of models, and the members of the aliases in it. */
export function compileModelIds(
  list: readonly string[] | undefined,
  names: Names,
): Pick<ModelMatcher, "ids" | "aliasMembers"> {
  const items = namedItems(list, names);
  const aliases = (items ?? []).map(aliasIn).filter((alias) => alias !== undefined);
  const members = aliases.flatMap((alias) => names.models.membersOf(alias).map(({ id }) => id));
  return {
    ids: items?.filter((item) => aliasIn(item) === undefined),
    aliasMembers: sorted(members),
  };
}

export function compileModels(spec: ModelMatcherSpec, names: Names): ModelMatcher {
  return {
    ...compileModelIds(spec.ids, names),
    providers: namedItems(spec.providers, names),
    regions: namedItems(spec.regions, names),
    deployment: namedItems(spec.deployment, names),
    tags: namedItems(spec.tags, names),
    retention: namedItems(spec.retention, names),
  };
}

export function compileTools(spec: ToolMatcherSpec, names: Names): ToolMatcher {
  return { names: namedItems(spec.names, names), risk: namedItems(spec.risk, names) };
}

/** The open-world part of `dataClasses`; undefined where it says nothing of what was found. */
export function compileClasses(
  spec: ClassMatcherSpec,
  isAllow: boolean,
  names: Names,
): ClassMatcher | undefined {
  const anyOf = namedItems(spec.anyOf, names);
  if (anyOf === undefined) return undefined;
  return {
    anyOf,
    minConfidence: spec.minConfidence ?? defaultMinConfidence,
    minCount: spec.minCount ?? 1,
    places: isAllow ? requestSide(spec.in) : spec.in && sorted(spec.in),
    readsResponseOnly: spec.in?.every((place) => place === "response") ?? false,
  };
}

/** An answer never changes who permitted the request (policy-model 3). */
function requestSide(listed: readonly Place[] | undefined): readonly Place[] {
  return sorted((listed ?? places).filter((place) => place !== "response"));
}

/** The closed-world part of `dataClasses`. */
export function compilePermitted(
  spec: ClassMatcherSpec,
  names: Names,
): PermittedClasses | undefined {
  const classes = namedItems(spec.permitted, names);
  if (classes === undefined) return undefined;
  return { classes, minConfidence: spec.minConfidence ?? defaultMinConfidence };
}
