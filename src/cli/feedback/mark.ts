import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { places } from "../../domain/index.ts";

/** What a reviewer says about a finding, or about there being none. */
export const markKinds = [
  "false_positive",
  "false_negative",
  "true_positive",
  "true_negative",
] as const;
export type MarkKind = (typeof markKinds)[number];

/** A data class as records have it. */
export const classPattern = "^[a-z][a-z0-9_]*(?:\\.[a-z0-9_]+)*$";

const markSchema = Type.Object({
  /** When it was made, RFC 3339 in UTC. */
  at: Type.String(),
  /** UUID of the exchange, as its caller was told. */
  decision: Type.String(),
  kind: Type.Enum(markKinds),
  tenant: Type.Optional(Type.String()),
  class: Type.Optional(Type.String({ pattern: classPattern })),
  in: Type.Optional(Type.Enum(places)),
  /** Who found it and how sure, where something was found. */
  detector: Type.Optional(Type.String()),
  confidencePct: Type.Optional(Type.Integer()),
});

/** One line of a file of marks. It says where something was, never what. */
export type Mark = Static<typeof markSchema>;

/** The mark of a line; undefined where it is none. */
export function parseMark(line: string): Mark | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return Value.Check(markSchema, value) ? value : undefined;
  } catch {
    // The caller tells which line is none.
    return undefined;
  }
}
