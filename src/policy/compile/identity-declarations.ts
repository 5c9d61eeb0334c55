import type { IdentityClaims, IdentityDeclaration } from "../../domain/index.ts";
import type { IdentitySourceSpec } from "../documents/identity-schema.ts";

/** The sources that policies declare, defaults filled in; `static` is the listener's business. */
export function compileIdentity(
  written: readonly IdentitySourceSpec[] | undefined,
): readonly IdentityDeclaration[] {
  return (written ?? []).flatMap((spec) => toDeclaration(spec) ?? []);
}

const defaultClaims: IdentityClaims = {
  principal: "sub",
  tenant: "tenant",
  app: "app",
  groups: "groups",
  roles: "roles",
};

const defaultHeaders = {
  principal: "x-user",
  tenant: "x-tenant",
  app: "x-app",
  groups: "x-groups",
} as const;

/** One source with the defaults of policy-model 9; undefined for one without settings here. */
export function toDeclaration(spec: IdentitySourceSpec): IdentityDeclaration | undefined {
  switch (spec.source) {
    case "static":
      return undefined;
    case "mtls":
      return { source: "mtls" };
    case "xfcc":
      // Without a hop that is trusted there is no such source; it is also a problem.
      return spec.trustedHop === undefined
        ? undefined
        : { source: "xfcc", trustedHop: spec.trustedHop };
    case "jwt":
      return {
        source: "jwt",
        metadataKey: spec.metadataKey ?? "chancery",
        claims: { ...defaultClaims, ...spec.claims },
      };
    case "extAuthz":
      return {
        source: "extAuthz",
        namespace: spec.namespace ?? "envoy.filters.http.ext_authz",
        claims: { ...defaultClaims, ...spec.claims },
      };
    case "header":
      return { source: "header", headers: headerNames(spec) };
  }
}

/** The header of each part, in lower case as they arrive. */
export function headerNames({ headers }: IdentitySourceSpec) {
  return {
    principal: (headers?.principal ?? defaultHeaders.principal).toLowerCase(),
    tenant: (headers?.tenant ?? defaultHeaders.tenant).toLowerCase(),
    app: (headers?.app ?? defaultHeaders.app).toLowerCase(),
    groups: (headers?.groups ?? defaultHeaders.groups).toLowerCase(),
  };
}
