import type { IdentityDeclaration } from "../domain/index.ts";
import { compileRules } from "./compile-rules.ts";
import { declaredClassesOf } from "./declared-classes.ts";
import { NamedRules, unsetDefaultsOf } from "./default-names.ts";
import {
  type DocumentOfKind,
  documentsOf,
  type PolicyDocument,
  platformNamespace,
} from "./document.ts";
import { compileIdentity } from "./identity-declarations.ts";
import { type Model, modelsOf, VisibleModels } from "./model-catalog.ts";
import type { Strength } from "./redactions.ts";
import type { Rule, UnsetDefault } from "./rule.ts";
import { semantics } from "./snapshot.ts";
import type { DeclaredClass } from "./taxonomy.ts";

/** The compiled form: what decisions are made from, and what the snapshot's digest is taken over. */
export interface CompiledForm {
  readonly semantics: number;
  readonly fallback: Fallback;
  readonly residualFloor: Strength;
  readonly identity: readonly IdentityDeclaration[];
  readonly tenants: Readonly<Record<string, TenantForm>>;
  readonly models: readonly Model[];
  /** The platform's, sorted by id. */
  readonly classes: readonly DeclaredClass[];
  /** Sorted by name. */
  readonly rules: readonly Rule[];
  /** Sorted by rule and path. */
  readonly unset: readonly UnsetDefault[];
}

type Fallback = "deny" | "allow";

/** A tenant and its apps. Lists are sorted. */
export interface TenantForm {
  readonly fallback: Fallback;
  readonly issuers: readonly string[];
  readonly workloads: readonly string[];
  readonly classes: readonly DeclaredClass[];
  readonly apps: Readonly<Record<string, AppForm>>;
}

/** An app, and whose requests are its own where the caller does not name it. */
export interface AppForm {
  readonly fallback: Fallback;
  readonly routes: readonly string[];
  readonly workloads: readonly string[];
  readonly clients: readonly string[];
}

/** Documents without problems as one plain value, defaults filled in and everything sorted. */
export function compileForm(documents: readonly PolicyDocument[]): CompiledForm {
  const platform = documentsOf(documents, "Platform")[0]?.spec;
  const models = modelsOf(documentsOf(documents, "ModelCatalog"));
  const inNamespace = new Map<string, PolicyDocument[]>();
  for (const document of documents) {
    const { namespace } = document.metadata;
    const own = inNamespace.get(namespace);
    if (own === undefined) inNamespace.set(namespace, [document]);
    else own.push(document);
  }
  const platformDocuments = inNamespace.get(platformNamespace) ?? [];
  const parts = [...inNamespace].map(([namespace, own]) =>
    compilePolicies(documentsOf(own, "Policy"), {
      models: new VisibleModels(models, namespace),
      platform: documentsOf(platformDocuments, "Policy"),
    }),
  );
  return {
    semantics,
    fallback: platform?.fallback ?? "deny",
    residualFloor: platform?.redaction?.residualFloor ?? "tokenize",
    identity: compileIdentity(platform?.identity),
    tenants: Object.fromEntries(
      documentsOf(platformDocuments, "Tenant").map((tenant) => [
        tenant.metadata.name,
        tenantForm(tenant, inNamespace.get(tenant.metadata.name) ?? []),
      ]),
    ),
    models,
    classes: declaredClassesOf(documentsOf(platformDocuments, "DataClass")),
    rules: parts.flatMap(({ rules }) => rules).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    unset: sortedUnsets(parts.flatMap(({ unset }) => unset)),
  };
}

type PolicyDoc = DocumentOfKind<"Policy">;

interface Visible {
  readonly models: VisibleModels;
  readonly platform: readonly PolicyDoc[];
}

function compilePolicies(own: readonly PolicyDoc[], { models, platform }: Visible) {
  const named = new NamedRules([...platform, ...own]);
  return {
    rules: own.flatMap((policy) => compileRules(policy, models)),
    unset: own.flatMap((policy) => unsetDefaultsOf(policy, named)),
  };
}

/** The same default may be unset twice on one path, which means no more than once. */
function sortedUnsets(unsets: readonly UnsetDefault[]): readonly UnsetDefault[] {
  const byKey = new Map(
    unsets.map((one) => [
      JSON.stringify([one.rule, one.tenant ?? "", one.app ?? "", one.model ?? ""]),
      one,
    ]),
  );
  return [...byKey].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

function tenantForm(
  { spec }: DocumentOfKind<"Tenant">,
  own: readonly PolicyDocument[],
): TenantForm {
  return {
    fallback: spec.fallback ?? "deny",
    issuers: sorted(spec.identities?.issuers),
    workloads: sorted(spec.identities?.workloads),
    classes: declaredClassesOf(documentsOf(own, "DataClass")),
    apps: Object.fromEntries(
      documentsOf(own, "App").map((app) => [app.metadata.name, appForm(app)]),
    ),
  };
}

function appForm({ spec }: DocumentOfKind<"App">): AppForm {
  return {
    fallback: spec.fallback ?? "deny",
    routes: sorted(spec.selectors?.routes),
    workloads: sorted(spec.selectors?.workloads),
    clients: sorted(spec.selectors?.clients),
  };
}

function sorted(list: readonly string[] | undefined): readonly string[] {
  return [...new Set(list)].sort();
}
