import type { Problem } from "../../base/index.ts";
import { writtenRules } from "../compile/compile-rules.ts";
import { type DocumentOfKind, documentsOf } from "../documents/document.ts";
import type { Analysis } from "./analysis.ts";
import type { RuleReach } from "./path-table.ts";
import { warnAt } from "./rule-sites.ts";

/** Finds what leaves more open than it has to, W18 (policy-model 11). */
export function findExposure(analysis: Analysis): readonly Problem[] {
  const { documents } = analysis.policies;
  return [
    ...analysis.table.reaches.flatMap((reach) => findOpenPermit(reach, analysis)),
    ...findAllowingFallbacks(analysis),
    ...documentsOf(documents, "Policy").flatMap(findOpenFailures),
    ...documentsOf(documents, "Rollout").flatMap((rollout) => findRampedGuard(rollout, analysis)),
  ];
}

function findOpenPermit({ rule, reached }: RuleReach, { table, sites }: Analysis) {
  if (rule.effect !== "allow" || rule.permitted !== undefined || rule.classes !== undefined)
    return [];
  const path = table.paths.find(
    ({ model }, index) =>
      model?.deployment === "vendor" && model.permitted === undefined && reached.has(index),
  );
  if (path?.model === undefined) return [];
  return sites.warn(rule, {
    code: "W18",
    message: `lets data of every class go to a vendor's model, \`${path.model.id}\` for one`,
    hint: "List what may be left for the model in `dataClasses: { permitted: [...] }`.",
  });
}

function findAllowingFallbacks({ policies: { documents } }: Analysis): readonly Problem[] {
  const declaring = [
    ...documentsOf(documents, "Platform"),
    ...documentsOf(documents, "Tenant"),
    ...documentsOf(documents, "App"),
  ];
  return declaring
    .filter(({ spec }) => spec.fallback === "allow")
    .map((document) =>
      warnAt(
        document,
        { value: "fallback", of: document.spec },
        {
          code: "W18",
          message: "what no rule permits is permitted, where platform, tenant and app all say so",
          hint: "Write an allow rule for what is wanted, and leave `fallback` out.",
        },
      ),
    );
}

function findOpenFailures(policy: DocumentOfKind<"Policy">): readonly Problem[] {
  return writtenRules(policy)
    .filter(({ spec }) => spec.onError === "FailOpen")
    .map(({ spec }) =>
      warnAt(
        policy,
        { value: "onError", of: spec },
        {
          code: "W18",
          message: "where this rule cannot be told, it restricts nothing",
          hint: "Leave `onError` out; then what cannot be told is refused.",
        },
      ),
    );
}

/** At 10 % a new restriction leaves 90 % without it (policy-model 7). */
function findRampedGuard(
  rollout: DocumentOfKind<"Rollout">,
  { policies: { documents } }: Analysis,
): readonly Problem[] {
  const { step, policy, stable, candidate } = rollout.spec;
  if (step.percent === 0 || step.percent === 100) return [];
  const rulesOf = (version: string) =>
    documentsOf(documents, "Policy")
      .filter(({ metadata, spec }) => {
        const { name, namespace } = metadata;
        return (
          namespace === rollout.metadata.namespace && name === policy && spec.version === version
        );
      })
      .flatMap((one) => writtenRules(one).map(({ spec }) => spec));
  const known = new Set(rulesOf(stable).map(({ id }) => id));
  const added = rulesOf(candidate).filter(
    ({ id, effect, severity, mode }) =>
      severity === "critical" && effect !== "allow" && mode !== "shadow" && !known.has(id),
  );
  return added.map(({ id }) =>
    warnAt(
      rollout,
      { value: "percent", of: step },
      {
        code: "W18",
        message: `the new restriction \`${id}\` is critical, and ${100 - step.percent} % go without it`,
        hint: "Add it with `mode: shadow` first, then enforce it for all.",
      },
    ),
  );
}
