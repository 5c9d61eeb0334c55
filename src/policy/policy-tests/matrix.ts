import { fitsPattern } from "../compile/name-pattern.ts";
import { multipliedFields } from "./case-schema.ts";
import type { Combination, Fields } from "./given.ts";

/** Combinations of one matrix; a check that takes minutes is not run. */
export const combinationsMax = 10_000;

/** Ids of the models a tenant may name; undefined where its catalogs are not at hand. */
export type ModelsOf = (tenant: string) => Iterable<string> | undefined;

/** What a matrix multiplies out to. */
export interface Multiplied {
  readonly combinations: readonly Combination[];
  /** Model patterns that fit no visible model, each with its tenant. */
  readonly empty: readonly { readonly pattern: string; readonly tenant: string }[];
  readonly isTooMany: boolean;
}

/**
 * Every combination of the lists and model patterns of `matrix.given`, in the order written. The
 * tenant is chosen before the model, since it says which catalogs are visible.
 */
export function multiply(
  given: Fields,
  ownTenant: string | undefined,
  models: ModelsOf,
): Multiplied {
  const empty: { pattern: string; tenant: string }[] = [];
  let combinations: readonly Combination[] = [{}];
  for (const field of multipliedFields) {
    const written = given[field];
    if (!multiplies(field, written)) continue;
    const values = [written].flat().map(String);
    combinations = combinations.flatMap((combination) => {
      const tenant = combination["tenant"] ?? ownTenant ?? String(given["tenant"] ?? "");
      const chosen =
        field === "model"
          ? values.flatMap((value) => expand(value, tenant, models, empty))
          : values;
      return [...new Set(chosen)].map((value) => ({ ...combination, [field]: value }));
    });
    if (combinations.length > combinationsMax) {
      return { combinations: [], empty, isTooMany: true };
    }
  }
  return { combinations, empty, isTooMany: false };
}

/** `matrix: app=…, model=…`, the multiplied fields sorted (policy-model 12.1). */
export function nameOf(combination: Combination): string {
  const fields = Object.entries(combination)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([field, value]) => `${field}=${value}`);
  return fields.length === 0 ? "matrix" : `matrix: ${fields.join(", ")}`;
}

function multiplies(field: (typeof multipliedFields)[number], written: unknown): boolean {
  if (Array.isArray(written)) return true;
  return field === "model" && typeof written === "string" && written.endsWith("*");
}

function expand(
  model: string,
  tenant: string,
  models: ModelsOf,
  empty: { pattern: string; tenant: string }[],
): readonly string[] {
  if (!model.endsWith("*")) return [model];
  const visible = models(tenant);
  // Checked without the tenant's documents: one stand-in shows what else is wrong.
  if (visible === undefined) return [model];
  const fitting = [...visible].filter((id) => fitsPattern(model, id)).toSorted();
  if (fitting.length === 0) empty.push({ pattern: model, tenant });
  return fitting;
}
