import type { Problem } from "../base/index.ts";
import {
  type CompiledPolicies,
  completePolicies,
  type LoadOptions,
  type PolicyFile,
  type PreparedPolicies,
  preparePolicies,
} from "../policy/index.ts";

/**
 * Runs the policy tests of one namespace against everything that was loaded; its problems that are
 * errors keep what is new of that namespace out.
 */
export type RunTests = (compiled: CompiledPolicies, namespace: string) => readonly Problem[];

/** What a gate is told beside the files. */
export interface GateOptions extends LoadOptions {
  /** Namespaces whose files are not those in force, so that their tests have to say yes. */
  readonly untested: ReadonlySet<string>;
  readonly runTests: RunTests;
}

/** What passed. */
export interface GatedPolicies {
  readonly prepared: PreparedPolicies;
  /** Of tests that failed, by the namespaces that stay as they were for it. */
  readonly testProblems: readonly Problem[];
}

/** Loads, and lets nothing new be in force whose own policy tests fail (policy-model 10). */
export function loadGated(files: readonly PolicyFile[], options: GateOptions): GatedPolicies {
  const { readProblems = [], runTests, untested } = options;
  const testProblems: Problem[] = [];
  // Each turn takes one namespace more back to what it was, so this ends.
  for (;;) {
    const prepared = preparePolicies(files, {
      ...options,
      readProblems: [...readProblems, ...testProblems],
    });
    const { namespaces } = prepared;
    const asked = [...untested].filter((name) => namespaces.get(name)?.state === "current");
    if (asked.length === 0) return { prepared, testProblems };
    const compiled = completePolicies(prepared, options);
    const failed = asked.flatMap((namespace) =>
      failuresOf(namespace, runTests(compiled, namespace)),
    );
    if (failed.length === 0) return { prepared, testProblems };
    testProblems.push(...failed);
  }
}

function failuresOf(namespace: string, problems: readonly Problem[]): readonly Problem[] {
  return problems
    .filter(({ severity }) => severity === "error")
    .map((problem) => ({ ...problem, namespace }));
}
