import type { IdentityClaims, IdentitySource, MetadataFields } from "../domain/index.ts";
import type { Testimony } from "./statement.ts";

/**
 * What verified claims say. Each part must have the type it is declared for: a tenant that is a list
 * or a group that is a number is not guessed at.
 */
export function readClaims(
  source: IdentitySource,
  claims: MetadataFields,
  names: IdentityClaims,
): Testimony {
  const texts = readTexts(claims, {
    principal: names.principal,
    issuer: "iss",
    tenant: names.tenant,
    app: names.app,
    client: "azp",
    clientId: "client_id",
  });
  const groups = readList(claims[names.groups]);
  const roles = readList(claims[names.roles]);
  if (texts === "unreadable" || groups === "unreadable" || roles === "unreadable") {
    return "unreadable";
  }
  const { clientId, ...said } = texts;
  if (said.client !== undefined && clientId !== undefined && said.client !== clientId) {
    return "unreadable";
  }
  const client = said.client ?? clientId;
  return {
    ...said,
    ...(client === undefined ? {} : { client }),
    ...(groups === undefined ? {} : { groups }),
    ...(roles === undefined ? {} : { roles }),
    source,
    claims,
  };
}

/** The claims of these names, by what they are for. */
function readTexts<Part extends string>(
  claims: MetadataFields,
  names: Readonly<Record<Part, string>>,
): Partial<Record<Part, string>> | "unreadable" {
  const texts: Partial<Record<Part, string>> = {};
  for (const part in names) {
    const value = claims[names[part]];
    if (value === undefined || value === null) continue;
    if (typeof value !== "string" || value === "") return "unreadable";
    texts[part] = value;
  }
  return texts;
}

/** A list of names; one name stands for a list of one, as some issuers write it. */
function readList(value: unknown): readonly string[] | "unreadable" | undefined {
  if (value === undefined || value === null) return undefined;
  const entries: readonly unknown[] = Array.isArray(value) ? value : [value];
  const names = entries.filter((entry): entry is string => typeof entry === "string");
  return names.length === entries.length ? toNames(names) : "unreadable";
}

/** Sorted, each once, so that equal sets are equal lists. */
export function toNames(names: readonly string[]): readonly string[] {
  return names.length < 2 ? names : [...new Set(names)].sort();
}
