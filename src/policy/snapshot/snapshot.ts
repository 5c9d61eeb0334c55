import type {
  Action,
  IdentityDirectory,
  PolicyVersions,
  RedactionMethod,
} from "../../domain/index.ts";
import type { NamedBoundary } from "../compile/boundaries.ts";
import type { ClassifierTerms } from "../compile/classifier-terms.ts";
import type { KillSwitches } from "../compile/kill-switches.ts";
import type { Model, VisibleModels } from "../compile/model-catalog.ts";
import type { QuotaTerms } from "../compile/quota-terms.ts";
import type { Rollout } from "../compile/rollouts.ts";
import type { Lift, Rule } from "../compile/rule.ts";
import type { Taxonomy } from "../compile/taxonomy.ts";
import type { VisibleTools } from "../compile/tool-catalog.ts";
import {
  type Expression,
  type ExpressionFacts,
  type RecordedWhereRead,
  recordedWhereRead,
} from "../expression/expression.ts";
import { type Edition, plainEdition } from "./edition.ts";
import { type RuleInPlay, type RuleSet, rulesInPlay, rulesOnPath } from "./rules-in-play.ts";

/** All policies compiled: immutable, and replaced as a whole. */
export interface Snapshot {
  /** `sha256:` and hex over the RFC 8785 form of the compiled policies. */
  readonly digest: string;
  /** Who is who. */
  readonly identity: IdentityDirectory;
  /** In load order: those of the platform, then those of the tenants; both by name. */
  readonly rules: readonly Pick<Rule, "name" | "layer" | "effect" | "conditions">[];
  /** What exceptions lift, as written. */
  readonly lifts: readonly Lift[];
  /** Sorted by name. */
  readonly rollouts: readonly Rollout[];
  /** Of all models there are; sorted, none twice. */
  readonly providers: readonly string[];
  /** Those among the documents; a server may know later ones. */
  readonly killSwitches: KillSwitches;
  /** What a record needs to name the policies of a decision; undeclared tenants: the platform's. */
  versionsFor(tenant: string | undefined): PolicyVersions;
  hasTenant(tenant: string): boolean;
  hasApp(tenant: string, app: string): boolean;
  /** What decisions for one app are made from; undefined where it is not declared. */
  scopeOf(tenant: string, app: string): AppScope | undefined;
}

/** Everything on the path of one app's requests. */
export interface AppScope {
  readonly tenantId: string;
  readonly appId: string;
  /** What conditions may read of them. */
  readonly tenant: ExpressionFacts["tenant"];
  readonly app: ExpressionFacts["app"];
  /** Platform, tenant and app all say `fallback: allow`. */
  readonly fallbackAllows: boolean;
  readonly residualFloor: RedactionMethod;
  readonly taxonomy: Taxonomy;
  readonly models: VisibleModels;
  readonly tools: VisibleTools;
  /** The tenant's and the app's, where they draw one. */
  readonly boundaries: readonly NamedBoundary[];
  /** False: nothing on the path depends on the time. */
  readonly hasWindows: boolean;
  /** Those of policies on the path, sorted by name. */
  readonly ramps: readonly Rollout[];
  /** The path has shadow rules or shadow quotas. */
  readonly hasShadow: boolean;
  /** By full name, those of the platform and the tenant. */
  readonly quotas: ReadonlyMap<string, QuotaTerms>;
  /** Those that are asked about the texts of this app, sorted by name; empty for most. */
  readonly classifiers: readonly ClassifierTerms[];
  /** Milliseconds since the epoch: before it the platform watches only. */
  readonly observedUntilMs: number | undefined;
  /** The rules in play, sorted by name; found once and kept. */
  rulesFor(action: Action, model: Model | undefined, edition?: Edition): readonly RuleInPlay[];
  /** Every rule attached to the path, whether or not it can match there; for traces. */
  rulesOnPath(action: Action, model: Model | undefined, edition: Edition): readonly Rule[];
  /** Which of the attributes that are recorded where they are read conditions on the path read. */
  attributesRead(): ReadonlySet<RecordedWhereRead>;
  /** Sensitivity of a class found. */
  sensitivityOf(this: void, dataClass: string): number;
  /** The compiled cost of a quota, by its text. */
  costOf(source: string): Expression;
}

/**
 * Rules kept in all indexes of one snapshot together. Beyond it indexes are made anew for each
 * request, which is slower but keeps memory bounded however many apps and models are declared.
 */
export const indexedRulesMax = 1_000_000;

/** Room left in a snapshot's indexes; one object shared by all scopes of it. */
export interface IndexRoom {
  rulesLeft: number;
}

interface ScopeParts
  extends Omit<
    AppScope,
    "rulesFor" | "rulesOnPath" | "hasWindows" | "attributesRead" | "sensitivityOf" | "costOf"
  > {
  /** Of the tenant's path; shared by its apps. */
  readonly ruleSet: RuleSet;
  readonly room: IndexRoom;
}

/** Makes the scope of one app; its index fills as actions and models are asked for. */
export function createScope({ ruleSet, room, ...parts }: ScopeParts): AppScope {
  const { tenantId: tenant, appId: app, taxonomy } = parts;
  let attributes: ReadonlySet<RecordedWhereRead> | undefined;
  const index = new Map<string, Map<Action, Map<string, readonly RuleInPlay[]>>>();
  return {
    ...parts,
    hasWindows: hasWindows(ruleSet),
    costOf: (source) => ruleSet.conditions.costOf(source),
    sensitivityOf: (dataClass) => taxonomy.sensitivityOf(dataClass),
    rulesFor(action, model, edition = plainEdition) {
      const key = model?.id ?? "";
      const known = index.get(edition.key)?.get(action)?.get(key);
      if (known !== undefined) return known;
      const found = rulesInPlay(ruleSet, { tenant, app, action, model, edition });
      // An empty list takes room as well.
      room.rulesLeft -= found.length + 1;
      if (room.rulesLeft >= 0) {
        const byAction = index.get(edition.key) ?? new Map<Action, Map<string, typeof found>>();
        const byModel = byAction.get(action) ?? new Map<string, typeof found>();
        index.set(edition.key, byAction.set(action, byModel.set(key, found)));
      }
      return found;
    },
    attributesRead: () => {
      attributes ??= attributesReadOn(ruleSet, app);
      return attributes;
    },
    rulesOnPath: (action, model, edition) =>
      rulesOnPath(ruleSet, { tenant, app, action, model, edition }),
  };
}

function attributesReadOn(
  { conditions, rules }: RuleSet,
  app: string,
): ReadonlySet<RecordedWhereRead> {
  const read = new Set<RecordedWhereRead>();
  for (const rule of rules) {
    if (rule.conditions.length === 0 || (rule.app !== undefined && rule.app !== app)) continue;
    const { early, late } = conditions.prepare(rule);
    for (const { expression } of [...early, ...late]) {
      for (const attribute of recordedWhereRead) {
        if (expression.reads.has(attribute)) read.add(attribute);
      }
    }
  }
  return read;
}

function hasWindows({ rules, unset, lifts }: RuleSet): boolean {
  const isBounded = ({ window }: Pick<Rule, "window">) => window !== undefined;
  return lifts.size > 0 || rules.some(isBounded) || unset.some(isBounded);
}
