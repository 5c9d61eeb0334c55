import { claimsSpiffe, isSpiffeId } from "./spiffe-id.ts";

/** Proxy attributes by expression text. */
export type Attributes = ReadonlyMap<string, string | number | boolean>;

/**
 * Whether the connection's peer showed a client certificate and proved it. Envoy tells validity
 * since 1.39 only; before that, a listener that takes certificates it did not check cannot be told.
 */
export function isMutualTls(attributes: Attributes): boolean {
  return (
    attributes.get("connection.mtls") === true &&
    attributes.get("connection.peer_certificate_valid") !== false
  );
}

/**
 * The SPIFFE id of the connection's peer; `unreadable` where its certificate claims one that is
 * none. Envoy shows the first URI SAN, and an X.509-SVID has exactly one (X509-SVID, section 2).
 */
export function peerWorkload(attributes: Attributes): string | "unreadable" | undefined {
  const uri = attributes.get("connection.uri_san_peer_certificate");
  if (typeof uri !== "string" || !claimsSpiffe(uri) || !isMutualTls(attributes)) return undefined;
  return isSpiffeId(uri) ? uri : "unreadable";
}
