import type { Problem } from "../../base/index.ts";
import { writtenRules } from "../compile/compile-rules.ts";
import { expandShorthand } from "../compile/shorthand.ts";
import {
  documentsOf,
  type NamespaceView,
  type PolicyDocument,
  platformNamespace,
} from "../documents/document.ts";
import { placeProblem } from "../documents/place-problem.ts";
import type { PermitSpec } from "../documents/rule-schema.ts";

/** Finds tenants with more rules or conditions than the platform lets one have: E01 (policy-model 9). */
export function findLimitProblems({ namespace, own, platform }: NamespaceView): readonly Problem[] {
  const limits = documentsOf(platform, "Platform")[0]?.spec.limits;
  if (limits === undefined || namespace === platformNamespace) return [];
  const rules = own.toSorted(byPath).flatMap(rulesIn);
  return [
    ...beyond(rules, { namespace, what: "rules", max: limits.rules, sizeOf: () => 1 }),
    ...beyond(rules, {
      namespace,
      what: "conditions",
      max: limits.conditions,
      sizeOf: ({ spec }) => spec.conditions?.length ?? 0,
    }),
  ];
}

interface PlacedRule {
  readonly document: PolicyDocument;
  /** The rule as written, of which a shorthand makes several. */
  readonly written: object;
  readonly spec: PermitSpec;
}

/** So that the rule reported does not depend on the order of loading. */
function byPath(a: PolicyDocument, b: PolicyDocument): number {
  return a.source.path < b.source.path ? -1 : 1;
}

function rulesIn(document: PolicyDocument): readonly PlacedRule[] {
  switch (document.kind) {
    case "Policy":
      return writtenRules(document).flatMap((written) =>
        expandShorthand(written).map(({ spec }) => ({ document, written: written.spec, spec })),
      );
    case "Grant":
      return (document.spec.permits ?? []).map((spec) => ({ document, written: spec, spec }));
    case "Incident":
      return [
        ...(document.spec.restrict ?? []),
        ...(document.spec.relax ?? []).flatMap(({ permits }) => permits ?? []),
      ].map((spec) => ({ document, written: spec, spec }));
    default:
      return [];
  }
}

interface Limit {
  readonly namespace: string;
  readonly what: "rules" | "conditions";
  readonly max: number | undefined;
  sizeOf(rule: PlacedRule): number;
}

function beyond(
  rules: readonly PlacedRule[],
  { namespace, what, max, sizeOf }: Limit,
): readonly Problem[] {
  if (max === undefined) return [];
  let total = 0;
  let first: PlacedRule | undefined;
  for (const rule of rules) {
    total += sizeOf(rule);
    if (total > max) first ??= rule;
  }
  if (first === undefined) return [];
  return [
    placeProblem(
      first.document,
      { value: "id", of: first.written },
      {
        code: "E01",
        message: `\`${namespace}\` has ${total} ${what}, more than the ${max} the platform allows it`,
        hint: "Merge or remove some, or ask the platform for more in `limits`.",
      },
    ),
  ];
}
