import type { IdentityDeclaration, RedactionMethod } from "../../domain/index.ts";
import { canonicalJson } from "../../signing/index.ts";
import {
  type DocumentOfKind,
  documentsOf,
  type PolicyDocument,
  platformNamespace,
} from "../documents/document.ts";
import { type Boundary, compileBoundary } from "./boundaries.ts";
import { type ClassifierTerms, compileClassifiers } from "./classifier-terms.ts";
import type { Names } from "./compile-matchers.ts";
import { compileNamespace, namesIn } from "./compile-namespace.ts";
import { declaredClassesOf } from "./declared-classes.ts";
import { compileIdentity } from "./identity-declarations.ts";
import { compileKillSwitches, type KillSwitch } from "./kill-switches.ts";
import { type Model, modelsOf } from "./model-catalog.ts";
import { compileObservations, type Observation } from "./observation.ts";
import { compileQuotaTerms, type QuotaTerms } from "./quota-terms.ts";
import { compileRollouts, type Rollout } from "./rollouts.ts";
import type { Lift, Rule, UnsetDefault } from "./rule.ts";
import type { DeclaredClass } from "./taxonomy.ts";
import { type Tool, toolsOf } from "./tool-catalog.ts";

/** Number of the algorithm of policy-model 5 that this engine implements. */
export const semantics = 1;

/** The compiled form: what decisions are made from, and what the snapshot's digest is taken over. */
export interface CompiledForm {
  readonly semantics: number;
  readonly fallback: Fallback;
  readonly residualFloor: RedactionMethod;
  readonly identity: readonly IdentityDeclaration[];
  readonly tenants: Readonly<Record<string, TenantForm>>;
  readonly models: readonly Model[];
  readonly tools: readonly Tool[];
  /** The platform's, sorted by id. */
  readonly classes: readonly DeclaredClass[];
  /** Sorted by name. */
  readonly rules: readonly Rule[];
  /** Sorted by their text. */
  readonly unset: readonly UnsetDefault[];
  /** Sorted by their text; one that its rule does not let lift it may be among them. */
  readonly lifts: readonly Lift[];
  /** One of each name, sorted by it; so are rollouts, quotas and classifiers. */
  readonly killSwitches: readonly KillSwitch[];
  readonly rollouts: readonly Rollout[];
  readonly quotas: readonly QuotaTerms[];
  readonly classifiers: readonly ClassifierTerms[];
  readonly observe: readonly Observation[];
}

type Fallback = "deny" | "allow";

/** A tenant and its apps. Lists are sorted. */
export interface TenantForm {
  readonly fallback: Fallback;
  readonly tier: string | undefined;
  readonly region: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly boundary: Boundary | undefined;
  readonly issuers: readonly string[];
  readonly workloads: readonly string[];
  readonly classes: readonly DeclaredClass[];
  readonly apps: Readonly<Record<string, AppForm>>;
}

/** An app, and whose requests are its own where the caller does not name it. */
export interface AppForm {
  readonly fallback: Fallback;
  readonly env: string | undefined;
  readonly owner: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly boundary: Boundary | undefined;
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
  const documentsIn = (namespace: string) => ({
    namespace,
    own: inNamespace.get(namespace) ?? [],
    platform: platformDocuments,
    models,
  });
  const parts = [...inNamespace.keys()].map((namespace) =>
    compileNamespace(documentsIn(namespace)),
  );
  const platformNames = namesIn(documentsIn(platformNamespace));
  return {
    semantics,
    fallback: platform?.fallback ?? "deny",
    residualFloor: platform?.redaction?.residualFloor ?? "tokenize",
    identity: compileIdentity(platform?.identity),
    tenants: Object.fromEntries(
      documentsOf(platformDocuments, "Tenant").map((tenant) => [
        tenant.metadata.name,
        tenantForm(tenant, {
          own: inNamespace.get(tenant.metadata.name) ?? [],
          platformNames,
          names: () => namesIn(documentsIn(tenant.metadata.name)),
        }),
      ]),
    ),
    models,
    tools: toolsOf(documentsOf(documents, "ToolCatalog")),
    classes: declaredClassesOf(documentsOf(platformDocuments, "DataClass")),
    rules: parts.flatMap(({ rules }) => rules).toSorted(byNameAndSide),
    unset: sortedByText(parts.flatMap(({ unset }) => unset)),
    lifts: sortedByText(parts.flatMap(({ lifts }) => lifts)),
    killSwitches: compileKillSwitches(documents),
    rollouts: compileRollouts(documents),
    quotas: compileQuotaTerms(documents),
    classifiers: compileClassifiers(documents),
    observe: compileObservations(platformDocuments),
  };
}

/** Both versions of a ramped policy may have a rule of one name. */
function byNameAndSide(a: Rule, b: Rule): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  const [sideOfA = "", sideOfB = ""] = [a.ramp?.side, b.ramp?.side];
  return sideOfA < sideOfB ? -1 : Number(sideOfA > sideOfB);
}

/** In an order that says nothing, without what was said twice, which means no more than once. */
function sortedByText<Item>(items: readonly Item[]): readonly Item[] {
  const byText = new Map(items.map((item) => [canonicalJson(item), item]));
  return [...byText].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

interface TenantParts {
  readonly own: readonly PolicyDocument[];
  /** What names stand for in the platform's documents, of which the tenant's own is one. */
  readonly platformNames: Names;
  /** Asked only where an app draws a boundary, since few do. */
  readonly names: () => Names;
}

function tenantForm(
  { spec }: DocumentOfKind<"Tenant">,
  { own, platformNames, names }: TenantParts,
): TenantForm {
  return {
    fallback: spec.fallback ?? "deny",
    tier: spec.tier,
    region: spec.region,
    labels: spec.labels ?? {},
    boundary: spec.boundary && compileBoundary(spec.boundary, platformNames),
    issuers: sorted(spec.identities?.issuers),
    workloads: sorted(spec.identities?.workloads),
    classes: declaredClassesOf(documentsOf(own, "DataClass")),
    apps: Object.fromEntries(
      documentsOf(own, "App").map((app) => [app.metadata.name, appForm(app, names)]),
    ),
  };
}

function appForm({ spec }: DocumentOfKind<"App">, names: () => Names): AppForm {
  return {
    fallback: spec.fallback ?? "deny",
    env: spec.env,
    owner: spec.owner,
    labels: spec.labels ?? {},
    boundary: spec.boundary && compileBoundary(spec.boundary, names()),
    routes: sorted(spec.selectors?.routes),
    workloads: sorted(spec.selectors?.workloads),
    clients: sorted(spec.selectors?.clients),
  };
}

function sorted(list: readonly string[] | undefined): readonly string[] {
  return [...new Set(list)].sort();
}
