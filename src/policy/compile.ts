import { type Problem, sortProblems } from "../base/index.ts";
import { findContradictions } from "./check-contradictions.ts";
import { findDuplicates } from "./check-duplicates.ts";
import { findIsolationBreaches } from "./check-isolation.ts";
import { findUnknownReferences } from "./check-references.ts";
import { compileForm } from "./compiled-form.ts";
import { createSnapshot } from "./create-snapshot.ts";
import type { PolicyDocument, PolicyFile } from "./document.ts";
import { layerDigests } from "./layer-digests.ts";
import { parsePolicies } from "./parse.ts";
import type { Snapshot } from "./snapshot.ts";

/** What a snapshot says about itself besides its policies. */
export interface CompileOptions {
  /** Version of the engine, recorded with each decision. */
  readonly engineVersion: string;
}

/** A snapshot, or the reasons why there is none. */
export interface CompiledPolicies {
  /** Undefined when there is any error. */
  readonly snapshot: Snapshot | undefined;
  /** Sorted; warnings too. */
  readonly problems: readonly Problem[];
}

/** Parses and compiles, with all problems of both. */
export function loadSnapshot(
  files: readonly PolicyFile[],
  options: CompileOptions,
): CompiledPolicies {
  const parsed = parsePolicies(files);
  const compiled = compile(parsed.documents, options);
  const problems = sortProblems([...parsed.problems, ...compiled.problems]);
  return { snapshot: hasError(parsed.problems) ? undefined : compiled.snapshot, problems };
}

/** Compiles documents into a snapshot; the order of the documents does not matter. */
export function compile(
  documents: readonly PolicyDocument[],
  options: CompileOptions,
): CompiledPolicies {
  const problems = sortProblems([
    ...findContradictions(documents),
    ...findIsolationBreaches(documents),
    ...findDuplicates(documents),
    ...findUnknownReferences(documents),
  ]);
  const isUsable = documents.every(({ isWhole }) => isWhole) && !hasError(problems);
  if (!isUsable) return { snapshot: undefined, problems };
  const snapshot = createSnapshot(compileForm(documents), {
    engineVersion: options.engineVersion,
    layerDigests: layerDigests(documents),
  });
  return { snapshot, problems };
}

function hasError(problems: readonly Problem[]): boolean {
  return problems.some(({ severity }) => severity === "error");
}
