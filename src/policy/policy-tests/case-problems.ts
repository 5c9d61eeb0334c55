import type { Problem } from "../../base/index.ts";
import type { DocumentOfKind } from "../documents/document.ts";
import { placeProblem, type Spot } from "../documents/place-problem.ts";
import type { Container } from "../documents/placed-tree.ts";
import type { SchemaNode } from "../documents/schema-node.ts";
import { findMisfits, type Misfit } from "../documents/shape.ts";

export type TestDocument = DocumentOfKind<"PolicyTest">;

/** A part of a test, and where its container is, for what is wrong with the part itself. */
export interface Part {
  readonly document: TestDocument;
  readonly of: Container;
  readonly key: string | number;
}

/** What of a part does not fit its schema, each where it was written. */
export function shapeProblems(part: Part, schema: SchemaNode): readonly Problem[] {
  return findMisfits(writtenAt(part), schema).map((misfit) => {
    const { message, hint } = misfit;
    // The root of what was compared is this part and not a document.
    const text = message.replace("the document", `\`${part.key}\``);
    return placeProblem(part.document, spotOf(part, misfit), { code: "E01", message: text, hint });
  });
}

/** A problem with the value of a part. */
export function partProblem(
  { document, of, key }: Part,
  text: {
    readonly code: "E01" | "E02" | "E06" | "E07";
    readonly message: string;
    readonly hint: string;
  },
): Problem {
  return placeProblem(document, { value: key, of }, text);
}

function writtenAt({ of, key }: Part): unknown {
  return (of as Readonly<Record<string | number, unknown>>)[key];
}

function spotOf(part: Part, { path, isUnknownField }: Misfit): Spot {
  let of: Container = part.of;
  let key: string | number = part.key;
  for (const step of path) {
    of = writtenAt({ ...part, of, key }) as Container;
    key = Array.isArray(of) ? Number(step) : step;
  }
  return isUnknownField ? { key, of } : { value: key, of };
}
