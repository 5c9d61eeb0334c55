import { Type } from "typebox";
import {
  clientTls,
  credential,
  credentialHeader,
  credentialPrefix,
  mapping,
} from "./config-schema-parts.ts";

const hostAndPort = Type.String({
  pattern: "^(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\]):[0-9]{1,5}$",
  description: "HOST:PORT",
});

/** A bucket with object lock. */
export const s3Bucket = mapping({
  bucket: Type.String({
    pattern: "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
    description: "the name of a bucket",
  }),
  region: Type.String({ pattern: "^[a-z0-9-]{1,64}$", description: "a region" }),
  endpoint: Type.Optional(Type.String({ minLength: 1 })),
  prefix: Type.Optional(
    Type.String({
      pattern: "^(?:[A-Za-z0-9._-]+/)*$",
      description: "names with a slash behind each, such as audit/eu1/",
    }),
  ),
  credential: Type.Optional(credential),
  tls: Type.Optional(clientTls),
});

/** One place that records go to: one of the kinds, by a name of its own. */
export const sink = mapping({
  /** Default: the kind. Cursor and metrics are under it. */
  name: Type.Optional(
    Type.String({
      pattern: "^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$",
      description: "a name of lower-case letters, digits and hyphens",
    }),
  ),
  stdout: Type.Optional(mapping({})),
  otlp: Type.Optional(
    mapping({
      url: Type.String({ minLength: 1 }),
      credential: Type.Optional(credential),
      header: Type.Optional(credentialHeader()),
      prefix: Type.Optional(credentialPrefix),
      tls: Type.Optional(clientTls),
    }),
  ),
  kafka: Type.Optional(
    mapping({
      brokers: Type.Array(hostAndPort, { minItems: 1 }),
      topic: Type.String({
        pattern: "^[A-Za-z0-9._-]{1,249}$",
        description: "the name of a topic",
      }),
      credential: Type.Optional(credential),
      mechanism: Type.Optional(Type.Enum(["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])),
      tls: Type.Optional(clientTls),
    }),
  ),
  nats: Type.Optional(
    mapping({
      servers: Type.Array(hostAndPort, { minItems: 1 }),
      subject: Type.String({
        pattern: "^[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*$",
        description: "a subject without wildcards",
      }),
      credential: Type.Optional(credential),
      tls: Type.Optional(clientTls),
    }),
  ),
  s3: Type.Optional(s3Bucket),
  syslog: Type.Optional(
    mapping({
      host: Type.String({
        pattern: "^(?:[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+)$",
        description: "a host name or an address",
      }),
      port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 })),
      tls: Type.Optional(clientTls),
    }),
  ),
});
