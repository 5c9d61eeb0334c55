import type { Problem } from "../base/index.ts";

/** A thread that did not get to the end of a job. It is of no more use. */
export class Setback extends Error {
  override readonly name = "Setback";
  /** Whose documents were at work; undefined: nobody's in particular. */
  readonly namespace: string | undefined;

  constructor(reason: string, namespace: string | undefined, cause?: unknown) {
    super(reason, cause === undefined ? undefined : { cause });
    this.namespace = namespace;
  }
}

/** What is said of a setback where the problems of policies are shown. */
export function toProblem({ message, namespace }: Setback): Problem {
  const whose = namespace === undefined ? "the policies" : `the documents of \`${namespace}\``;
  return {
    code: "E10",
    severity: "error",
    ...(namespace === undefined ? {} : { namespace }),
    file: namespace ?? "policies",
    line: 0,
    column: 0,
    message: `${whose} could not be compiled: ${message}`,
    hint: "The log has the error. Take the last change back, or write fewer rules, matrices and conditions.",
  };
}
