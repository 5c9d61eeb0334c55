/**
 * What an author of policies or configuration got wrong, by stable code. `E` codes are the policy
 * language's (policy-model 11), `C` codes the configuration's, `B` codes a bundle's (10).
 */
export const problemCodes = {
  E01: "The document does not have the shape its kind asks for.",
  E02: "A name that nothing declares.",
  E03: "Something below tries to loosen what stands above.",
  E04: "An expression that is not one of the profile, or reads what it cannot know.",
  E05: "A length of time that is not allowed, or an end before its beginning.",
  E06: "A document reaches outside its own namespace.",
  E07: "Two things share one name.",
  E08: "A pattern to look for that is none, or that costs too much to be tried on every text.",
  E09: "A part of the language that this version does not enforce, so it does not load.",
  E10: "Documents that could not be compiled in the time and memory there is for it.",
  W11: "A rule that never matters: a deny, a boundary or the catalogs leave it no request.",
  W12: "A rule that another of the same effect makes unnecessary.",
  W13: "Rules that contradict each other where both match.",
  W14: "Permits with different routes that only priority or the name tells apart.",
  W15: "Compared with other policies, requests are permitted that were not, or a redaction is lost.",
  W16: "Something no test reaches, or a model or class that nothing speaks of.",
  W17: "Something that is over or that nothing uses any more.",
  W18: "Something that leaves more open than it has to.",
  W19: "An expression reads an entry that may be missing without testing it first.",
  C01: "The configuration does not have the shape it must have.",
  C02: "A value that cannot work.",
  C03: "A key whose feature this version does not have, so it is not accepted.",
  C04: "A file or folder that cannot be read.",
  B01: "A bundle that no keys vouch for which the configuration trusts.",
  B02: "A bundle whose content is not what its manifest says, or that cannot be read.",
  B03: "A bundle that is older than the one in force, or has run out.",
  B04: "A bundle that says what its signers may not say.",
  B05: "A bundle whose own policy tests fail.",
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
