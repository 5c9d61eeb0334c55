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
}

/** A caller whose tenant and app are proven, and by which identity source. */
export interface Identity {
  readonly tenant: string;
  readonly app: string;
  readonly principal: Principal;
  readonly source: "static";
}
