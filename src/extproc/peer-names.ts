import type { X509Certificate } from "node:crypto";

/** The names a certificate gives its holder (RFC 5280, section 4.2.1.6). */
export interface PeerNames {
  /** URIs, as they stand. */
  readonly uris: readonly string[];
  /** DNS names in lower case. */
  readonly dnsNames: readonly string[];
}

const none: PeerNames = { uris: [], dnsNames: [] };

/**
 * One entry of the text that Node makes of the extension. A value with anything in it that could be
 * taken for the start of another entry comes in quotes; such a name is nobody's.
 */
const entryForm = /([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^",]*)(?:, |$)/y;

/** The names in a certificate's subject alternative name; none at all where one cannot be told. */
export function peerNamesOf({
  subjectAltName,
}: Pick<X509Certificate, "subjectAltName">): PeerNames {
  const text = subjectAltName ?? "";
  const uris: string[] = [];
  const dnsNames: string[] = [];
  entryForm.lastIndex = 0;
  while (entryForm.lastIndex < text.length) {
    const [, kind, value = ""] = entryForm.exec(text) ?? [];
    if (kind === undefined || value.startsWith('"')) return none;
    if (kind === "URI") uris.push(value);
    else if (kind === "DNS") dnsNames.push(value.toLowerCase());
  }
  return { uris, dnsNames };
}

/** SPIFFE-ID, section 2: a lower-case trust domain and a plain path. */
const wellFormedId = /^spiffe:\/\/[a-z0-9._-]{1,255}(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._-]+)*$/;

/** Whom a listener serves. */
export interface PeerAllowList {
  /** SPIFFE ids, exact or with a final `*` for all that begin so. */
  readonly spiffe: readonly string[];
  /** DNS names, exact; a wildcard in a certificate is not looked into. */
  readonly san: readonly string[];
}

/**
 * Whether a peer with these names is on the list. A certificate with two URIs is no SPIFFE identity
 * (SPIFFE X.509-SVID, section 2), so neither of them counts.
 */
export function isOnList({ dnsNames, uris }: PeerNames, { san, spiffe }: PeerAllowList): boolean {
  const [id, another] = uris;
  const isWorkload =
    id !== undefined && another === undefined && spiffe.some((pattern) => isLike(id, pattern));
  return isWorkload || san.some((name) => dnsNames.includes(name.toLowerCase()));
}

function isLike(id: string, pattern: string): boolean {
  if (!pattern.endsWith("*")) return id === pattern;
  // An id with dots or escapes for segments is none, and could look like one below the prefix.
  return wellFormedId.test(id) && id.startsWith(pattern.slice(0, -1));
}
