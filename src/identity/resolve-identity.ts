import type { Identity, IdentityDirectory, Principal } from "../domain/index.ts";
import { agree } from "./agree.ts";
import { type CallerEvidence, hearSources } from "./hear-sources.ts";
import { isSpiffeId } from "./spiffe-id.ts";
import type { Statement } from "./statement.ts";

/** What a listener says about the callers behind it. */
export interface ListenerIdentity {
  /** The one app it serves: the `static` source. */
  readonly fixed: Identity | undefined;
  /** Lower-case names of the identity headers that the proxy removes from clients. */
  readonly stripsHeaders: ReadonlySet<string>;
}

/**
 * The caller of one request by the identity sources that the policies declare (policy-model 9): all
 * that are present must agree, and the tenant and the app must be declared. Undefined where nobody
 * is proven (`identity_unresolved`).
 */
export function resolveIdentity(
  evidence: CallerEvidence,
  listener: ListenerIdentity,
  directory: IdentityDirectory,
): Identity | undefined {
  const { fixed, stripsHeaders } = listener;
  const hearing = hearSources(evidence, directory.declarations, stripsHeaders);
  if (hearing === undefined) return undefined;
  if (hearing.statements.length === 0) return fixed;
  const agreed = agree(
    fixed === undefined ? hearing.statements : [toStatement(fixed), ...hearing.statements],
  );
  if (agreed === undefined) return undefined;
  const principal = toPrincipal(agreed, hearing.isMutualTls) ?? fixed?.principal;
  const tenant = tenantOf(agreed, directory);
  if (principal === undefined || tenant === undefined) return undefined;
  const app = appOf(tenant, agreed, {
    directory,
    route: evidence.attributes.get("xds.route_name"),
  });
  return app === undefined ? undefined : { tenant, app, principal, source: agreed.source };
}

/** A listener names tenant and app; its principal stands in only where no source names another. */
function toStatement({ tenant, app }: Identity): Statement {
  return { source: "static", tenant, app };
}

function toPrincipal(agreed: Statement, isMutualTls: boolean): Principal | undefined {
  const { principal, workload, issuer, groups, roles, claims } = agreed;
  const id = principal ?? workload;
  if (id === undefined) return undefined;
  const isDelegated = principal !== undefined && workload !== undefined;
  return {
    id,
    // The subject of a JWT-SVID is a SPIFFE id: a token, and nobody's person.
    kind: isDelegated ? "composite" : isSpiffeId(id) ? "workload" : "user",
    ...(issuer === undefined ? {} : { issuer }),
    ...(groups === undefined ? {} : { groups }),
    ...(roles === undefined ? {} : { roles }),
    ...(claims === undefined ? {} : { claims }),
    authn: { mtls: isMutualTls || workload !== undefined, mfa: hasMfa(claims) },
    ...(isDelegated ? { actor: { id: workload } } : {}),
  };
}

/** Authentication method references (RFC 8176, section 2). */
function hasMfa(claims: Statement["claims"]): boolean {
  const references = claims?.["amr"];
  return Array.isArray(references) && references.includes("mfa");
}

/** The tenant named, else the only one whose `identities` fit; neither may contradict them. */
function tenantOf(agreed: Statement, directory: IdentityDirectory): string | undefined {
  const { issuer, workload } = agreed;
  const facts = {
    ...(issuer === undefined ? {} : { issuer }),
    ...(workload === undefined ? {} : { workload }),
  };
  const tenant = agreed.tenant ?? only(directory.tenantsOf(facts));
  if (tenant === undefined || !directory.hasTenant(tenant)) return undefined;
  return directory.allows(tenant, facts) ? tenant : undefined;
}

/** The app named, else the only one whose `selectors` fit. */
function appOf(
  tenant: string,
  agreed: Statement,
  { directory, route }: { readonly directory: IdentityDirectory; readonly route: unknown },
): string | undefined {
  if (agreed.app !== undefined) {
    return directory.hasApp(tenant, agreed.app) ? agreed.app : undefined;
  }
  const { workload, client } = agreed;
  const apps = directory.appsOf(tenant, {
    ...(workload === undefined ? {} : { workload }),
    ...(client === undefined ? {} : { client }),
    ...(typeof route === "string" && route !== "" ? { route } : {}),
  });
  return only(apps);
}

function only(names: readonly string[]): string | undefined {
  return names.length === 1 ? names[0] : undefined;
}
