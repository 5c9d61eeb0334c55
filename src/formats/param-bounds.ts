import type { ParamBound } from "../domain/index.ts";
import { type JsonDocument, jsonKinds } from "./json-document.ts";

export type ParamValue = string | number | boolean;

/**
 * What a member has to be for a bound to hold; undefined where it may stay, or stay away. What is no
 * number is not known to be within a bound, so the bound takes its place, the cap before the floor.
 */
export function boundMember(
  doc: JsonDocument,
  node: number | undefined,
  { max, min, value }: ParamBound,
): ParamValue | undefined {
  const present = node === undefined ? undefined : scalarOf(doc, node);
  if (value !== undefined) return present === value ? undefined : value;
  if (typeof present !== "number") return max ?? min;
  if (max !== undefined && !(present <= max)) return max;
  return min !== undefined && !(present >= min) ? min : undefined;
}

function scalarOf(doc: JsonDocument, node: number): ParamValue | undefined {
  switch (doc.kind(node)) {
    case jsonKinds.true:
      return true;
    case jsonKinds.false:
      return false;
    case jsonKinds.string:
      return doc.text(node);
    default:
      return doc.numberIfNumber(node);
  }
}
