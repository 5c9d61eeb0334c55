import { count, each, fixed, type Rule, type Shape, shaped, structure, text } from "./shape.ts";

const schemaMembers = new Map<string, Rule>();
/** Properties or definitions by name, which others refer to. */
const namedSchemas: Shape = { members: new Map(), hasFixedNames: true };

/**
 * A JSON Schema, as tools and answer formats are described with. What a person reads in it, and the
 * values it offers, are text; names, references and patterns are what it is made of, so they are
 * judged and never edited.
 */
export const schemaShape: Shape = { members: schemaMembers, hasFixedNames: true };

const schema = shaped(schemaShape);
const named = shaped({ ...namedSchemas, rest: schema });
const rules: Readonly<Record<string, Rule>> = {
  ...each(["type", "format", "required", "contentEncoding", "contentMediaType"], structure),
  ...each(["$schema", "$id", "$ref", "$anchor", "$dynamicRef", "$dynamicAnchor", "pattern"], fixed),
  ...each(["title", "description", "$comment", "default", "examples", "enum", "const"], text),
  ...each(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"], count),
  ...each(["minLength", "maxLength", "minItems", "maxItems"], count),
  ...each(["minProperties", "maxProperties", "minContains", "maxContains"], count),
  ...each(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"], named),
  ...each(["items", "prefixItems", "contains", "additionalProperties", "propertyNames"], schema),
  ...each(["unevaluatedItems", "unevaluatedProperties", "not", "if", "then", "else"], schema),
  ...each(["anyOf", "oneOf", "allOf"], schema),
};
for (const [name, rule] of Object.entries(rules)) schemaMembers.set(name, rule);

/** Names that schemas are full of, for a vocabulary. */
export const schemaNames: readonly string[] = [...schemaMembers.keys()];
