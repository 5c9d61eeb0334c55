import type { ReadRecord } from "../../record/index.ts";

type Json = ReadRecord["json"];

/** The columns of the table, each with where its value comes from. */
const columns: readonly (readonly [name: string, value: (record: ReadRecord) => unknown])[] = [
  ["at", ({ at }) => at],
  ["kind", ({ kind }) => kind],
  ["log", ({ log }) => log],
  ["seq", ({ seq }) => seq],
  ["exchange", ({ json }) => json["exchange"]],
  ["tenant", ({ json }) => json["tenant"]],
  ["app", ({ json }) => json["app"]],
  ["route", ({ json }) => json["route"]],
  ["principalKind", ({ json }) => member(json, "principal", "kind")],
  ["principal", ({ json }) => member(json, "principal", "ref")],
  ["action", ({ json }) => json["action"]],
  ["point", ({ json }) => json["point"]],
  ["modelRequested", ({ json }) => member(json, "model", "requested")],
  ["modelUsed", ({ json }) => member(json, "model", "used")],
  ["provider", ({ json }) => member(json, "model", "provider")],
  ["region", ({ json }) => member(json, "model", "region")],
  ["outcome", ({ json }) => json["outcome"]],
  ["verdict", ({ json }) => json["verdict"]],
  ["reason", ({ json }) => json["reason"]],
  ["decidedBy", ({ json }) => json["decidedBy"]],
  ["end", ({ json }) => json["end"]],
  ["classes", ({ json }) => classesOf(json).join(" ")],
  ["tokensIn", ({ json }) => member(json, "usage", "in")],
  ["tokensOut", ({ json }) => member(json, "usage", "out")],
  ["costMicros", ({ json }) => member(json, "usage", "costMicros")],
  ["totalUs", ({ json }) => member(json, "timeUs", "total")],
];

/** The first row, with the names of the columns. */
export const csvHead: string = columns.map(([name]) => name).join(",");

/** A record as one row of a table (RFC 4180, without line break). */
export function toCsvRow(record: ReadRecord): string {
  return columns.map(([, value]) => toField(value(record))).join(",");
}

/** The classes of what was found, each once, in order. */
export function classesOf(json: Json): readonly string[] {
  const findings: unknown = json["findings"];
  if (!Array.isArray(findings)) return [];
  const names = findings.map((finding: { readonly class?: unknown }) => String(finding.class));
  return [...new Set(names)].sort();
}

/** A member of an object in a record, undefined where either is not there. */
export function member(json: Json, name: string, inner: string): unknown {
  const value = json[name];
  if (typeof value !== "object" || value === null) return undefined;
  return (value as Readonly<Record<string, unknown>>)[inner];
}

/**
 * Names in records come from traffic: a spreadsheet would carry out what begins like a formula, so
 * that gets an apostrophe in front.
 */
function toField(value: unknown): string {
  if (typeof value === "number") return String(value);
  if (typeof value !== "string") return "";
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
