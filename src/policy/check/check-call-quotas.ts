import type { Problem } from "../../base/index.ts";
import {
  type DocumentOfKind,
  documentsOf,
  type NamespaceView,
  type PolicyDocument,
  platformNamespace,
  visibleDocuments,
} from "../documents/document.ts";
import { placeProblem } from "../documents/place-problem.ts";
import type { PermitSpec, RuleSpec } from "../documents/rule-schema.ts";
import { permitsIn, rulesIn, toolPoints } from "./check-capabilities.ts";

type Quota = DocumentOfKind<"Quota">;

/**
 * Finds rules about calls of tools alone whose budget no call could spend: E09. A call by itself has
 * neither tokens nor a price; both are those of the answer it stands in.
 */
export function findUncountableCalls(view: NamespaceView): readonly Problem[] {
  const quotas = new Map(
    documentsOf(visibleDocuments(view), "Quota").map((quota) => [
      `${quota.source.namespace}/${quota.metadata.name}`,
      quota,
    ]),
  );
  const find = (name: string) =>
    name.includes("/")
      ? quotas.get(name)
      : (quotas.get(`${view.namespace}/${name}`) ?? quotas.get(`${platformNamespace}/${name}`));
  return view.own.flatMap((document) =>
    [...rulesIn(document), ...permitsIn(document)].flatMap((rule) => inRule(document, rule, find)),
  );
}

function inRule(
  document: PolicyDocument,
  rule: RuleSpec | PermitSpec,
  find: (name: string) => Quota | undefined,
): readonly Problem[] {
  const { quota: names = [] } = rule;
  if (!toolPoints(rule)?.includes("tool.call")) return [];
  return names.flatMap((name, index) => {
    const quota = find(name);
    if (quota === undefined || isSpentByCalls(quota)) return [];
    return [
      placeProblem(
        document,
        { value: index, of: names },
        {
          code: "E09",
          message: `calls of tools use none of the ${quota.spec.unit} of quota \`${name}\``,
          hint: "Use a quota of `tool_calls` or `requests`, or put this one on a rule of `llm.generate`.",
        },
      ),
    ];
  });
}

/** What a call by itself does not have: its cost would be nothing, or could not be told. */
const notOfCalls = /\busage\s*\.\s*(?:inputTokens|outputTokens)\b|\bmodel\s*\./;

function isSpentByCalls({ spec: { cost, unit } }: Quota): boolean {
  if (cost !== undefined) return unit !== "tokens" && !notOfCalls.test(cost);
  return unit === "requests" || unit === "tool_calls";
}
