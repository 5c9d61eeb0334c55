import type { CompiledForm } from "../compile/compiled-form.ts";
import type { Lift, Rule, UnsetDefault } from "../compile/rule.ts";

/** What of the compiled policies bears on one tenant's requests. */
export interface TenantShare {
  /** Sorted by name. */
  readonly rules: readonly Rule[];
  readonly unset: readonly UnsetDefault[];
  /** By the full name of the rule; sorted by the exception's name. */
  readonly lifts: ReadonlyMap<string, readonly Lift[]>;
}

/**
 * Gives each tenant its share: what is said for everybody and what is said for it. No share holds
 * anything of another tenant, so none is ever looked at (policy-model 9), and telling them apart
 * takes time that grows with what there is, not with what there is times the tenants.
 */
export function shareByTenant({
  rules,
  unset,
  lifts,
}: Pick<CompiledForm, "rules" | "unset" | "lifts">): (tenant: string) => TenantShare {
  const rulesOf = Map.groupBy(rules, ({ tenant }) => tenant);
  const unsetOf = Map.groupBy(unset, ({ tenant }) => tenant);
  const liftsOf = Map.groupBy(lifts, ({ tenant }) => tenant);
  return (tenant) => ({
    rules: both(rulesOf, tenant).sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name))),
    unset: both(unsetOf, tenant),
    lifts: Map.groupBy(
      both(liftsOf, tenant).sort((a, b) => (a.by < b.by ? -1 : Number(a.by > b.by))),
      ({ rule }) => rule,
    ),
  });
}

function both<Item>(groups: ReadonlyMap<string | undefined, readonly Item[]>, tenant: string) {
  return [...(groups.get(undefined) ?? []), ...(groups.get(tenant) ?? [])];
}
