import type { TLocalizedValidationError } from "typebox/error";
import { nearestName, type ProblemCode } from "../../base/index.ts";
import type { Place, PlacedTree } from "./placed-tree.ts";
import type { SchemaNode, Target } from "./schema-node.ts";

/** What is wrong at one place of a document. */
export interface ShapeProblem {
  readonly code: ProblemCode;
  readonly place: Place;
  readonly message: string;
  readonly hint: string;
}

type ShapeText = Omit<ShapeProblem, "code">;

/** Puts one error of the validator into words an author can act on. */
export function describeShapeError(
  tree: PlacedTree,
  target: Target,
  error: TLocalizedValidationError,
): ShapeText {
  const step = target.steps.at(-1);
  if (error.keyword === "boolean" && step !== undefined) {
    const place = tree.keyPlace(step.container, step.key);
    return { place, ...describeUnknownField(step.key, step.schema) };
  }
  const place = step === undefined ? tree.rootPlace() : tree.valuePlace(step.container, step.key);
  return { place, ...describeValue(target, error) };
}

interface Text {
  readonly message: string;
  readonly hint: string;
}

function describeUnknownField(name: string, parent: SchemaNode): Text {
  const [form] = Object.keys(parent.patternProperties ?? {});
  if (form !== undefined) {
    return {
      message: `\`${cut(name)}\` is no name that can stand here`,
      hint: `Write a name of the form \`${form}\`.`,
    };
  }
  const known = Object.keys(parent.properties ?? {});
  const nearest = nearestName(name, known);
  return {
    message: `unknown field \`${cut(name)}\``,
    hint:
      nearest === undefined
        ? `Remove it; the fields known here are ${known.join(", ")}.`
        : `Did you mean \`${nearest}\`? Rename it, or remove it.`,
  };
}

function describeValue(target: Target, error: TLocalizedValidationError): Text {
  const name = nameOf(target);
  const found = show(target.value);
  const schema = target.schema ?? {};
  const example = schema.examples?.[0];
  switch (error.keyword) {
    case "required":
      return missing(name, error.params.requiredProperties);
    case "enum":
      return outOfList(name, found, schema.enum ?? error.params.allowedValues);
    case "const":
      return outOfList(name, found, [error.params.allowedValue]);
    case "type":
      return Array.isArray(error.params.type)
        ? oneOfTypes(name, found, error.params.type)
        : wrongType({ name, found, type: String(error.params.type), schema });
    case "pattern":
    case "format":
      return {
        message: `${name} must be ${schema.description ?? "of another form"}, found ${found}`,
        hint: example === undefined ? "Correct the value." : `Write it like \`${example}\`.`,
      };
    case "minItems":
      return {
        message: `${name} must not be empty`,
        hint: "List at least one item, or remove the field.",
      };
    case "maxItems":
    case "maxLength":
      return {
        message: `${name} must not be longer than ${error.params.limit}`,
        hint: "Shorten it, or split it.",
      };
    case "minimum":
    case "maximum":
      return {
        message: `${name} must be ${error.params.comparison} ${error.params.limit}, found ${found}`,
        hint: "Write a number within the bounds.",
      };
    default:
      return { message: `${name} ${error.message}, found ${found}`, hint: "Correct the value." };
  }
}

function missing(name: string, fields: readonly string[]): Text {
  const list = fields.map((field) => `\`${field}\``).join(" and ");
  return { message: `${name} lacks ${list}`, hint: `Add ${list}.` };
}

function outOfList(name: string, found: string, allowed: readonly unknown[]): Text {
  const words = allowed.map(String);
  const [only] = words;
  if (words.length === 1) {
    return { message: `${name} must be ${only}, found ${found}`, hint: `Write \`${only}\`.` };
  }
  const nearest = nearestName(found.replaceAll("`", ""), words);
  return {
    message: `${name} must be one of ${words.join(", ")}, found ${found}`,
    hint: nearest === undefined ? "Write one of them." : `Did you mean \`${nearest}\`?`,
  };
}

interface WrongType {
  readonly name: string;
  readonly found: string;
  readonly type: string;
  readonly schema: SchemaNode;
}

function wrongType({ name, found, type, schema }: WrongType): Text {
  const article = /^[aeiou]/.test(type) ? "an" : "a";
  const example = schema.examples?.[0];
  const hints: Readonly<Record<string, string>> = {
    string: example === undefined ? "Write it in quotes." : `Write it like \`${example}\`.`,
    array: "Write it as a list: [first, second].",
    object: "Write it as a mapping of fields to values.",
  };
  return {
    message: `${name} must be ${article} ${type}, found ${found}`,
    hint: hints[type] ?? `Write ${article} ${type}.`,
  };
}

function oneOfTypes(name: string, found: string, types: readonly string[]): Text {
  const list = `${types.slice(0, -1).join(", ")} or ${types.at(-1)}`;
  return { message: `${name} must be ${list}, found ${found}`, hint: "Write one of these." };
}

/** How the part is called in messages. */
function nameOf(target: Target): string {
  const step = target.steps.at(-1);
  if (step === undefined) return "the document";
  if (!Array.isArray(step.container)) return `\`${cut(step.key)}\``;
  const list = target.steps.at(-2);
  return list === undefined ? "the item" : `an item of \`${cut(list.key)}\``;
}

function show(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  return `\`${cut(String(value))}\``;
}

/** Long texts make problems hard to read. */
function cut(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}
