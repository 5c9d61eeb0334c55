import type { Sphere } from "../catalogue/index.ts";
import { type Composer, Composer as NewComposer } from "../document.ts";
import type { Field } from "../fields.ts";
import type { Random } from "../random.ts";

/** A kind of document: what it holds and how it is written. */
export interface Genre {
  readonly name: string;
  /** Which values come up in it. */
  readonly spheres: readonly Sphere[];
  /** Writes the fields into the document, look-alikes among them, in the order given. */
  write(to: Composer, random: Random, fields: readonly Field[]): void;
}

/** Adds a value on one line: breaks within it become `\n`. */
export function writeInline(to: Composer, field: Field): void {
  to.append(new NewComposer().value(field.value), (character) =>
    character === "\n" ? "\\n" : character,
  );
}

/** Adds a value with the lines after its first one indented. */
export function writeIndented(to: Composer, field: Field, indent: string): void {
  to.append(new NewComposer().value(field.value), (character) =>
    character === "\n" ? `\n${indent}` : character,
  );
}
