import type { IdentityDirectory } from "../../domain/index.ts";
import type { AppForm, CompiledForm, TenantForm } from "../compile/compiled-form.ts";
import { PatternIndex } from "../compile/name-pattern.ts";

type Directory = IdentityDirectory;
type CallerFacts = Parameters<Directory["tenantsOf"]>[0];
type AppFacts = Parameters<Directory["appsOf"]>[1];

/** Answers who is who from the compiled policies (policy-model 9). */
export function createIdentityDirectory({ identity, tenants }: CompiledForm): Directory {
  const entries = Object.entries(tenants);
  const claims = {
    issuer: indexOf(entries, ({ issuers }) => issuers),
    workload: indexOf(entries, ({ workloads }) => workloads),
  };
  const apps = new Map(entries.map(([tenant, form]) => [tenant, new AppSelectors(form)]));
  const claimantsOf = (kind: keyof typeof claims, value: string | undefined) => {
    const owners = new Set<string>();
    if (value !== undefined) claims[kind].collect(value, owners);
    return owners;
  };
  return Object.freeze({
    declarations: identity,
    hasTenant: (tenant: string) => apps.has(tenant),
    hasApp: (tenant: string, app: string) => apps.get(tenant)?.has(app) ?? false,
    tenantsOf: ({ issuer, workload }: CallerFacts) => {
      const owners = claimantsOf("issuer", issuer);
      if (workload !== undefined) claims.workload.collect(workload, owners);
      return [...owners].sort();
    },
    allows: (tenant: string, { issuer, workload }: CallerFacts) => {
      const form = Object.hasOwn(tenants, tenant) ? tenants[tenant] : undefined;
      if (form === undefined) return false;
      return (
        mayBe(tenant, {
          listed: form.issuers,
          value: issuer,
          claimants: claimantsOf("issuer", issuer),
        }) &&
        mayBe(tenant, {
          listed: form.workloads,
          value: workload,
          claimants: claimantsOf("workload", workload),
        })
      );
    },
    appsOf: (tenant: string, facts: AppFacts) => apps.get(tenant)?.appsOf(facts) ?? [],
  });
}

interface Claim {
  /** What the named tenant lists. */
  readonly listed: readonly string[];
  readonly value: string | undefined;
  /** The tenants that list the value. */
  readonly claimants: ReadonlySet<string>;
}

/**
 * A tenant that lists none takes any but another tenant's: an issuer speaks for the tenants that
 * claim it, whatever it writes into its tokens.
 */
function mayBe(tenant: string, { listed, value, claimants }: Claim): boolean {
  if (value === undefined || claimants.has(tenant)) return true;
  return listed.length === 0 && claimants.size === 0;
}

function indexOf<Form>(
  entries: readonly (readonly [owner: string, Form])[],
  patternsOf: (form: Form) => readonly string[],
): PatternIndex<string> {
  const index = new PatternIndex<string>();
  for (const [owner, form] of entries) {
    for (const pattern of patternsOf(form)) index.add(pattern, owner);
  }
  return index;
}

/** The apps of one tenant. */
class AppSelectors {
  readonly #apps: Readonly<Record<string, AppForm>>;
  readonly #workloads: PatternIndex<string>;
  readonly #clients: PatternIndex<string>;
  readonly #routes: PatternIndex<string>;

  constructor({ apps }: TenantForm) {
    const entries = Object.entries(apps);
    this.#apps = apps;
    this.#workloads = indexOf(entries, ({ workloads }) => workloads);
    this.#clients = indexOf(entries, ({ clients }) => clients);
    this.#routes = indexOf(entries, ({ routes }) => routes);
  }

  has(app: string): boolean {
    return Object.hasOwn(this.#apps, app);
  }

  appsOf({ workload, client, route }: AppFacts): readonly string[] {
    const owners = new Set<string>();
    const tries = [
      [this.#workloads, workload],
      [this.#clients, client],
      [this.#routes, route],
    ] as const;
    for (const [index, value] of tries) {
      if (value !== undefined) index.collect(value, owners);
      if (owners.size > 0) break;
    }
    return [...owners].sort();
  }
}
