import type { Problem } from "../base/index.ts";
import { writtenRules } from "./compile-rules.ts";
import {
  type DocumentOfKind,
  documentsOf,
  type PolicyDocument,
  platformNamespace,
} from "./document.ts";
import { placeProblem } from "./place-problem.ts";
import type { RuleSpec } from "./rule-schema.ts";

type PolicyDoc = DocumentOfKind<"Policy">;

/**
 * Finds policies whose fields fit their schema one by one, but not each other: E01, and E03 for an
 * allow rule in `overrides`. Where parts of a document had to be left out, only the latter.
 */
export function findContradictions(documents: readonly PolicyDocument[]): readonly Problem[] {
  return documentsOf(documents, "Policy").flatMap((policy) => [
    ...lockedAllows(policy),
    ...(policy.isWhole ? attachment(policy) : []),
    ...(policy.isWhole ? writtenRules(policy).flatMap(({ spec }) => ruleFields(policy, spec)) : []),
  ]);
}

function lockedAllows(policy: PolicyDoc): readonly Problem[] {
  return writtenRules(policy)
    .filter(({ spec, block }) => block === "overrides" && spec.effect === "allow")
    .map(({ spec }) =>
      placeProblem(
        policy,
        { value: "effect", of: spec },
        {
          code: "E03",
          message: "`overrides` may only restrict, and this rule allows",
          hint: "Move the rule to `rules`, where denies of every layer still stand above it.",
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

function ruleFields(policy: PolicyDoc, rule: RuleSpec): readonly Problem[] {
  const problems: Problem[] = [];
  if (rule.effect === "redact" && rule.redact === undefined) {
    problems.push(
      placeProblem(
        policy,
        { value: "effect", of: rule },
        {
          code: "E01",
          message: "a redact rule lacks `redact`",
          hint: "Add `redact: { method: mask, classes: [...] }`.",
        },
      ),
    );
  }
  if (rule.effect !== "redact" && rule.redact !== undefined) {
    problems.push(
      placeProblem(
        policy,
        { key: "redact", of: rule },
        {
          code: "E01",
          message: `a rule with effect \`${rule.effect}\` takes no \`redact\``,
          hint: "Remove it, or write a rule of its own with `effect: redact`.",
        },
      ),
    );
  }
  return [...problems, ...excludeField(policy, rule), ...classFields(policy, rule)];
}

function excludeField(policy: PolicyDoc, rule: RuleSpec): readonly Problem[] {
  const { exclude } = rule;
  if (exclude === undefined) return [];
  if (rule.effect === "allow") {
    return [
      placeProblem(
        policy,
        { key: "exclude", of: rule },
        {
          code: "E01",
          message: "an allow rule takes no `exclude`",
          hint: "Say in `subjects` whom it permits, or write a deny rule for the others.",
        },
      ),
    ];
  }
  if (Object.keys(exclude).length > 0) return [];
  return [
    placeProblem(
      policy,
      { value: "exclude", of: rule },
      {
        code: "E01",
        // Everybody fits no fields at all, so the rule would never hold.
        message: "`exclude` names nobody",
        hint: "List at least one of principals, groups, roles, kinds, issuers, actors, or remove it.",
      },
    ),
  ];
}

function classFields(policy: PolicyDoc, rule: RuleSpec): readonly Problem[] {
  const { dataClasses } = rule;
  if (dataClasses === undefined) return [];
  if (rule.effect !== "allow" && dataClasses.permitted !== undefined) {
    return [
      placeProblem(
        policy,
        { key: "permitted", of: dataClasses },
        {
          code: "E01",
          message: `a rule with effect \`${rule.effect}\` takes no \`permitted\``,
          hint: "Write `anyOf` to name what the rule is about.",
        },
      ),
    ];
  }
  if (dataClasses.anyOf !== undefined || dataClasses.permitted !== undefined) return [];
  return [
    placeProblem(
      policy,
      { key: "dataClasses", of: rule },
      {
        code: "E01",
        message: `\`dataClasses\` lacks ${rule.effect === "allow" ? "`anyOf` or `permitted`" : "`anyOf`"}`,
        hint: "Name the classes the rule is about, or remove `dataClasses`.",
      },
    ),
  ];
}
