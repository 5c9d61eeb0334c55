import { Type } from "typebox";
import { dnsLabel, file, mapping, settings } from "./config-schema-parts.ts";

/** The body modes that exist, so that a mode that cannot be enforced is told apart from a typo. */
const knownBodyModes = [
  "NONE",
  "BUFFERED",
  "BUFFERED_PARTIAL",
  "STREAMED",
  "FULL_DUPLEX_STREAMED",
] as const;

const offeredToolsRules = ["remove", "refuse"] as const;

function bodyModes<const D extends readonly (typeof knownBodyModes)[number][]>(modes: D) {
  return Type.Array(Type.Enum(knownBodyModes), {
    default: [...modes],
    minItems: 1,
    uniqueItems: true,
  });
}

const listenerTls = mapping({
  certFile: file,
  keyFile: file,
  /** The authorities that vouch for proxies. */
  clientCaFile: file,
  // An authority vouches for many; only those named here may ask.
  allow: mapping({
    spiffe: Type.Array(
      Type.String({
        pattern: "^spiffe://[a-z0-9._-]{1,255}(?:/[A-Za-z0-9._-]+)*(?:/[A-Za-z0-9._-]*\\*)?$",
        description: "a SPIFFE id, exact or with a final * behind the trust domain's slash",
      }),
      { default: [] },
    ),
    san: Type.Array(
      Type.String({
        pattern: "^[A-Za-z0-9_](?:[-A-Za-z0-9_.]{0,251}[A-Za-z0-9_])?$",
        description: "a DNS name without wildcard",
      }),
      { default: [] },
    ),
  }),
});

/** One address that the proxy asks at: an entry of `listeners`. */
export const listener = mapping({
  /** `unix:PATH` or `HOST:PORT`. */
  address: Type.String({ minLength: 1 }),
  /** Mutual TLS; required on addresses that others can reach. */
  tls: Type.Optional(listenerTls),
  // The group is how Envoy's user gets in (audit-and-operations 13); everyone else stays out.
  socketMode: Type.String({
    default: "0660",
    pattern: "^0?[0-7]{3}$",
    description: 'permission bits in quotes, such as "0660"',
  }),
  // No guess about whose traffic this is.
  identity: Type.Union(
    [
      Type.String({
        pattern: `^${dnsLabel}/${dnsLabel}$`,
        description: "TENANT/APP in lower-case letters, digits and hyphens",
      }),
      Type.Null(),
    ],
    { default: null },
  ),
  // None, so that a header the proxy lets clients send never counts as proof.
  stripsHeaders: Type.Array(
    Type.String({
      pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}$",
      description: "the name of a header",
    }),
    { default: [], uniqueItems: true },
  ),
  // The rest of the request may do without a tool that is not allowed.
  offeredTools: Type.Enum(offeredToolsRules, { default: "remove" }),
  bodyModes: settings({
    // Whole bodies, so that a decision comes before any byte goes upstream; Envoy's copy first.
    request: bodyModes(["BUFFERED", "FULL_DUPLEX_STREAMED"]),
    // The only mode that can hold text back and end an answer early comes first.
    response: bodyModes(["FULL_DUPLEX_STREAMED", "BUFFERED", "STREAMED"]),
  }),
});
