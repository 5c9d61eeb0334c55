import type { Problem } from "../../base/index.ts";
import type { PolicyDocument, PolicyFile } from "../documents/document.ts";
import { type ParsedPolicies, parsePolicies } from "../documents/parse.ts";

/** One namespace's files and what they say. */
export interface NamespaceFiles {
  readonly files: readonly PolicyFile[];
  readonly documents: readonly PolicyDocument[];
  /** From reading and parsing. */
  readonly problems: readonly Problem[];
}

/** Gives what one file says, as `parsePolicies` does. */
export type ParseFile = (file: PolicyFile) => ParsedPolicies;

/** The files of each namespace, in the order given. */
export function filesByNamespace(
  files: readonly PolicyFile[],
): ReadonlyMap<string, readonly PolicyFile[]> {
  return Map.groupBy(files, ({ namespace }) => namespace);
}

/** Parses the files of one namespace, with what was wrong when they were read. */
export function parseNamespace(
  files: readonly PolicyFile[],
  readProblems: readonly Problem[],
  parse: ParseFile = (file) => parsePolicies([file]),
): NamespaceFiles {
  const parsed = files.map(parse);
  const documents = parsed.flatMap((file) => file.documents);
  return {
    files,
    documents,
    problems: [...readProblems, ...parsed.flatMap((file) => file.problems)],
  };
}

/** Whether nothing stands against compiling what the files say. */
export function isUsable({ documents, problems }: NamespaceFiles): boolean {
  return documents.every(({ isWhole }) => isWhole) && !hasError(problems);
}

/** Whether one of them is more than a warning. */
export function hasError(problems: readonly Problem[]): boolean {
  return problems.some(({ severity }) => severity === "error");
}
