import type { Problem, ProblemCode } from "../../base/index.ts";
import type { PolicyDocument } from "./document.ts";
import type { Container, Place } from "./placed-tree.ts";

/** Where in a document a problem stands. */
export type Spot =
  | { readonly key: string | number; readonly of: Container }
  | { readonly value: string | number; readonly of: Container };

interface ProblemText {
  readonly code: ProblemCode;
  readonly message: string;
  readonly hint: string;
}

/** An error at one spot of a document. */
export function placeProblem(document: PolicyDocument, spot: Spot, text: ProblemText): Problem {
  const { line, column } = placeOf(document, spot);
  return {
    ...text,
    severity: "error",
    namespace: document.source.namespace,
    file: document.source.path,
    line,
    column,
  };
}

function placeOf({ tree }: PolicyDocument, spot: Spot): Place {
  return "key" in spot ? tree.keyPlace(spot.of, spot.key) : tree.valuePlace(spot.of, spot.value);
}
