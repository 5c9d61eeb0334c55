import type { PolicyVersions } from "../domain/index.ts";
import { digestOf } from "../signing/index.ts";
import type { CompiledForm, TenantForm } from "./compiled-form.ts";
import { platformNamespace } from "./document.ts";
import { createIdentityDirectory } from "./identity-directory.ts";
import { VisibleModels } from "./model-catalog.ts";
import type { Rule } from "./rule.ts";
import {
  type AppScope,
  createScope,
  type IndexRoom,
  indexedRulesMax,
  type Snapshot,
  semantics,
} from "./snapshot.ts";
import { Taxonomy } from "./taxonomy.ts";

/** What goes into the versions of records. */
export interface SnapshotOptions {
  readonly engineVersion: string;
  /** By namespace. */
  readonly layerDigests: ReadonlyMap<string, string>;
}

/** Makes the snapshot that serves the compiled policies. */
export function createSnapshot(compiled: CompiledForm, options: SnapshotOptions): Snapshot {
  const digest = digestOf(compiled);
  const room: IndexRoom = { rulesLeft: indexedRulesMax };
  const tenants = new Map(
    Object.entries(compiled.tenants).map(([id, form]) => [
      id,
      {
        versions: versionsOf(id, digest, options),
        scopes: createScopes(compiled, { id, form, room }),
      },
    ]),
  );
  const platformVersions = versionsOf(undefined, digest, options);
  return Object.freeze({
    digest,
    identity: createIdentityDirectory(compiled),
    rules: inLoadOrder(compiled.rules),
    providers: [...new Set(compiled.models.map(({ provider }) => provider))].sort(),
    versionsFor: (tenant: string | undefined) =>
      (tenant === undefined ? undefined : tenants.get(tenant)?.versions) ?? platformVersions,
    hasTenant: (tenant: string) => tenants.has(tenant),
    hasApp: (tenant: string, app: string) => tenants.get(tenant)?.scopes.has(app) ?? false,
    scopeOf: (tenant: string, app: string) => tenants.get(tenant)?.scopes.get(app),
  });
}

/** The platform is loaded first: its rules hold for everyone, however many those of tenants are. */
function inLoadOrder(rules: readonly Rule[]): readonly Rule[] {
  const isPlatforms = ({ authority }: Rule) => authority === 2;
  return [...rules.filter(isPlatforms), ...rules.filter((rule) => !isPlatforms(rule))];
}

interface TenantParts {
  readonly id: string;
  readonly form: TenantForm;
  readonly room: IndexRoom;
}

function createScopes(
  compiled: CompiledForm,
  { id, form, room }: TenantParts,
): ReadonlyMap<string, AppScope> {
  const models = new VisibleModels(compiled.models, id);
  const taxonomy = new Taxonomy([...compiled.classes, ...form.classes]);
  // No scope holds a rule of another tenant, so none is ever looked at (policy-model 9).
  const ruleSet = {
    rules: compiled.rules.filter(({ tenant }) => tenant === undefined || tenant === id),
    unset: compiled.unset.filter(({ tenant }) => tenant === undefined || tenant === id),
  };
  const { residualFloor } = compiled;
  const shared = { residualFloor, taxonomy, models, ruleSet, room };
  return new Map(
    Object.entries(form.apps).map(([app, { fallback }]) => {
      const said = [compiled.fallback, form.fallback, fallback];
      const fallbackAllows = said.every((word) => word === "allow");
      return [app, createScope({ app, fallbackAllows, ...shared })];
    }),
  );
}

function versionsOf(
  tenant: string | undefined,
  snapshot: string,
  { engineVersion, layerDigests }: SnapshotOptions,
): PolicyVersions {
  const platform = layerDigests.get(platformNamespace) ?? "";
  const own = tenant === undefined ? undefined : layerDigests.get(tenant);
  return Object.freeze({
    // A tenant's version changes only with what can affect it (policy-model 10).
    effective: digestOf([semantics, platform, own ?? null]),
    snapshot,
    semantics,
    engine: engineVersion,
    layers: [
      { id: platformNamespace, digest: platform },
      ...(tenant === undefined || own === undefined ? [] : [{ id: tenant, digest: own }]),
    ],
  });
}
