import type { Place } from "../domain/index.ts";
import type { JsonDocument } from "./json-document.ts";
import { isPlainWord, isToken } from "./plain-words.ts";

/** What one member of an object is. */
export type Rule =
  /** Words by which a reader steers. What is no plain word is judged, and never edited. */
  | { readonly kind: "structure" }
  /** An id, a signature, ciphertext. What is not one token is judged, and never edited. */
  | { readonly kind: "opaque" }
  /** Not text while it is base64 or a base64 data URI. */
  | { readonly kind: "media"; readonly place?: Place }
  /** Counts, times and measures: numbers and plain words here and below are not text, all else is. */
  | { readonly kind: "count" }
  /** A second copy of the texts of its object; becomes `null` when one of them is edited. */
  | { readonly kind: "mirror" }
  | {
      readonly kind: "text";
      /** Place of what is below; that of the object where not given. */
      readonly place?: Place;
      /** Shape of the object, or of the objects in the array, that stands here. */
      readonly shape?: Shape;
      /**
       * What a stream adds to the key of the texts below: the name of the member where not given,
       * nothing for "", and for null each of them stands alone.
       */
      readonly segment?: string | null;
      /** The texts here and below are judged, and never edited. */
      readonly isFixed?: true;
      /** A string here holds JSON of any kind, such as the arguments of a call. */
      readonly isJson?: true;
    };

/** What an object is made of. A member without a rule is text, whatever its name, with all below. */
export interface Shape {
  readonly members: ReadonlyMap<string, Rule>;
  /** The rule of the members that have none. */
  readonly rest?: Rule;
  /** The names of members are what others refer to: judged like any, and never edited. */
  readonly hasFixedNames?: true;
  /** The shape of this very object, by what it says of itself. */
  readonly refine?: (doc: JsonDocument, object: number) => Shape;
  /** The place of the texts of this object, by what it says of itself and where it stands. */
  readonly placeOf?: (doc: JsonDocument, object: number, around: Place) => Place;
}

export const structure: Rule = { kind: "structure" };
export const opaque: Rule = { kind: "opaque" };
export const media: Rule = { kind: "media" };
export const mirror: Rule = { kind: "mirror" };
export const count: Rule = { kind: "count" };
/** Text that may be edited. */
export const text: Rule = { kind: "text" };
/** JSON in a string. */
export const jsonText: Rule = { kind: "text", isJson: true };
/** Text that goes on as it is. */
export const fixed: Rule = { kind: "text", isFixed: true };

/** A shape from rules by member name. */
export function shapeOf(
  members: Readonly<Record<string, Rule>>,
  more: Omit<Shape, "members"> = {},
): Shape {
  return { members: new Map(Object.entries(members)), ...more };
}

/** Text whose objects have a shape. */
export function shaped(
  shape: Shape,
  more: { readonly place?: Place; readonly segment?: string | null } = {},
): Rule {
  return { kind: "text", shape, ...more };
}

/** One rule for members of these names. */
export function each<Name extends string>(
  names: readonly Name[],
  rule: Rule,
): Readonly<Record<Name, Rule>> {
  return Object.fromEntries(names.map((name) => [name, rule])) as Record<Name, Rule>;
}

/** A shape in which only `type` is not text. */
export const typedShape = shapeOf({ type: structure });

/** True where what a rule covers is judged, and never edited. */
export function isFixedBy(rule: Rule): boolean {
  if (rule.kind === "text") return rule.isFixed === true;
  return rule.kind === "structure" || rule.kind === "opaque";
}

/** True where a string holds JSON of any kind. */
export function isJsonBy(rule: Rule): boolean {
  return rule.kind === "text" && rule.isJson === true;
}

/** True for a string, given by its bytes, that is what its rule says, and so need not be judged. */
export function isAsExpected(bytes: Buffer, start: number, end: number, rule: Rule): boolean {
  if (rule.kind === "structure" || rule.kind === "count") return isPlainWord(bytes, start, end);
  return rule.kind === "opaque" && isToken(bytes, start, end);
}
