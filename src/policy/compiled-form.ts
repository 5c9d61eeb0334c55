import { compileRules } from "./compile-rules.ts";
import { documentsOf, type PolicyDocument } from "./document.ts";
import { type Model, modelsOf, VisibleModels } from "./model-catalog.ts";
import type { Strength } from "./redactions.ts";
import type { Rule } from "./rule.ts";
import { semantics } from "./snapshot.ts";

/** The compiled form: what decisions are made from, and what the snapshot's digest is taken over. */
export interface CompiledForm {
  readonly semantics: number;
  readonly fallback: Fallback;
  readonly residualFloor: Strength;
  readonly tenants: Readonly<Record<string, TenantForm>>;
  readonly models: readonly Model[];
  /** Sorted by name. */
  readonly rules: readonly Rule[];
}

type Fallback = "deny" | "allow";

/** A tenant and its apps. */
export interface TenantForm {
  readonly fallback: Fallback;
  readonly apps: Readonly<Record<string, Fallback>>;
}

/** Documents without problems as one plain value, defaults filled in and everything sorted. */
export function compileForm(documents: readonly PolicyDocument[]): CompiledForm {
  const platform = documentsOf(documents, "Platform")[0]?.spec;
  const models = modelsOf(documentsOf(documents, "ModelCatalog"));
  const rules = documentsOf(documents, "Policy").flatMap((policy) =>
    compileRules(policy, new VisibleModels(models, policy.metadata.namespace)),
  );
  return {
    semantics,
    fallback: platform?.fallback ?? "deny",
    residualFloor: platform?.redaction?.residualFloor ?? "tokenize",
    tenants: tenantForms(documents),
    models,
    rules: rules.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

function tenantForms(documents: readonly PolicyDocument[]): CompiledForm["tenants"] {
  const apps = documentsOf(documents, "App");
  return Object.fromEntries(
    documentsOf(documents, "Tenant").map(({ metadata: { name: tenant }, spec }) => [
      tenant,
      {
        fallback: spec.fallback ?? "deny",
        apps: Object.fromEntries(
          apps
            .filter((app) => app.metadata.namespace === tenant)
            .map((app) => [app.metadata.name, app.spec.fallback ?? "deny"]),
        ),
      },
    ]),
  );
}
