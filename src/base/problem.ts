/**
 * What an author of policies or configuration got wrong, by stable code. `E` codes are the policy
 * language's (policy-model 11), `C` codes the configuration's.
 */
export const problemCodes = {
  E01: "The document does not have the shape its kind asks for.",
  E02: "A name that nothing declares.",
  E03: "Something below tries to loosen what stands above.",
  E06: "A document reaches outside its own namespace.",
  E07: "Two things share one name.",
  E09: "A part of the language that this version does not enforce, so it does not load.",
  C01: "The configuration does not have the shape it must have.",
  C02: "A value that cannot work.",
  C03: "A key whose feature this version does not have, so it is not accepted.",
  C04: "A file or folder that cannot be read.",
} as const;

export type ProblemCode = keyof typeof problemCodes;

/** One mistake, located. Line and column start at 1; 0 means the file as a whole. */
export interface Problem {
  readonly code: ProblemCode;
  readonly severity: "error" | "warning";
  /** The policy namespace, absent for configuration. */
  readonly namespace?: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** The next step to take, as a sentence. */
  readonly hint: string;
}

/** Sorted by file, line, column and code, so that output is the same whatever the load order. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted(
    (a, b) =>
      compare(a.file, b.file) ||
      a.line - b.line ||
      a.column - b.column ||
      compare(a.code, b.code) ||
      compare(a.message, b.message),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
