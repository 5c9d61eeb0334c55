import type { DecisionInput } from "../../domain/index.ts";
import type { DocumentOf } from "../documents/schema.ts";
import { compileModelIds, type Names, namedItems } from "./compile-matchers.ts";
import type { Model } from "./model-catalog.ts";
import { fitsPattern } from "./name-pattern.ts";
import { defaultMinConfidence, type ModelMatcher } from "./rule.ts";
import type { Taxonomy } from "./taxonomy.ts";

/** What a tenant or an app may use at most (policy-model 4). Lists are sorted; an empty one excludes everything. */
export interface Boundary extends Pick<ModelMatcher, "ids" | "aliasMembers"> {
  readonly providers: readonly string[] | undefined;
  readonly regions: readonly string[] | undefined;
  readonly tools: readonly string[] | undefined;
  /** 0 to 5. */
  readonly maxSensitivity: number | undefined;
}

type BoundarySpec = NonNullable<DocumentOf<"App">["spec"]["boundary"]>;

/** Compiles a boundary as written in a document whose names these are. */
export function compileBoundary(spec: BoundarySpec, names: Names): Boundary {
  return {
    ...compileModelIds(spec.models, names),
    providers: namedItems(spec.providers, names),
    regions: namedItems(spec.regions, names),
    tools: namedItems(spec.tools, names),
    maxSensitivity: spec.maxSensitivity,
  };
}

/** A boundary on an app's path, and the document that draws it. */
export interface NamedBoundary {
  /** `platform/<tenant>` or `<tenant>/<app>`. */
  readonly by: string;
  readonly boundary: Boundary;
}

/** Why a request does not get past the boundaries on its path. */
export interface BoundaryBreach {
  readonly by: string;
  readonly reason: "outside_boundary" | "unclassified";
}

/** Step 3 of policy-model 5.1; undefined: the request is inside all of them. */
export function findBreach(
  boundaries: readonly NamedBoundary[],
  input: DecisionInput,
  { model, taxonomy }: { readonly model: Model | undefined; readonly taxonomy: Taxonomy },
): BoundaryBreach | undefined {
  if (boundaries.length === 0) return undefined;
  const sensitivity = sensitivityOf(input, taxonomy);
  for (const { by, boundary } of boundaries) {
    const isInside =
      (model === undefined || includesModel(boundary, model)) &&
      (!input.action.startsWith("tool.") || includesTool(boundary, input.tool?.name)) &&
      sensitivity <= (boundary.maxSensitivity ?? mostSensitive);
    if (!isInside) return { by, reason: "outside_boundary" };
  }
  if (input.data.status === "ok") return undefined;
  // What was not looked at to the end may hold something more sensitive.
  const untold = boundaries.find(
    ({ boundary: { maxSensitivity = mostSensitive } }) => maxSensitivity < mostSensitive,
  );
  return untold && { by: untold.by, reason: "unclassified" };
}

const mostSensitive = 5;

/** Highest of what was found, redacted or not (policy-model 3.1 on `data.sensitivity`). */
function sensitivityOf({ data }: DecisionInput, taxonomy: Taxonomy): number {
  let highest = 0;
  for (const { class: found, confidence } of data.findings) {
    if (confidence < defaultMinConfidence) continue;
    highest = Math.max(highest, taxonomy.sensitivityOf(found));
  }
  return highest;
}

function includesModel({ ids, aliasMembers, providers, regions }: Boundary, model: Model): boolean {
  return (
    (ids === undefined || aliasMembers.includes(model.id) || fitsAny(ids, model.id)) &&
    (providers === undefined || fitsAny(providers, model.provider)) &&
    // All of them: nobody can tell in which one the request will be served.
    (regions === undefined ||
      (model.regions.length > 0 && model.regions.every((region) => fitsAny(regions, region))))
  );
}

function includesTool({ tools }: Boundary, name: string | undefined): boolean {
  return tools === undefined || (name !== undefined && fitsAny(tools, name));
}

function fitsAny(patterns: readonly string[], value: string): boolean {
  return patterns.some((pattern) => fitsPattern(pattern, value));
}
