import type { SchemaNode } from "../../src/policy/index.ts";
import {
  type DescribedPart,
  fieldsOf,
  type JsonSchema,
  kinds,
  sharedNameOf,
  sharedParts,
} from "./described-schemas.ts";

const dialect = "https://json-schema.org/draft/2020-12/schema";
const idBase = "urn:chancery:v1alpha1";

/** The published JSON Schemas by file name: one a kind, and `document` for any of them. */
export function jsonSchemas(): ReadonlyMap<string, string> {
  const files = kinds.map((kind) => {
    const schema = { $schema: dialect, $id: `${idBase}:${kind.name}`, ...kindSchema(kind) };
    return [`${fileName(kind.name)}.schema.json`, withDefinitions(schema)] as const;
  });
  return new Map([...files, ["document.schema.json", withDefinitions(anyDocument())]]);
}

function fileName(kind: string): string {
  return kind.replace(/(?<!^)[A-Z]/g, "-$&").toLowerCase();
}

function kindSchema(kind: DescribedPart): JsonSchema {
  return {
    title: kind.name,
    description: kind.text.about,
    type: "object",
    required: ["apiVersion", "kind", "metadata", "spec"],
    properties: {
      apiVersion: { const: "chancery/v1alpha1", description: "Version of the language." },
      kind: { const: kind.name, description: "Kind of the document." },
      metadata: { $ref: "#/$defs/metadata", description: "What the document is called." },
      spec: { description: "What it says.", ...publish(kind.schema, texts(kind), "") },
    },
    additionalProperties: false,
  };
}

/** Any kind, told apart by `kind`, so that an editor shows the problems of that one alone. */
function anyDocument(): JsonSchema {
  return {
    $schema: dialect,
    $id: `${idBase}:document`,
    title: "Chancery policy document",
    description: "One document of any kind.",
    type: "object",
    required: ["kind"],
    properties: {
      kind: { enum: kinds.map(({ name }) => name), description: "Kind of the document." },
    },
    allOf: kinds.map(({ name }) => ({
      // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema has this name.
      then: { $ref: `#/$defs/${name}` },
      if: { properties: { kind: { const: name } }, required: ["kind"] },
    })),
    $defs: Object.fromEntries(kinds.map((kind) => [kind.name, kindSchema(kind)])),
  };
}

type Texts = ReadonlyMap<string, string>;

function texts(part: DescribedPart): Texts {
  return new Map(
    fieldsOf(part).map(({ path, text }) => [
      path,
      typeof text === "string" ? text : `${text[0]} Absent: ${text[1]}.`,
    ]),
  );
}

/** A schema with the meaning of its fields, and shared parts as references. */
function publish(schema: SchemaNode, meanings: Texts, path: string): JsonSchema {
  const shared = sharedNameOf(schema);
  const meaning = meanings.get(path);
  if (shared !== undefined) {
    const reference = { $ref: `#/$defs/${shared}` };
    return meaning === undefined ? reference : { ...reference, description: meaning };
  }
  return publishOwn(schema, meanings, path);
}

function publishOwn(schema: SchemaNode, meanings: Texts, path: string): JsonSchema {
  const { "x-names": _mark, description, ...keywords } = schema;
  const inner = (key: string) => (path === "" ? key : `${path}.${key}`);
  const meaning = meanings.get(path);
  const said = [meaning, description === undefined ? undefined : sentence(description)];
  const describing = said.filter((part) => part !== undefined).join(" ");
  return {
    ...(describing === "" ? {} : { description: describing }),
    ...keywords,
    ...(schema.properties === undefined
      ? {}
      : {
          properties: mapValues(schema.properties, (member, key) =>
            publish(member, meanings, inner(key)),
          ),
        }),
    ...(schema.patternProperties === undefined
      ? {}
      : {
          patternProperties: mapValues(schema.patternProperties, (member) =>
            publishItem(member, meanings, path),
          ),
        }),
    ...(schema.items === undefined ? {} : { items: publishItem(schema.items, meanings, path) }),
  };
}

/** The field's meaning stands at the list, not again at its items. */
function publishItem(schema: SchemaNode, meanings: Texts, path: string): JsonSchema {
  const inner = new Map([...meanings].filter(([name]) => name !== path));
  return publish(schema, inner, path);
}

function sentence(form: string): string {
  return `Form: ${form}.`;
}

/** Adds the shared parts that a schema refers to, and those they refer to. */
function withDefinitions(schema: JsonSchema): string {
  const definitions = new Map<string, JsonSchema>();
  const missing = (text: string) =>
    [...text.matchAll(/"#\/\$defs\/(\w+)"/g)]
      .map(([, name = ""]) => name)
      .filter((name) => !definitions.has(name));
  const queue = missing(JSON.stringify(schema));
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const part = sharedParts.find((one) => one.name === name);
    if (part === undefined || definitions.has(name)) continue;
    const definition = {
      ...publishOwn(part.schema, texts(part), ""),
      description: part.text.about,
    };
    definitions.set(name, definition);
    queue.push(...missing(JSON.stringify(definition)));
  }
  const sorted = [...definitions].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const own = schema["$defs"] as JsonSchema | undefined;
  const all = { ...schema, $defs: { ...own, ...Object.fromEntries(sorted) } };
  return `${JSON.stringify(all, undefined, 2)}\n`;
}

function mapValues<Value, Result>(
  of: Readonly<Record<string, Value>>,
  map: (value: Value, key: string) => Result,
): Readonly<Record<string, Result>> {
  return Object.fromEntries(Object.entries(of).map(([key, value]) => [key, map(value, key)]));
}
