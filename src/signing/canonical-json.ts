import { invariant } from "../base/index.ts";

/**
 * The one text a JSON value has under RFC 8785 (JCS): no white space, members sorted by the UTF-16
 * code units of their names (3.2.3), numbers as ECMAScript writes them (3.2.2.3).
 *
 * Members that are undefined are left out. A lone surrogate is written as U+FFFD, the form records
 * have too (audit-and-operations 2.1). Anything JSON cannot say (NaN, a function) is a Bug.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return JSON.stringify(value.toWellFormed());
  if (typeof value === "number") return canonicalNumber(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  invariant(typeof value === "object", `JSON has no ${typeof value}`);
  return canonicalObject(value as Readonly<Record<string, unknown>>);
}

/** RFC 8785 takes ECMAScript's Number::toString as it is; only -0 needs care, and that is "0". */
function canonicalNumber(value: number): string {
  invariant(Number.isFinite(value), "JSON has no NaN and no infinity");
  return String(value);
}

function canonicalObject(value: Readonly<Record<string, unknown>>): string {
  const members: string[] = [];
  // The default order of sort() is by UTF-16 code units, which is what RFC 8785 section 3.2.3 asks.
  for (const name of Object.keys(value).sort()) {
    const member = value[name];
    if (member === undefined) continue;
    members.push(`${JSON.stringify(name.toWellFormed())}:${canonicalJson(member)}`);
  }
  return `{${members.join(",")}}`;
}
