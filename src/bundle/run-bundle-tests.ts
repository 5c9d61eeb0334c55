import type { Problem } from "../base/index.ts";
import {
  type CaseResult,
  type CompiledPolicies,
  type PolicyDocument,
  parsePolicies,
  runPolicyTests,
} from "../policy/index.ts";

/** Runs a namespace's own tests against everything that was loaded; each case that fails is a problem. */
export function runBundleTests(
  { namespaces, snapshot }: CompiledPolicies,
  namespace: string,
): readonly Problem[] {
  if (snapshot === undefined) return [];
  const files = [...namespaces.values()].flatMap((status) => status.files);
  const { documents } = parsePolicies(files);
  const asked = documents.filter((document) => !isForeignTest(document, namespace));
  if (!asked.some(({ kind }) => kind === "PolicyTest")) return [];
  const { cases, problems } = runPolicyTests(snapshot, asked);
  const failed = cases.filter(({ isKept }) => !isKept);
  return [...problems, ...failed.map((one) => toProblem(one, namespace))];
}

function isForeignTest({ kind, metadata }: PolicyDocument, namespace: string): boolean {
  return kind === "PolicyTest" && metadata.namespace !== namespace;
}

function toProblem({ file, name, test }: CaseResult, namespace: string): Problem {
  return {
    code: "B05",
    severity: "error",
    namespace,
    file,
    line: 0,
    column: 0,
    message: `the policy test ${test} fails: ${name}`,
    hint: "Run `chancery test` on the documents, and publish them when it passes.",
  };
}
