import { Settings } from "typebox/system";
import { Value } from "typebox/value";
import { nearestName, type Problem } from "../base/index.ts";
import { type ConfigPath, renderPath } from "./config-document.ts";
import { reservedNames } from "./config-reserved.ts";
import { configSchema, knownKeys, schemaAt } from "./config-schema.ts";

/** A place where the file does not have the shape of the schema. */
export interface ShapeError extends Pick<Problem, "code" | "severity" | "message" | "hint"> {
  readonly path: ConfigPath;
  /** Whether the key is at fault or its value. */
  readonly part: "key" | "value";
}

/** More than anyone will read; the library stops at eight otherwise, and we tell all at once. */
const errorsMax = 1000;

/** All the places where plain data does not have the shape of the configuration. */
export function findShapeErrors(value: unknown): readonly ShapeError[] {
  Settings.Set({ maxErrors: errorsMax });
  return Value.Errors(configSchema, value).flatMap((error) =>
    describe(toPath(error.instancePath), error as SchemaError, value),
  );
}

/** The part of the library's errors that our schema can produce. */
type SchemaError =
  | {
      readonly keyword: "additionalProperties";
      readonly params: { additionalProperties: string[] };
    }
  | { readonly keyword: "required"; readonly params: { requiredProperties: string[] } }
  | { readonly keyword: "type"; readonly params: { type: string | string[] } }
  | { readonly keyword: "enum"; readonly params: { allowedValues: unknown[] } }
  | { readonly keyword: "minimum" | "maximum"; readonly params: { limit: number } }
  | { readonly keyword: "pattern" | "minLength" | "minItems" | "uniqueItems" }
  // Both repeat what other errors say better: of a nullable value, and of an unknown key.
  | { readonly keyword: "anyOf" | "boolean" };

function describe(path: ConfigPath, error: SchemaError, root: unknown): readonly ShapeError[] {
  const name = path.length === 0 ? "the file" : `\`${renderPath(path)}\``;
  switch (error.keyword) {
    case "additionalProperties":
      return error.params.additionalProperties.map((key) => unknownKey(path, key));
    case "required":
      return error.params.requiredProperties.map((key) =>
        shape([...path, key], "key", `\`${renderPath([...path, key])}\` is missing`, "Add it."),
      );
    case "type": {
      if (error.params.type === "null") return [];
      const expected = typeNames[String(error.params.type)] ?? String(error.params.type);
      const found = typeNames[typeOf(valueAt(root, path))];
      const hint = descriptionOf(path);
      return [
        shape(
          path,
          "value",
          `${name} must be ${expected}, found ${found}`,
          hint === undefined ? `Write ${expected}.` : `Write ${hint}.`,
        ),
      ];
    }
    case "enum": {
      const allowed = error.params.allowedValues.map(String);
      const nearest = nearestName(String(valueAt(root, path)), allowed);
      const hint = nearest === undefined ? "Use one of these." : `Did you mean \`${nearest}\`?`;
      return [unfit(path, `${name} takes ${allowed.join(", ")}`, hint)];
    }
    case "minimum":
      return [unfit(path, `${name} must be at least ${error.params.limit}`, "Raise it.")];
    case "maximum":
      return [unfit(path, `${name} must be at most ${error.params.limit}`, "Lower it.")];
    case "pattern":
      return [
        unfit(path, `${name} does not have the form it must have`, `Write ${descriptionOf(path)}.`),
      ];
    case "minLength":
    case "minItems":
      return [unfit(path, `${name} must not be empty`, "Say at least one thing.")];
    case "uniqueItems":
      return [unfit(path, `${name} names something twice`, "Name each once.")];
    case "anyOf":
    case "boolean":
      return [];
  }
}

/** What a text must look like, in words. */
function descriptionOf(path: ConfigPath): string | undefined {
  return (schemaAt(path) as { readonly description?: string } | undefined)?.description;
}

function unknownKey(path: ConfigPath, key: string): ShapeError {
  const nearest = nearestName(key, [...knownKeys(path), ...reservedNames(path)]);
  const known = knownKeys(path).join(", ");
  return shape(
    [...path, key],
    "key",
    `unknown key \`${renderPath([...path, key])}\``,
    nearest === undefined ? `Known here: ${known}.` : `Did you mean \`${nearest}\`?`,
  );
}

function shape(path: ConfigPath, part: "key" | "value", message: string, hint: string): ShapeError {
  return { path, part, code: "C01", severity: "error", message, hint };
}

function unfit(path: ConfigPath, message: string, hint: string): ShapeError {
  return { path, part: "value", code: "C02", severity: "error", message, hint };
}

const typeNames: Readonly<Record<string, string>> = {
  object: "a mapping",
  array: "a list",
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  null: "nothing",
};

function typeOf(value: unknown): string {
  if (value === null || value === undefined) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function valueAt(root: unknown, path: ConfigPath): unknown {
  let value: unknown = root;
  for (const step of path) {
    value = (value as Readonly<Record<string | number, unknown>> | undefined)?.[step];
  }
  return value;
}

/** From a JSON pointer (RFC 6901); our mappings have no keys that look like list positions. */
function toPath(pointer: string): ConfigPath {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((step) => (/^[0-9]+$/.test(step) ? Number(step) : step));
}
