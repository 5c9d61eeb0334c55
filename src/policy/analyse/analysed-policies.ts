import { type CompiledForm, compileForm } from "../compile/compiled-form.ts";
import type { PolicyDocument } from "../documents/document.ts";
import { createSnapshot } from "../snapshot/create-snapshot.ts";
import type { AppScope, Snapshot } from "../snapshot/snapshot.ts";
import { ChosenOutcomes } from "./chosen-outcomes.ts";

/** Documents without errors, compiled so that their conditions end as the search says. */
export interface AnalysedPolicies {
  readonly documents: readonly PolicyDocument[];
  readonly form: CompiledForm;
  readonly snapshot: Snapshot;
  readonly outcomes: ChosenOutcomes;
  /** Of every app, sorted by tenant and app. */
  readonly scopes: readonly AppScope[];
}

/** Compiles documents for analysis; `outcomes` may be shared by two versions that are compared. */
export function compileForAnalysis(
  documents: readonly PolicyDocument[],
  outcomes = new ChosenOutcomes(),
): AnalysedPolicies {
  const form = compileForm(documents);
  const snapshot = createSnapshot(form, {
    engineVersion: "",
    layerDigests: new Map(),
    expressions: outcomes,
  });
  const scopes = Object.keys(form.tenants)
    .sort()
    .flatMap((tenant) =>
      Object.keys(form.tenants[tenant]?.apps ?? {})
        .sort()
        .flatMap((app) => snapshot.scopeOf(tenant, app) ?? []),
    );
  return { documents, form, snapshot, outcomes, scopes };
}
