import type { Action, IdentityDirectory, PolicyVersions } from "../domain/index.ts";
import type { Model, VisibleModels } from "./model-catalog.ts";
import type { Strength } from "./redactions.ts";
import type { Rule } from "./rule.ts";
import { type RuleInPlay, type RuleSet, rulesInPlay } from "./rules-in-play.ts";
import type { Taxonomy } from "./taxonomy.ts";

/** Number of the algorithm of policy-model 5 that this engine implements. */
export const semantics = 1;

/** All policies compiled: immutable, and replaced as a whole. */
export interface Snapshot {
  /** `sha256:` and hex over the RFC 8785 form of the compiled policies. */
  readonly digest: string;
  /** Who is who. */
  readonly identity: IdentityDirectory;
  /** In load order: those of the platform, then those of the tenants; both by name. */
  readonly rules: readonly Pick<Rule, "name" | "layer" | "effect">[];
  /** Of all models there are; sorted, none twice. */
  readonly providers: readonly string[];
  /** What a record needs to name the policies of a decision; undeclared tenants: the platform's. */
  versionsFor(tenant: string | undefined): PolicyVersions;
  hasTenant(tenant: string): boolean;
  hasApp(tenant: string, app: string): boolean;
  /** What decisions for one app are made from; undefined where it is not declared. */
  scopeOf(tenant: string, app: string): AppScope | undefined;
}

/** Everything on the path of one app's requests. */
export interface AppScope {
  /** Platform, tenant and app all say `fallback: allow`. */
  readonly fallbackAllows: boolean;
  readonly residualFloor: Strength;
  readonly taxonomy: Taxonomy;
  readonly models: VisibleModels;
  /** The rules in play, sorted by name; found once and kept. */
  rulesFor(action: Action, model: Model | undefined): readonly RuleInPlay[];
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

interface ScopeParts {
  readonly app: string;
  readonly fallbackAllows: boolean;
  readonly residualFloor: Strength;
  readonly taxonomy: Taxonomy;
  readonly models: VisibleModels;
  /** Of the tenant's path; shared by its apps. */
  readonly ruleSet: RuleSet;
  readonly room: IndexRoom;
}

/** Makes the scope of one app; its index fills as actions and models are asked for. */
export function createScope({ app, ruleSet, room, ...parts }: ScopeParts): AppScope {
  const index = new Map<Action, Map<string, readonly RuleInPlay[]>>();
  return {
    ...parts,
    rulesFor(action, model) {
      const key = model?.id ?? "";
      const known = index.get(action)?.get(key);
      if (known !== undefined) return known;
      const found = rulesInPlay(ruleSet, { app, action, model });
      // An empty list takes room as well.
      room.rulesLeft -= found.length + 1;
      if (room.rulesLeft >= 0) {
        const byModel = index.get(action) ?? new Map<string, readonly RuleInPlay[]>();
        index.set(action, byModel.set(key, found));
      }
      return found;
    },
  };
}
