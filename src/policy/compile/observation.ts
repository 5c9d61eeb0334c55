import { documentsOf, type PolicyDocument } from "../documents/document.ts";

/** Apps that the platform watches before it governs them, until a moment (policy-model 7). */
export interface Observation {
  /** Sorted; undefined: all. */
  readonly tenants: readonly string[] | undefined;
  readonly apps: readonly string[] | undefined;
  /** Milliseconds since the epoch. */
  readonly untilMs: number;
}

/** What `Platform.spec.observe` says, in an order that the writing does not change. */
export function compileObservations(documents: readonly PolicyDocument[]): readonly Observation[] {
  const said = documentsOf(documents, "Platform").flatMap(({ spec }) => spec.observe ?? []);
  return said
    .map(({ tenants, apps, until }) => ({
      tenants: tenants?.toSorted(),
      apps: apps?.toSorted(),
      untilMs: Date.parse(until),
    }))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** Until when an app is watched, in milliseconds since the epoch; undefined: it is governed. */
export function observedUntil(
  observations: readonly Observation[],
  { tenant, app }: { readonly tenant: string; readonly app: string },
): number | undefined {
  const ends = observations
    .filter(({ tenants, apps }) => lists(tenants, tenant) && lists(apps, app))
    .map(({ untilMs }) => untilMs);
  return ends.length === 0 ? undefined : Math.max(...ends);
}

function lists(names: readonly string[] | undefined, name: string): boolean {
  return names?.includes(name) ?? true;
}
