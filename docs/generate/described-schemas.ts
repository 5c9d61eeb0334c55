import { documentSchemas, type SchemaNode, sharedSchemas } from "../../src/policy/index.ts";
import type { FieldText, PartText } from "./field-text.ts";
import { kindTexts } from "./kind-texts.ts";
import { sharedTexts } from "./shared-texts.ts";

/** A schema as it is published. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** A kind or a shared part: its schema and what is said about it. */
export interface DescribedPart {
  readonly name: string;
  readonly schema: SchemaNode;
  readonly text: PartText;
}

/** The kinds, the schema being that of `spec`. Throws where a kind is not described. */
export const kinds: readonly DescribedPart[] = Object.entries(documentSchemas).map(
  ([name, schema]) => ({
    name,
    schema: plain(schema).properties?.["spec"] ?? {},
    text: textOf(kindTexts, name),
  }),
);

/** The parts that stand in several kinds. Throws where one is not described. */
export const sharedParts: readonly DescribedPart[] = Object.entries(sharedSchemas).map(
  ([name, schema]) => ({ name, schema: plain(schema), text: textOf(sharedTexts, name) }),
);

const nameByShape = new Map(sharedParts.map(({ name, schema }) => [JSON.stringify(schema), name]));

/** Name of the shared part that has this shape, if one has. */
export function sharedNameOf(schema: SchemaNode): string | undefined {
  return nameByShape.get(JSON.stringify(schema));
}

/** One field of a part, told by its path in it. */
export interface DescribedField {
  readonly path: string;
  readonly schema: SchemaNode;
  readonly isRequired: boolean;
  readonly text: FieldText;
}

/**
 * The fields of a part, those of mappings in it behind them. Throws where a field is not described,
 * or a described one is none.
 */
export function fieldsOf({ name, schema, text }: DescribedPart): readonly DescribedField[] {
  const fields = collect(schema, "").map((field) => {
    const described = text.fields[field.path];
    if (described === undefined) throw new Error(`no text says what ${name}.${field.path} means`);
    return { ...field, text: described };
  });
  const paths = new Set(fields.map(({ path }) => path));
  const stale = Object.keys(text.fields).find((path) => !paths.has(path));
  if (stale !== undefined)
    throw new Error(`${name} has no field ${stale}, but a text describes it`);
  return fields;
}

function collect(schema: SchemaNode, prefix: string): readonly Omit<DescribedField, "text">[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, member]) => {
    const path = prefix + key;
    const inner = innerMapping(member);
    const field = { path, schema: member, isRequired: schema.required?.includes(key) ?? false };
    return inner === undefined ? field : [field, ...collect(inner, `${path}.`)];
  });
}

/** The mapping a field leads to, by itself or in a list, unless it is a shared part. */
function innerMapping(schema: SchemaNode): SchemaNode | undefined {
  if (sharedNameOf(schema) !== undefined) return undefined;
  if (schema.properties !== undefined) return schema;
  const [named] = Object.values(schema.patternProperties ?? {});
  const next = schema.items ?? named;
  return next === undefined ? undefined : innerMapping(next);
}

function textOf(texts: Readonly<Record<string, PartText>>, name: string): PartText {
  const text = texts[name];
  if (text === undefined) throw new Error(`no text says what ${name} is`);
  return text;
}

/** As JSON has it: the validator keeps marks of its own on schemas, which are not published. */
function plain(schema: unknown): SchemaNode {
  return JSON.parse(JSON.stringify(schema)) as SchemaNode;
}
