import type { Problem } from "../../base/index.ts";
import { declaredClassesOf } from "../compile/declared-classes.ts";
import { builtInSensitivity, parentOf, Taxonomy } from "../compile/taxonomy.ts";
import {
  type DocumentOfKind,
  documentsOf,
  type NamespaceView,
  platformNamespace,
  visibleDocuments,
} from "../documents/document.ts";
import { placeProblem } from "../documents/place-problem.ts";

/**
 * Finds data classes below the sensitivity of their parent, E03, and those of a tenant that the
 * platform has already declared, E06 (policy-model 2.1).
 */
export function findClassProblems(view: NamespaceView): readonly Problem[] {
  const visible = documentsOf(visibleDocuments(view), "DataClass");
  const taxonomy = new Taxonomy(declaredClassesOf(visible));
  const ofPlatform = new Set([
    ...builtInSensitivity.keys(),
    ...declaredClassesOf(documentsOf(view.platform, "DataClass")).map(({ id }) => id),
  ]);
  const taken = view.namespace === platformNamespace ? new Set<string>() : ofPlatform;
  return documentsOf(view.own, "DataClass").flatMap((document) => [
    ...restated(document, taken),
    ...lowered(document, taxonomy),
  ]);
}

function restated(
  document: DocumentOfKind<"DataClass">,
  taken: ReadonlySet<string>,
): readonly Problem[] {
  return (document.spec.classes ?? [])
    .filter(({ id }) => taken.has(id))
    .map((declared) =>
      placeProblem(
        document,
        { value: "id", of: declared },
        {
          code: "E06",
          message: `the data class \`${declared.id}\` is the platform's`,
          hint: "Declare a class below it, or ask the platform to restate it.",
        },
      ),
    );
}

function lowered(document: DocumentOfKind<"DataClass">, taxonomy: Taxonomy): readonly Problem[] {
  return (document.spec.classes ?? []).flatMap((declared) => {
    const { id, sensitivity } = declared;
    const parent = parentOf(id);
    if (sensitivity === undefined || parent === "") return [];
    const least = taxonomy.sensitivityOf(parent);
    if (sensitivity >= least || !taxonomy.knows(parent)) return [];
    return [
      placeProblem(
        document,
        { value: "sensitivity", of: declared },
        {
          code: "E03",
          message: `\`${id}\` has sensitivity ${sensitivity}, less than the ${least} of \`${parent}\``,
          hint: `Write ${least} or more, or leave it out to have that of \`${parent}\`.`,
        },
      ),
    ];
  });
}
