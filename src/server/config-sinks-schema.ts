import { Type } from "typebox";

const closed = { additionalProperties: false } as const;
const file = Type.String({ minLength: 1 });

/** Never the value itself: files have owners and modes, and can be renewed. */
const credential = Type.Object({ file }, closed);

/** Who vouches for the receiver, and who we are where it asks. */
const tls = Type.Object(
  { caFile: Type.Optional(file), certFile: Type.Optional(file), keyFile: Type.Optional(file) },
  closed,
);

const hostAndPort = Type.String({
  pattern: "^(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\]):[0-9]{1,5}$",
  description: "HOST:PORT",
});

/** A bucket with object lock. */
export const s3Bucket = Type.Object(
  {
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
  },
  closed,
);

/** One place that records go to: one of the kinds, by a name of its own. */
export const sink = Type.Object(
  {
    /** Default: the kind. Cursor and metrics are under it. */
    name: Type.Optional(
      Type.String({
        pattern: "^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$",
        description: "a name of lower-case letters, digits and hyphens",
      }),
    ),
    stdout: Type.Optional(Type.Object({}, closed)),
    otlp: Type.Optional(
      Type.Object(
        {
          url: Type.String({ minLength: 1 }),
          credential: Type.Optional(credential),
          header: Type.Optional(
            Type.String({
              pattern:
                "^(?!(?:host|connection|transfer-encoding)$|content-)[a-z0-9][-a-z0-9]{0,63}$",
              description: "the name of a header that takes a credential, in lower case",
            }),
          ),
          prefix: Type.Optional(
            Type.String({
              pattern: "^(?:[\\x21-\\x7e]{1,64} ?)?$",
              description: 'a word with a blank behind it, such as "Bearer ", or nothing',
            }),
          ),
        },
        closed,
      ),
    ),
    kafka: Type.Optional(
      Type.Object(
        {
          brokers: Type.Array(hostAndPort, { minItems: 1 }),
          topic: Type.String({
            pattern: "^[A-Za-z0-9._-]{1,249}$",
            description: "the name of a topic",
          }),
          credential: Type.Optional(credential),
          mechanism: Type.Optional(Type.Enum(["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])),
          tls: Type.Optional(tls),
        },
        closed,
      ),
    ),
    nats: Type.Optional(
      Type.Object(
        {
          servers: Type.Array(hostAndPort, { minItems: 1 }),
          subject: Type.String({
            pattern: "^[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*$",
            description: "a subject without wildcards",
          }),
          credential: Type.Optional(credential),
          tls: Type.Optional(tls),
        },
        closed,
      ),
    ),
    s3: Type.Optional(s3Bucket),
    syslog: Type.Optional(
      Type.Object(
        {
          host: Type.String({
            pattern: "^(?:[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+)$",
            description: "a host name or an address",
          }),
          port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 })),
          tls: Type.Optional(tls),
        },
        closed,
      ),
    ),
  },
  closed,
);
