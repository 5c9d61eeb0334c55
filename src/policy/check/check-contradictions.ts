import type { Problem } from "../../base/index.ts";
import { writtenRules } from "../compile/compile-rules.ts";
import {
  type DocumentOfKind,
  documentsOf,
  type PolicyDocument,
  platformNamespace,
} from "../documents/document.ts";
import { placeProblem } from "../documents/place-problem.ts";
import type { RuleSpec } from "../documents/rule-schema.ts";
import { findClassifierContradictions } from "./check-classifiers.ts";
import { findExceptionFieldProblems } from "./check-exception-fields.ts";
import { findKeyRingProblems } from "./check-key-rings.ts";
import { findKillSwitchProblems } from "./check-kill-switches.ts";
import { findQuotaProblems } from "./check-quotas.ts";
import { findIdleGuards } from "./check-rollouts.ts";
import { findRuleFieldProblems } from "./check-rule-fields.ts";

type PolicyDoc = DocumentOfKind<"Policy">;

/**
 * Finds documents whose fields fit their schema one by one, but not each other: E01, and E03 for an
 * allow rule where only restrictions stand. Where parts of a document had to be left out, only what
 * those parts cannot have caused.
 */
export function findContradictions(documents: readonly PolicyDocument[]): readonly Problem[] {
  const whole = documents.filter(({ isWhole }) => isWhole);
  return [
    ...documentsOf(documents, "Policy").flatMap((policy) =>
      lockedAllows(policy, "overrides", policy.spec.overrides?.rules),
    ),
    ...documentsOf(documents, "Incident").flatMap((incident) =>
      lockedAllows(incident, "restrict", incident.spec.restrict),
    ),
    ...documentsOf(whole, "Policy").flatMap((policy) => [
      ...attachment(policy),
      ...activeWindow(policy),
      ...writtenRules(policy).flatMap(({ spec, block }) =>
        findRuleFieldProblems(policy, spec, block),
      ),
    ]),
    ...findKeyRingProblems(documents),
    ...findExceptionFieldProblems(whole),
    ...findKillSwitchProblems(whole),
    ...findQuotaProblems(whole),
    ...findClassifierContradictions(whole),
    ...documentsOf(whole, "Rollout").flatMap(rampWithoutChange),
    ...findIdleGuards(whole),
  ];
}

function lockedAllows(
  document: PolicyDocument,
  home: "overrides" | "restrict",
  rules: readonly RuleSpec[] = [],
): readonly Problem[] {
  return rules
    .filter(({ effect }) => effect === "allow")
    .map((rule) =>
      placeProblem(
        document,
        { value: "effect", of: rule },
        {
          code: "E03",
          message: `\`${home}\` may only restrict, and this rule allows`,
          hint:
            home === "overrides"
              ? "Move the rule to `rules`, where denies of every layer still stand above it."
              : "Write it as one of the `permits` under `relax`, which has a scope.",
        },
      ),
    );
}

type AttachField = "tenant" | "app" | "model";

/** Which fields each layer is attached by (policy-model 4). */
const attachFields: Readonly<Record<string, readonly AttachField[]>> = {
  global: [],
  tenant: ["tenant"],
  app: ["tenant", "app"],
  model: ["tenant", "app", "model"],
};

function attachment(policy: PolicyDoc): readonly Problem[] {
  const { attach } = policy.spec;
  const allowed = attachFields[attach.layer] ?? [];
  const surplus = (["tenant", "app", "model"] as const)
    .filter((field) => attach[field] !== undefined && !allowed.includes(field))
    .map((field) =>
      placeProblem(
        policy,
        { key: field, of: attach },
        {
          code: "E01",
          message: `layer \`${attach.layer}\` takes no \`${field}\``,
          hint: `Remove it, or write \`layer: ${field}\`.`,
        },
      ),
    );
  const missing = neededFields(policy)
    .filter((field) => attach[field] === undefined)
    .map((field) =>
      placeProblem(
        policy,
        { value: "attach", of: policy.spec },
        {
          code: "E01",
          message: `layer \`${attach.layer}\` lacks \`${field}\``,
          hint: `Add \`${field}:\` to \`attach\`.`,
        },
      ),
    );
  return [...surplus, ...missing];
}

function neededFields({ source, spec: { attach } }: PolicyDoc): readonly AttachField[] {
  const needed: readonly AttachField[] =
    attach.layer === "model" ? ["model"] : (attachFields[attach.layer] ?? []);
  // The folder says which tenant a tenant's document is for.
  if (source.namespace !== platformNamespace) return needed.filter((field) => field !== "tenant");
  // An app has a name within its tenant only.
  return attach.layer === "model" && attach.app !== undefined ? [...needed, "tenant"] : needed;
}

function activeWindow(policy: PolicyDoc): readonly Problem[] {
  const { activeFrom, activeUntil } = policy.spec;
  if (activeFrom === undefined || activeUntil === undefined) return [];
  if (Date.parse(activeFrom) < Date.parse(activeUntil)) return [];
  return [
    placeProblem(
      policy,
      { value: "activeUntil", of: policy.spec },
      {
        code: "E01",
        message: "`activeUntil` is not after `activeFrom`, so the policy would never be active",
        hint: "Exchange the two, or leave one of them out.",
      },
    ),
  ];
}

function rampWithoutChange(rollout: DocumentOfKind<"Rollout">): readonly Problem[] {
  const { stable, candidate } = rollout.spec;
  if (stable !== candidate) return [];
  return [
    placeProblem(
      rollout,
      { value: "candidate", of: rollout.spec },
      {
        code: "E01",
        message: `\`stable\` and \`candidate\` are both \`${candidate}\``,
        hint: "Name two versions of the policy, or remove the Rollout.",
      },
    ),
  ];
}
