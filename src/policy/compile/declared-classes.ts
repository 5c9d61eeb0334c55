import type { DocumentOfKind } from "../documents/document.ts";
import type { DeclaredClass } from "./taxonomy.ts";

/** The classes that documents declare, sorted by id. */
export function declaredClassesOf(
  documents: readonly DocumentOfKind<"DataClass">[],
): readonly DeclaredClass[] {
  return documents
    .flatMap(({ spec }) => spec.classes ?? [])
    .map(({ id, sensitivity }) => ({ id, sensitivity }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
