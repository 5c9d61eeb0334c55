import { Type } from "typebox";
import { clientTls, dnsLabel, file, mapping, settings } from "./config-schema-parts.ts";
import { s3Bucket } from "./config-sinks-schema.ts";

const auditWaits = ["written", "committed"] as const;
const pseudonymRules = ["perMonth", "perSubject"] as const;
const auditFailureRules = ["refuse", "continue"] as const;

/** A file, or a key in a service with how to reach it. */
const rootKey = mapping({
  file: Type.Optional(file),
  kms: Type.Optional(Type.String({ minLength: 1 })),
  /** Of a key in a service; default: the only one there is. */
  version: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
  address: Type.Optional(Type.String({ minLength: 1 })),
  tokenFile: Type.Optional(file),
  mount: Type.Optional(
    Type.String({
      pattern: "^[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$",
      description: "where the engine is mounted, such as transit",
    }),
  ),
  namespace: Type.Optional(
    Type.String({
      pattern: "^[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*/?$",
      description: "a namespace, such as platform/audit",
    }),
  ),
  tls: Type.Optional(clientTls),
  /** Default: `<audit.origin>/root`. */
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
});

/** A witness with its key, a bucket with object lock, or a directory. */
const anchor = mapping({
  name: Type.String({
    pattern: `^${dnsLabel}$`,
    description: "a name of lower-case letters, digits and hyphens",
  }),
  witness: Type.Optional(Type.String({ minLength: 1 })),
  key: Type.Optional(Type.String({ minLength: 1 })),
  /** Of a witness; a bucket has its own. */
  tls: Type.Optional(clientTls),
  directory: Type.Optional(file),
  s3: Type.Optional(s3Bucket),
});

/** What is recorded, and how it is kept: the key `audit`. */
export const audit = settings({
  // The host name is taken where the log is opened; the file need not repeat it.
  origin: Type.Union(
    [
      Type.String({
        maxLength: 128,
        pattern: "^[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*$",
        description: "a name of letters, digits, dots, hyphens and slashes, such as a host name",
      }),
      Type.Null(),
    ],
    { default: null },
  ),
  // A killed process loses nothing that was written; only power loss does.
  wait: Type.Enum(auditWaits, { default: "written" }),
  // What cannot be proven later should not happen.
  onFailure: Type.Enum(auditFailureRules, { default: "refuse" }),
  onCorrupt: Type.Enum(auditFailureRules, { default: "refuse" }),
  // Without a root each log has a key of its own, and whoever trusts it is given that.
  rootKey: Type.Union([rootKey, Type.Null()], { default: null }),
  // Six months are asked for at least (audit-and-operations 3); these cover an audit of the year.
  retentionDays: Type.Integer({ default: 400, minimum: 184, maximum: 36_500 }),
  // Digests cost a hash over each body, and what is not asked for is better not there.
  contentDigests: Type.Boolean({ default: false }),
  // A name must fit into a key of a record, behind `principal.claims.`.
  recordClaims: Type.Array(
    Type.String({
      minLength: 1,
      maxLength: 128,
      pattern: "^[!-~]+$",
      description: "the name of a claim, in printable characters without spaces",
    }),
    { default: [], maxItems: 32 },
  ),
  // One key a month is destroyed as a whole; with one for each person a single one can be.
  pseudonyms: Type.Enum(pseudonymRules, { default: "perMonth" }),
  anchors: Type.Array(anchor, { default: [] }),
});

/** What is other on one route: an entry of `routes`. */
export const route = settings({
  audit: settings({
    wait: Type.Optional(Type.Enum(auditWaits)),
    onFailure: Type.Optional(Type.Enum(auditFailureRules)),
  }),
});
