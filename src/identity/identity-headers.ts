import { type HeaderField, headerValues, type IdentityDeclaration } from "../domain/index.ts";
import { toNames } from "./claims.ts";
import type { Testimony } from "./statement.ts";

type HeaderNames = Extract<IdentityDeclaration, { source: "header" }>["headers"];

/**
 * What identity headers say, on a listener whose proxy removes each of them from clients; on any
 * other they say nothing. A name that comes twice is unreadable, and so is one with a comma: that
 * is how proxies join two of them (RFC 9110, section 5.3).
 */
export function readIdentityHeaders(
  headers: readonly HeaderField[],
  names: HeaderNames,
  stripped: ReadonlySet<string>,
): Testimony {
  const { principal, tenant, app, groups } = names;
  if (![principal, tenant, app, groups].every((name) => stripped.has(name.toLowerCase()))) {
    return undefined;
  }
  const said: { principal?: string; tenant?: string; app?: string; groups?: readonly string[] } =
    {};
  for (const [part, name] of Object.entries({ principal, tenant, app })) {
    const values = headerValues(headers, name.toLowerCase());
    if (values.length === 0) continue;
    const [value = ""] = values;
    if (values.length > 1 || value === "" || value.includes(",")) return "unreadable";
    said[part as "principal" | "tenant" | "app"] = value;
  }
  const lines = headerValues(headers, groups.toLowerCase());
  if (lines.length > 0) said.groups = toNames(lines.flatMap(toEntries));
  return Object.keys(said).length === 0 ? undefined : { source: "header", ...said };
}

function toEntries(line: string): readonly string[] {
  return line
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}
