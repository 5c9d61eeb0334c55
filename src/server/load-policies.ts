import type { Problem } from "../base/index.ts";
import { sortProblems } from "../base/index.ts";
import { loadSnapshot, type PolicyFile, type Snapshot } from "../policy/index.ts";
import { readPolicyDirectory } from "../sources/index.ts";

/** A compiled policy set, or why there is none. */
export interface LoadedPolicies {
  readonly snapshot: Snapshot | undefined;
  readonly problems: readonly Problem[];
}

/** Policy files as read, and what could not be read. */
export interface PolicySource {
  readonly files: readonly PolicyFile[];
  readonly problems: readonly Problem[];
}

/** Reads policy directories as one set. */
export async function readPolicies(directories: readonly string[]): Promise<PolicySource> {
  const sources = await Promise.all(directories.map((directory) => readPolicyDirectory(directory)));
  return {
    files: sources.flatMap(({ files }) => files),
    problems: sources.flatMap(({ problems }) => problems),
  };
}

/** Compiles what was read; with a part of it unreadable there is no snapshot. */
export function compilePolicies(
  source: PolicySource,
  options: { readonly engineVersion: string },
): LoadedPolicies {
  const { problems, snapshot } = loadSnapshot(source.files, options);
  const all = sortProblems([...source.problems, ...problems]);
  const hasError = all.some(({ severity }) => severity === "error");
  return { snapshot: hasError ? undefined : snapshot, problems: all };
}

/** Reads and compiles policy directories. */
export async function loadPolicies(
  directories: readonly string[],
  options: { readonly engineVersion: string },
): Promise<LoadedPolicies> {
  return compilePolicies(await readPolicies(directories), options);
}
