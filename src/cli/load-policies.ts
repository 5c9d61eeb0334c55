import { resolve } from "node:path";
import type { Problem } from "../base/index.ts";
import {
  loadSnapshot,
  type PolicyDocument,
  parsePolicies,
  type Snapshot,
} from "../policy/index.ts";
import { readPolicyDirectory } from "../sources/index.ts";
import type { Io } from "./io.ts";
import { createPaint } from "./paint.ts";
import { countProblems, renderProblems } from "./problem-report.ts";
import { UsageError } from "./usage-error.ts";
import { packageVersion } from "./version.ts";

/** A directory of policies, compiled. */
export interface LoadedPolicies {
  readonly snapshot: Snapshot;
  readonly documents: readonly PolicyDocument[];
}

/**
 * Compiles a directory all or nothing: with an error in any namespace its problems are printed and
 * there is no result, since an answer of half the policies would be taken for one of them all.
 * Throws `UsageError` where something cannot be read.
 */
export async function loadPolicies(io: Io, directory: string): Promise<LoadedPolicies | undefined> {
  const read = await readPolicyDirectory(resolve(io.cwd, directory));
  const unreadable = read.problems.find(({ severity }) => severity === "error");
  if (unreadable !== undefined) {
    const file = unreadable.file === "." ? directory : unreadable.file;
    throw new UsageError(`Cannot read policies: ${file}: ${unreadable.message}.`, unreadable.hint);
  }
  const { snapshot, problems } = loadSnapshot(read.files, { engineVersion: packageVersion() });
  const errors = problems.filter(({ severity }) => severity === "error");
  if (snapshot !== undefined && errors.length === 0) {
    return { snapshot, documents: parsePolicies(read.files).documents };
  }
  reportNotCompiled(io, directory, errors);
  return undefined;
}

/** Says why a directory is not evaluated. */
export function reportNotCompiled(io: Io, directory: string, errors: readonly Problem[]): void {
  io.stderr.write(renderProblems(errors, createPaint(io), io.isTerminal));
  io.stderr.write(
    `\n${directory}: ${countProblems(errors)}, so nothing was evaluated.\n  Mend them; \`chancery check ${directory}\` shows warnings as well.\n`,
  );
}
