/** What a field means, alone or with what holds where it is absent. */
export type FieldText = string | readonly [text: string, absent: string];

/** A kind of document or a part of one: what it is, and its fields by their paths in it. */
export interface PartText {
  readonly about: string;
  readonly fields: Readonly<Record<string, FieldText>>;
}

/** Said of several fields. */
export const ownerText = "Whom to ask about it. Nothing here decides on it.";
export const patternText = "Each item is exact or ends in `*`.";
