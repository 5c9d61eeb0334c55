import { Type } from "typebox";
import { inputFieldSchemas, testDataSchema } from "../decide/input-schema.ts";
import { closed } from "../documents/field-schemas.ts";
import type { SchemaNode } from "../documents/schema-node.ts";

/** Fields of `matrix.given` in which a list multiplies (policy-model 12). */
export const multipliedFields = ["tenant", "app", "action", "point", "model"] as const;

const fixtureName = Type.String({ minLength: 1, maxLength: 256 });

/**
 * Schema of one `given` or of a fixture. A field that is written in one of two ways is compared
 * with the one it is written in, so that what is wrong with it can be said.
 */
export function givenSchema(
  given: Readonly<Record<string, unknown>>,
  kind: "given" | "fixture" | "matrix",
): SchemaNode {
  const { data, ...others } = given;
  const multiplied = kind === "matrix" ? multipliedFields : [];
  const lists = Object.fromEntries(
    multiplied
      .filter((field) => Array.isArray(others[field]))
      .map((field) => [
        field,
        Type.Array(inputFieldSchemas[field], { minItems: 1, maxItems: 1000 }),
      ]),
  );
  const schema = closed({
    ...(kind === "fixture" ? {} : { use: Type.Optional(fixtureName) }),
    ...Type.Partial(Type.Object({ ...inputFieldSchemas, ...lists })).properties,
    data: Type.Optional(typeof data === "string" ? fixtureName : testDataSchema),
  });
  return schema as unknown as SchemaNode;
}

/** Schema of a fixture that stands for the member `data`. */
export const dataFixtureSchema = testDataSchema as unknown as SchemaNode;

/** Whether a fixture is one for `data`: all of its fields are fields of that. */
export function isDataFixture(fixture: Readonly<Record<string, unknown>>): boolean {
  const fields = Object.keys(fixture);
  return (
    fields.length > 0 && fields.every((field) => Object.hasOwn(testDataSchema.properties, field))
  );
}

const name = Type.String({ minLength: 1, maxLength: 512 });
const names = Type.Array(name, { maxItems: 10_000 });
const verdict = Type.Enum(["deny", "fail_open", "redact", "transform", "warn", "allow"]);
const nothing = Type.Null();

/** A word, or null where the decision has none. */
function orNothing<const Schema extends Type.TSchema>(written: unknown, schema: Schema) {
  return Type.Optional(written === null ? nothing : schema);
}

/** Schema of one `expect`; one that says nothing would be kept by whatever is decided. */
export function expectSchema(expect: Readonly<Record<string, unknown>>): SchemaNode {
  const shadow = closed({
    verdict: Type.Optional(verdict),
    reason: Type.Optional(Type.Union([name, nothing])),
    changed: Type.Optional(Type.Boolean()),
  });
  const fields = {
    outcome: Type.Optional(Type.Enum(["permit", "deny"])),
    verdict: Type.Optional(verdict),
    reason: orNothing(expect["reason"], name),
    decidedBy: orNothing(expect["decidedBy"], name),
    rules: Type.Optional(names),
    model: orNothing(expect["model"], name),
    redact: Type.Optional(
      Type.Record(Type.String(), Type.Enum(["remove", "mask", "tokenize", "hash", "partial"])),
    ),
    params: Type.Optional(
      Type.Record(
        Type.String(),
        closed({
          max: Type.Optional(Type.Number()),
          min: Type.Optional(Type.Number()),
          value: Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
        }),
      ),
    ),
    warnings: Type.Optional(names),
    lifted: Type.Optional(names),
    quotas: Type.Optional(names),
    shadow: orNothing(expect["shadow"], shadow),
  };
  return closed(fields) as unknown as SchemaNode;
}
