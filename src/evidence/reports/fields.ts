/*
 * Records are read as they stand: a field that is not there, or of another type than this version
 * knows, is one that says nothing.
 */

type Json = Readonly<Record<string, unknown>>;

const nothing: Json = Object.freeze({});

export function textOf(json: Json, name: string): string | undefined {
  const value = json[name];
  return typeof value === "string" ? value : undefined;
}

/** A count, 0 where there is none. */
export function countOf(json: Json, name: string): number {
  const value = json[name];
  return typeof value === "number" ? value : 0;
}

/** The members of an object, none where there is no object. */
export function objectOf(json: Json, name: string): Json {
  const value = json[name];
  return isObject(value) ? value : nothing;
}

/** The objects in a list. */
export function objectsOf(json: Json, name: string): readonly Json[] {
  const value = json[name];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The strings in a list. */
export function textsOf(json: Json, name: string): readonly string[] {
  const value = json[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** An app by its full name, which is unique among tenants. */
export function appOf(json: Json): string | undefined {
  const [tenant, app] = [textOf(json, "tenant"), textOf(json, "app")];
  return tenant === undefined ? app : app && `${tenant}/${app}`;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
