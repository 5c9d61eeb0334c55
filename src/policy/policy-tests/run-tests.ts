import type { Problem } from "../../base/index.ts";
import type { Decision, DecisionInput } from "../../domain/index.ts";
import { modelsOf, VisibleModels } from "../compile/model-catalog.ts";
import { evaluate } from "../decide/evaluate.ts";
import { documentsOf, type PolicyDocument } from "../documents/document.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { type Coverage, CoverageCount } from "./coverage.ts";
import { type Difference, differencesFrom } from "./expectation.ts";
import type { Fields } from "./given.ts";
import { type PreparedCase, prepareTest } from "./prepare-test.ts";

/** How one case ended. */
export interface CaseResult {
  readonly file: string;
  /** `<namespace>/<test>`. */
  readonly test: string;
  readonly name: string;
  readonly isKept: boolean;
  readonly input: DecisionInput;
  /** `expect` as written. */
  readonly expected: Fields;
  readonly decision: Decision;
  readonly differences: readonly Difference[];
}

/** How all tests of a directory ended. */
export interface TestRun {
  /** By file, in the order written. */
  readonly cases: readonly CaseResult[];
  readonly coverage: Coverage;
  /** Cases that cannot be asked; the others were. */
  readonly problems: readonly Problem[];
}

/**
 * Runs every PolicyTest against the snapshot of the same documents, by the `evaluate` that serves
 * (policy-model 12). Counterfactuals are always computed, never sampled.
 */
export function runPolicyTests(snapshot: Snapshot, documents: readonly PolicyDocument[]): TestRun {
  const models = modelsOf(documentsOf(documents, "ModelCatalog"));
  const visible = new Map<string, VisibleModels>();
  const idsFor = (tenant: string) => {
    const known = visible.get(tenant) ?? new VisibleModels(models, tenant);
    visible.set(tenant, known);
    return known.ids;
  };
  const prepared = documentsOf(documents, "PolicyTest").map((test) => prepareTest(test, idsFor));
  const count = new CoverageCount(snapshot.rules);
  const cases = prepared
    .flatMap((test) => test.cases)
    .map((one) => {
      const decision = evaluate(snapshot, one.input, { trace: true, shadow: true });
      count.add(decision.evaluated ?? []);
      return toResult(one, decision);
    });
  return { cases, coverage: count.result, problems: prepared.flatMap(({ problems }) => problems) };
}

function toResult({ test, name, input, expect }: PreparedCase, decision: Decision): CaseResult {
  const differences = differencesFrom(expect, decision);
  return {
    file: test.source.path,
    test: `${test.metadata.namespace}/${test.metadata.name}`,
    name,
    isKept: differences.length === 0,
    input,
    expected: expect,
    decision,
    differences,
  };
}
