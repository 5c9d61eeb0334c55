import type { Place } from "../domain/index.ts";
import type { JsonDocument } from "./json-document.ts";

/** What one member of an object is. */
export type Rule =
  /** Not text while it is a string: a discriminator, a link, ciphertext. Never edited. */
  | { readonly kind: "structure" }
  /** Not text while it is base64 or a base64 data URI. */
  | { readonly kind: "media"; readonly place?: Place }
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
    };

/** What an object is made of. A member without a rule is text, whatever its name, with all below. */
export interface Shape {
  readonly members: ReadonlyMap<string, Rule>;
  /** The rule of the members that have none. */
  readonly rest?: Rule;
  /** The shape of this very object, by what it says of itself. */
  readonly refine?: (doc: JsonDocument, object: number) => Shape;
  /** The place of the texts of this object, by what it says of itself and where it stands. */
  readonly placeOf?: (doc: JsonDocument, object: number, around: Place) => Place;
}

export const structure: Rule = { kind: "structure" };
export const media: Rule = { kind: "media" };
export const mirror: Rule = { kind: "mirror" };
/** Text that no other event continues. */
export const alone: Rule = { kind: "text", segment: null };

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

/** A shape in which only `type` is not text. */
export const typedShape = shapeOf({ type: structure });
