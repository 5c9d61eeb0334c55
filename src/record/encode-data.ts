import { recordListMax } from "../base/index.ts";
import { encodeInteger, encodeName, isRecordableKey, sortedKeys } from "./canonical.ts";
import type { Cuts } from "./cuts.ts";

/** Plain data as policies hold it. */
export type Data =
  | string
  | number
  | boolean
  | readonly Data[]
  | { readonly [key: string]: Data | undefined };

/**
 * Plain data in canonical form, keys sorted, "" for what is empty. Names and lists are cut as
 * everywhere in a record, and a number that is no safe integer is told as a decimal.
 */
export function encodeData(value: Data | undefined, field: string, cuts: Cuts): string {
  switch (typeof value) {
    case "undefined":
      return "";
    case "boolean":
      return String(value);
    case "number":
      return Number.isSafeInteger(value) ? encodeInteger(value) : `{"decimal":"${value}"}`;
    case "string":
      return encodeName(value, field, cuts);
    default:
      return isList(value) ? encodeItems(value, field, cuts) : encodeFields(value, field, cuts);
  }
}

function isList(value: readonly Data[] | object): value is readonly Data[] {
  return Array.isArray(value);
}

function encodeItems(items: readonly Data[], field: string, cuts: Cuts): string {
  if (items.length > recordListMax) cuts.add(field);
  const encoded = items
    .slice(0, recordListMax)
    .map((item) => encodeData(item, field, cuts))
    .filter((item) => item !== "");
  return encoded.length === 0 ? "" : `[${encoded.join(",")}]`;
}

function encodeFields(
  fields: { readonly [key: string]: Data | undefined },
  field: string,
  cuts: Cuts,
): string {
  const encoded: string[] = [];
  for (const key of sortedKeys(fields)) {
    const value = encodeData(fields[key], field, cuts);
    if (value === "") continue;
    // Not cut: two keys could become one.
    if (isRecordableKey(key)) encoded.push(`${encodeName(key, field, cuts)}:${value}`);
    else cuts.add(field);
  }
  return encoded.length === 0 ? "" : `{${encoded.join(",")}}`;
}
