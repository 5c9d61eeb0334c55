import type { PolicyVersions } from "../../domain/index.ts";
import { digestOf } from "../../signing/index.ts";
import type { Boundary, NamedBoundary } from "../compile/boundaries.ts";
import { isClassifierOnPath } from "../compile/classifier-terms.ts";
import { type CompiledForm, semantics, type TenantForm } from "../compile/compiled-form.ts";
import { KillSwitches } from "../compile/kill-switches.ts";
import { VisibleModels } from "../compile/model-catalog.ts";
import { observedUntil } from "../compile/observation.ts";
import { isRampOnPath } from "../compile/rollouts.ts";
import type { Rule } from "../compile/rule.ts";
import { Taxonomy } from "../compile/taxonomy.ts";
import { VisibleTools } from "../compile/tool-catalog.ts";
import { platformNamespace } from "../documents/document.ts";
import { createExpressionEngine, type ExpressionEngine } from "../expression/index.ts";
import { ConditionBook } from "./conditions.ts";
import { createIdentityDirectory } from "./identity-directory.ts";
import type { RuleSet } from "./rules-in-play.ts";
import {
  type AppScope,
  createScope,
  type IndexRoom,
  indexedRulesMax,
  type Snapshot,
} from "./snapshot.ts";
import { shareByTenant } from "./tenant-share.ts";

/** What goes into the versions of records. */
export interface SnapshotOptions {
  readonly engineVersion: string;
  /** Of the compiled form, where it was taken already. */
  readonly digest?: string;
  /** By namespace. */
  readonly layerDigests: ReadonlyMap<string, string>;
  /** For analysis, whose conditions end as it says; absent: the engine of the profile. */
  readonly expressions?: ExpressionEngine;
  /** The snapshot before, whose expressions need no compiling again. */
  readonly former?: Snapshot | undefined;
}

/** The expressions of each snapshot, for the one that follows it. */
const booksOf = new WeakMap<Snapshot, ConditionBook>();

/** Makes the snapshot that serves the compiled policies. */
export function createSnapshot(compiled: CompiledForm, options: SnapshotOptions): Snapshot {
  const steps = snapshotSteps(compiled, options);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/**
 * Makes the snapshot in many small steps, for a caller that has something else to do in between:
 * each is one condition or one tenant. What comes of it is the same.
 */
export function* snapshotSteps(
  compiled: CompiledForm,
  options: SnapshotOptions,
): Generator<undefined, Snapshot> {
  const { digest = digestOf(compiled), expressions, former } = options;
  const room: IndexRoom = { rulesLeft: indexedRulesMax };
  const shareOf = shareByTenant(compiled);
  const known = former && booksOf.get(former);
  const conditions = new ConditionBook(expressions ?? createExpressionEngine(), known);
  for (const rule of compiled.rules) {
    if (rule.conditions.length === 0) continue;
    conditions.prepare(rule);
    yield;
  }
  for (const { budget } of compiled.quotas) if (budget.cost) conditions.costOf(budget.cost);
  conditions.close();
  const quotasOf = Map.groupBy(compiled.quotas, ({ name }) => name.slice(0, name.indexOf("/")));
  const tenants = new Map<string, Tenant>();
  for (const [id, form] of Object.entries(compiled.tenants)) {
    const ruleSet = { ...shareOf(id), conditions };
    tenants.set(id, {
      versions: versionsOf(id, digest, options),
      scopes: createScopes(compiled, { id, form, room, ruleSet, quotasOf }),
    });
    yield;
  }
  const snapshot = assemble(compiled, tenants, { ...options, digest });
  booksOf.set(snapshot, conditions);
  return snapshot;
}

interface Tenant {
  readonly versions: PolicyVersions;
  readonly scopes: ReadonlyMap<string, AppScope>;
}

function assemble(
  compiled: CompiledForm,
  tenants: ReadonlyMap<string, Tenant>,
  options: SnapshotOptions & { readonly digest: string },
): Snapshot {
  const { digest } = options;
  const platformVersions = versionsOf(undefined, digest, options);
  return Object.freeze({
    digest,
    identity: createIdentityDirectory(compiled),
    rules: inLoadOrder(compiled.rules),
    killSwitches: new KillSwitches(compiled.killSwitches),
    lifts: compiled.lifts,
    rollouts: compiled.rollouts,
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
  readonly ruleSet: RuleSet;
  readonly room: IndexRoom;
  /** By namespace. */
  readonly quotasOf: ReadonlyMap<string, CompiledForm["quotas"]>;
}

function createScopes(
  compiled: CompiledForm,
  { id, form, ruleSet, room, quotasOf }: TenantParts,
): ReadonlyMap<string, AppScope> {
  const visible = [platformNamespace, id].flatMap((namespace) => quotasOf.get(namespace) ?? []);
  const quotas = new Map(visible.map((quota) => [quota.name, quota]));
  const { tier, region, labels } = form;
  const shared = {
    tenantId: id,
    tenant: { ...(tier && { tier }), ...(region && { region }), labels },
    residualFloor: compiled.residualFloor,
    taxonomy: new Taxonomy([...compiled.classes, ...form.classes]),
    models: new VisibleModels(compiled.models, id),
    tools: new VisibleTools(compiled.tools, id),
    ruleSet,
    quotas,
    room,
  };
  return new Map(
    Object.entries(form.apps).map(([app, { fallback, boundary, env, owner, labels }]) => {
      const said = [compiled.fallback, form.fallback, fallback];
      const path = { tenant: id, app };
      const scope = createScope({
        ...shared,
        appId: app,
        app: { ...(env && { env }), ...(owner && { owner }), labels },
        fallbackAllows: said.every((word) => word === "allow"),
        boundaries: [
          ...drawnBy(`${platformNamespace}/${id}`, form.boundary),
          ...drawnBy(`${id}/${app}`, boundary),
        ],
        ramps: compiled.rollouts.filter((rollout) => isRampOnPath(rollout, path)),
        hasShadow: hasShadowOn(ruleSet, { app, quotas }),
        classifiers: compiled.classifiers.filter((one) => isClassifierOnPath(one, path)),
        observedUntilMs: observedUntil(compiled.observe, path),
      });
      return [app, scope];
    }),
  );
}

function drawnBy(by: string, boundary: Boundary | undefined): readonly NamedBoundary[] {
  return boundary === undefined ? [] : [{ by, boundary }];
}

/** Shadow quotas count where a rule on the path draws on them. */
function hasShadowOn(
  { rules }: RuleSet,
  { app, quotas }: { readonly app: string; readonly quotas: AppScope["quotas"] },
): boolean {
  return rules.some(
    (rule) =>
      (rule.app === undefined || rule.app === app) &&
      (rule.isShadow || rule.quotas.some((name) => quotas.get(name)?.isShadow)),
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
