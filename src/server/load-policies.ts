import type { Problem } from "../base/index.ts";
import { sortProblems } from "../base/index.ts";
import { loadSnapshot, type PolicyFile, type Snapshot } from "../policy/index.ts";
import { readPolicyDirectory } from "../sources/index.ts";

/** A compiled policy set, or why there is none. */
export interface LoadedPolicies {
  readonly snapshot: Snapshot | undefined;
  readonly problems: readonly Problem[];
}

/** Reads and compiles policy directories; `extra` documents count as if they lay in the first. */
export async function loadPolicies(
  directories: readonly string[],
  options: { readonly engineVersion: string; readonly extra?: readonly PolicyFile[] },
): Promise<LoadedPolicies> {
  const sources = await Promise.all(directories.map((directory) => readPolicyDirectory(directory)));
  const files = [...sources.flatMap((source) => source.files), ...(options.extra ?? [])];
  const unreadable = sources.flatMap((source) => source.problems);
  const { problems, snapshot } = loadSnapshot(files, { engineVersion: options.engineVersion });
  const all = sortProblems([...unreadable, ...problems]);
  const hasError = all.some(({ severity }) => severity === "error");
  return { snapshot: hasError ? undefined : snapshot, problems: all };
}
