import type { Problem } from "../base/index.ts";
import type { PolicyFile } from "../policy/index.ts";
import { readPolicyDirectory } from "../sources/index.ts";

/** Policy files as read, and what could not be read. */
export interface PolicySource {
  readonly files: readonly PolicyFile[];
  readonly problems: readonly Problem[];
}

/** Reads policy directories as one set. Never rejects. */
export async function readPolicies(directories: readonly string[]): Promise<PolicySource> {
  const sources = await Promise.all(directories.map((directory) => readPolicyDirectory(directory)));
  return {
    files: sources.flatMap(({ files }) => files),
    problems: sources.flatMap(({ problems }) => problems),
  };
}
