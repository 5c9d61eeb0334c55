export type PrincipalKind = "user" | "workload" | "composite";

/** Who asks (policy-model 3.1 and 9). */
export interface Principal {
  readonly id: string;
  readonly kind: PrincipalKind;
  readonly issuer?: string;
  readonly groups?: readonly string[];
  readonly roles?: readonly string[];
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly authn?: { readonly mtls?: boolean; readonly mfa?: boolean };
  readonly actor?: { readonly id: string };
  /** Absent: as of most, groups, roles and issuer are on record, and no claim is. */
  readonly onRecord?: PrincipalOnRecord;
}

/** What records tell of a caller beyond, or short of, what they tell of most (audit-and-operations 2.4). */
export interface PrincipalOnRecord {
  /** A group, a role or the issuer is told by a pseudonym, so that none of them is to be read there. */
  readonly hidesNames: boolean;
  /** Names of the claims that can be read there, those included that the caller does not have. */
  readonly claims: ReadonlySet<string>;
}

/** Where an identity may come from (policy-model 9). */
export type IdentitySource = "static" | "jwt" | "mtls" | "xfcc" | "extAuthz" | "header";

/** A caller whose tenant and app are proven, and by which identity source. */
export interface Identity {
  readonly tenant: string;
  readonly app: string;
  readonly principal: Principal;
  readonly source: IdentitySource;
}

/** Names of the claims that hold each part of an identity. */
export interface IdentityClaims {
  readonly principal: string;
  readonly tenant: string;
  readonly app: string;
  readonly groups: string;
  readonly roles: string;
}

/** One entry of `Platform.spec.identity`, with its defaults filled in. */
export type IdentityDeclaration =
  | { readonly source: "jwt"; readonly metadataKey: string; readonly claims: IdentityClaims }
  | { readonly source: "mtls" }
  | { readonly source: "xfcc"; readonly trustedHop: string }
  | { readonly source: "extAuthz"; readonly namespace: string; readonly claims: IdentityClaims }
  | {
      readonly source: "header";
      readonly headers: Readonly<Record<"principal" | "tenant" | "app" | "groups", string>>;
    };

/** What the loaded policies say about who is who. */
export interface IdentityDirectory {
  /** `Platform.spec.identity` in order; empty where none is declared. */
  readonly declarations: readonly IdentityDeclaration[];
  hasTenant(tenant: string): boolean;
  hasApp(tenant: string, app: string): boolean;
  /** The tenants whose `identities` fit an issuer or a workload id; sorted. */
  tenantsOf(facts: { readonly issuer?: string; readonly workload?: string }): readonly string[];
  /**
   * Whether a tenant that was named outright is not contradicted by what the policies say of the
   * issuer and of the workload: it lists this one, or none at all while no other tenant lists it.
   */
  allows(tenant: string, facts: { readonly issuer?: string; readonly workload?: string }): boolean;
  /** The apps whose `selectors` fit the first of workload, client and route that any fits; sorted. */
  appsOf(
    tenant: string,
    facts: { readonly workload?: string; readonly client?: string; readonly route?: string },
  ): readonly string[];
}
