/**
 * JSON with a marked place for a planted text: in a string, in a name, as a number, in JSON inside a
 * string. Written out by hand and not by `JSON.stringify`, because copies of a member, escapes and
 * the order of things matter here.
 */

/** Stands where the planted text goes. */
export const mark = "<<planted>>";

/** What a body is made of. */
export type PlantedJson =
  | string
  | number
  | boolean
  | null
  | readonly PlantedJson[]
  | { readonly [name: string]: PlantedJson }
  | JsonInString
  | Members
  | MarkedNumber;

/** JSON text as the value of a string, as in the arguments of a tool call. */
export class JsonInString {
  readonly value: PlantedJson;

  constructor(value: PlantedJson) {
    this.value = value;
  }
}

/** An object whose names may occur more than once. */
export class Members {
  readonly members: readonly (readonly [name: string, value: PlantedJson])[];

  constructor(...members: readonly (readonly [name: string, value: PlantedJson])[]) {
    this.members = members;
  }
}

/** A number of the planted digits; once masked, a string. */
export class MarkedNumber {}

/** How a text is written in the innermost string it stands in. */
export type Spelling = "plain" | "escaped" | "mixed";

/** What takes the place of the mark. */
export interface Planting {
  readonly text: string;
  /** In place of a `MarkedNumber`, quoted where it is no number any more. */
  readonly number: string;
  readonly spelling: Spelling;
}

/** The JSON text of a body with the planting in all its marked places. */
export function renderJson(value: PlantedJson, planting: Planting): string {
  if (typeof value === "string") return renderString(value, planting);
  if (value instanceof JsonInString) return JSON.stringify(renderJson(value.value, planting));
  if (value instanceof MarkedNumber) return planting.number;
  if (value instanceof Members) return renderMembers(value.members, planting);
  if (isList(value)) return `[${value.map((item) => renderJson(item, planting)).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    return renderMembers(Object.entries(value), planting);
  }
  return JSON.stringify(value);
}

function isList(value: PlantedJson): value is readonly PlantedJson[] {
  return Array.isArray(value);
}

function renderMembers(
  members: readonly (readonly [string, PlantedJson])[],
  planting: Planting,
): string {
  const texts = members.map(
    ([name, value]) => `${renderString(name, planting)}:${renderJson(value, planting)}`,
  );
  return `{${texts.join(",")}}`;
}

function renderString(text: string, planting: Planting): string {
  if (!text.includes(mark)) return JSON.stringify(text);
  return spell(
    text.replaceAll(mark, () => planting.text),
    planting.spelling,
  );
}

/** A JSON string literal of a text. */
export function spell(text: string, spelling: Spelling): string {
  if (spelling === "plain") return JSON.stringify(text);
  let literal = "";
  for (let at = 0; at < text.length; at += 1) {
    const isEscaped = spelling === "escaped" || at % 3 === 0 || /[^a-z0-9]/i.test(text.charAt(at));
    literal += isEscaped ? escapeUnit(text, at) : text.charAt(at);
  }
  return `"${literal}"`;
}

function escapeUnit(text: string, at: number): string {
  if (text.charAt(at) === "/" && at % 2 === 0) return "\\/";
  const hex = text.charCodeAt(at).toString(16).padStart(4, "0");
  return `\\u${at % 2 === 0 ? hex.toUpperCase() : hex}`;
}
