import { Type } from "typebox";
import {
  closed,
  headerName,
  list,
  namePattern,
  word,
  workloadId,
  workloadPattern,
} from "./field-schemas.ts";

/** One entry of `Platform.spec.identity` (policy-model 9); which fields go with which source is checked after the shape. */
export const identitySource = closed({
  source: Type.Enum(["static", "mtls", "xfcc", "jwt", "extAuthz", "header"]),
  metadataKey: Type.Optional(word),
  namespace: Type.Optional(word),
  claims: Type.Optional(
    closed({
      principal: Type.Optional(word),
      tenant: Type.Optional(word),
      app: Type.Optional(word),
      groups: Type.Optional(word),
      roles: Type.Optional(word),
    }),
  ),
  trustedHop: Type.Optional(workloadId),
  headers: Type.Optional(
    closed({
      principal: Type.Optional(headerName),
      tenant: Type.Optional(headerName),
      app: Type.Optional(headerName),
      groups: Type.Optional(headerName),
    }),
  ),
});

/** `Tenant.spec.identities`. */
export const tenantIdentities = closed({
  issuers: Type.Optional(list(namePattern)),
  workloads: Type.Optional(list(workloadPattern)),
});

/** `App.spec.selectors`. */
export const appSelectors = closed({
  routes: Type.Optional(list(namePattern)),
  workloads: Type.Optional(list(workloadPattern)),
  clients: Type.Optional(list(namePattern)),
});

/** One entry of `Platform.spec.identity`, as written. */
export type IdentitySourceSpec = Type.Static<typeof identitySource>;
