import type { ConfigPath } from "./config-document.ts";

/**
 * Options of the command line that replace keys of the file. Relative paths start at the working
 * directory, so whoever fills this in makes them absolute.
 */
export interface ConfigOverrides {
  /** The one address to listen on; further listeners of the file are left out. */
  readonly listen?: string | undefined;
  readonly admin?: string | undefined;
  /** The one policy directory, instead of the file's sources. */
  readonly policies?: string | undefined;
  /** TENANT/APP, for every listener. */
  readonly identity?: string | undefined;
  readonly unsigned?: boolean | undefined;
  readonly state?: string | undefined;
}

/** What problems name as their file when the value at fault came from an option. */
export const overridesFile = "command line";

/** A configuration's plain data with the options on top, and the paths they replaced. */
export interface OverriddenValue {
  readonly value: unknown;
  readonly replaced: readonly ConfigPath[];
}

/** Puts the options on top of a configuration's plain data, which it owns and changes. */
export function applyOverrides(value: unknown, overrides: ConfigOverrides): OverriddenValue {
  const replaced: ConfigPath[] = [];
  // Of the wrong shape altogether: the shape check says so, and there is nothing to put on top of.
  if (!isMapping(value)) return { value, replaced };
  const set = (path: ConfigPath, to: unknown): void => {
    if (to !== undefined && setAt(value, path, to)) replaced.push(path);
  };
  if (overrides.listen !== undefined) {
    const first = Array.isArray(value["listeners"]) ? value["listeners"][0] : undefined;
    value["listeners"] = [isMapping(first) ? first : {}];
    set(["listeners", 0, "address"], overrides.listen);
  }
  const listeners = Array.isArray(value["listeners"]) ? value["listeners"] : [];
  for (const index of listeners.keys()) set(["listeners", index, "identity"], overrides.identity);
  set(["admin", "address"], overrides.admin);
  set(
    ["policies", "sources"],
    overrides.policies === undefined ? undefined : [{ directory: overrides.policies }],
  );
  set(["policies", "unsigned"], overrides.unsigned);
  set(["stateDir"], overrides.state);
  return { value, replaced };
}

type Mapping = Record<string | number, unknown>;

function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Sets a value, making mappings on the way; false when something else stands in the way. */
function setAt(value: Mapping, path: ConfigPath, to: unknown): boolean {
  let parent: unknown = value;
  for (const step of path.slice(0, -1)) {
    if (typeof parent !== "object" || parent === null) return false;
    const container = parent as Mapping;
    container[step] ??= {};
    parent = container[step];
  }
  const last = path.at(-1);
  if (!isMapping(parent) || last === undefined) return false;
  parent[last] = to;
  return true;
}
