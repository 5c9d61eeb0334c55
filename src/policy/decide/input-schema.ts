import { Type } from "typebox";
import { actions, places } from "../../domain/index.ts";
import { closed, dataClassId, moment } from "../documents/field-schemas.ts";

/*
 * The input of a decision as it is written (policy-model 12.1). Lists may be empty here, unlike
 * those of matchers.
 */

const text = Type.String({ maxLength: 8192 });
const texts = Type.Array(text, { maxItems: 10_000 });
const tokens = Type.Integer({ minimum: 0 });
/** What callers and issuers name freely. */
const freeFields = Type.Record(Type.String(), Type.Unknown());
const place = Type.Enum([...places]);
const count = Type.Integer({ minimum: 1 });
const confidence = Type.Number({ minimum: 0, maximum: 1 });

const principal = closed({
  id: Type.String({ minLength: 1, maxLength: 8192 }),
  kind: Type.Optional(Type.Enum(["user", "workload", "composite"])),
  issuer: Type.Optional(text),
  groups: Type.Optional(texts),
  roles: Type.Optional(texts),
  claims: Type.Optional(freeFields),
  authn: Type.Optional(
    closed({ mtls: Type.Optional(Type.Boolean()), mfa: Type.Optional(Type.Boolean()) }),
  ),
  actor: Type.Optional(closed({ id: text })),
});

const request = closed({
  protocol: Type.Optional(text),
  stream: Type.Optional(Type.Boolean()),
  inputTokens: Type.Optional(tokens),
  maxTokens: Type.Optional(tokens),
  params: Type.Optional(freeFields),
  toolNames: Type.Optional(texts),
  region: Type.Optional(text),
});

const tool = closed({
  name: Type.String({ minLength: 1, maxLength: 512 }),
  args: Type.Optional(freeFields),
  approved: Type.Optional(Type.Boolean()),
});

const response = closed({
  finishReason: Type.Optional(text),
  outputTokens: Type.Optional(tokens),
  toolCalls: Type.Optional(texts),
});

const status = Type.Optional(Type.Enum(["ok", "timeout", "failed", "truncated"]));
const finding = closed({
  class: dataClassId,
  detector: Type.Optional(text),
  in: place,
  count,
  confidence,
});
const findings = Type.Optional(Type.Array(finding, { maxItems: 10_000 }));

/** Schema of the member `data`. */
export const dataSchema = closed({ status, findings });

/** As `data`, with the shorthand of tests: classes found, by name. */
export const testDataSchema = closed({
  status,
  findings,
  classes: Type.Optional(
    Type.Record(
      Type.String({ pattern: "^[a-z0-9_]+(?:\\.[a-z0-9_]+)*$" }),
      closed({
        count: Type.Optional(count),
        confidence: Type.Optional(confidence),
        in: Type.Optional(place),
      }),
      { additionalProperties: false },
    ),
  ),
});

/** Schema of each member of an input but `data`. */
export const inputFieldSchemas = {
  time: moment,
  tenant: text,
  app: text,
  action: Type.Enum([...actions]),
  point: Type.Enum(["request", "response", "tool.list", "tool.call", "tool.result"]),
  model: text,
  tool,
  principal,
  request,
  route: closed({ name: Type.Optional(text), host: Type.Optional(text) }),
  response,
  quotas: Type.Record(Type.String(), Type.Enum(["ok", "exceeded", "unavailable"])),
} as const;

/** Schema of a whole input. */
export const inputSchema = closed({
  ...Type.Partial(Type.Object(inputFieldSchemas)).properties,
  time: inputFieldSchemas.time,
  action: inputFieldSchemas.action,
  data: Type.Optional(dataSchema),
});
