/**
 * What the proxy vouches for → one principal, tenant and app, or nothing. This version knows the
 * `static` source of a listener that serves one app. Start with `parseStaticIdentity`.
 */
export { parseStaticIdentity } from "./static-identity.ts";
