import { Value } from "typebox/value";
import type { Problem } from "../../base/index.ts";
import { NamedSets, setIn } from "../compile/named-sets.ts";
import {
  type DocumentOfKind,
  documentsOf,
  type NamespaceView,
  type PolicyDocument,
  visibleDocuments,
} from "../documents/document.ts";
import { placeProblem } from "../documents/place-problem.ts";
import type { Container } from "../documents/placed-tree.ts";
import { documentSchemas } from "../documents/schema.ts";
import type { SchemaNode } from "../documents/schema-node.ts";
import { unknownName } from "./reference-names.ts";

/**
 * Finds sets that nothing declares, E02, and sets whose items are not what the matcher that names
 * them lists, or name sets themselves, E01 (policy-model 2.1).
 */
export function findSetProblems(view: NamespaceView): readonly Problem[] {
  const sets = new NamedSets(visibleDocuments(view), view.namespace);
  return [
    ...documentsOf(view.own, "NamedSet").flatMap(nestedSets),
    ...view.own.flatMap((document) =>
      setsNamedIn(document).flatMap((use) => problemsOf(use, sets, view.namespace)),
    ),
  ];
}

function nestedSets(set: DocumentOfKind<"NamedSet">): readonly Problem[] {
  const { items } = set.spec;
  return items.flatMap((item, index) =>
    setIn(item) === undefined
      ? []
      : [
          placeProblem(
            set,
            { value: index, of: items },
            {
              code: "E01",
              message: `a set holds names, and \`${item}\` names another set`,
              hint: "Write the items of the other set here.",
            },
          ),
        ],
  );
}

/** One place of a document that names a set. */
interface SetUse {
  readonly document: PolicyDocument;
  readonly name: string;
  /** What an item of the list it stands in looks like. */
  readonly itemSchema: SchemaNode;
  readonly of: Container;
  readonly index: number;
}

function setsNamedIn(document: PolicyDocument): readonly SetUse[] {
  const uses: SetUse[] = [];
  const schema = documentSchemas[document.kind] as unknown as SchemaNode;
  collectUses(document, { value: document.tree.root, schema }, uses);
  return uses;
}

interface Visit {
  readonly value: unknown;
  readonly schema: SchemaNode | undefined;
}

/** Schemas are as deep as the language has fields, and trees no deeper. */
function collectUses(document: PolicyDocument, { value, schema }: Visit, uses: SetUse[]): void {
  if (schema === undefined || typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) {
    for (const [key, member] of Object.entries(value)) {
      collectUses(document, { value: member, schema: schema.properties?.[key] }, uses);
    }
    return;
  }
  const itemSchema = schema.items ?? {};
  for (const [index, item] of value.entries()) {
    const name = itemSchema["x-names"] && typeof item === "string" ? setIn(item) : undefined;
    if (name === undefined) collectUses(document, { value: item, schema: itemSchema }, uses);
    else uses.push({ document, name, itemSchema, of: value, index });
  }
}

function problemsOf(use: SetUse, sets: NamedSets, namespace: string): readonly Problem[] {
  const { document, name, itemSchema, of, index } = use;
  const spot = { value: index, of };
  const set = sets.find(name);
  if (set === undefined) {
    const text = unknownName({ what: "named set", name, known: sets.names });
    return [placeProblem(document, spot, text)];
  }
  const wrong = set.spec.items.find(
    (item) => setIn(item) === undefined && !Value.Check(itemSchema, item),
  );
  if (wrong === undefined) return [];
  const where = set.source.namespace === namespace ? `in ${set.source.path}` : "of the platform";
  return [
    placeProblem(document, spot, {
      code: "E01",
      message: `\`set:${name}\` holds \`${wrong}\`, but an item here must be ${itemSchema.description ?? "of another form"}`,
      hint: `Name a set of the right kind, or correct the item ${where}.`,
    }),
  ];
}
