/**
 * What the proxy vouches for → one principal, tenant and app, or nobody where sources contradict
 * each other or prove too little. It verifies no token and no certificate: that is the proxy's, and
 * headers count only where the proxy is said to own them. Start with `resolveIdentity`.
 */
export type { CallerEvidence } from "./hear-sources.ts";
export { type PseudonymKey, type Pseudonymous, pseudonymOf } from "./pseudonym.ts";
export { type ListenerIdentity, resolveIdentity } from "./resolve-identity.ts";
export { parseStaticIdentity } from "./static-identity.ts";
