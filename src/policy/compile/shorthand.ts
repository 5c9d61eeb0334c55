import type { RuleSpec } from "../documents/rule-schema.ts";
import type { Block } from "./rule.ts";

/** One rule as written, with the list it stands in. */
export interface WrittenRule {
  readonly spec: RuleSpec;
  readonly block: Block;
}

/**
 * The rules that one rule as written stands for: itself, unless it is an allow rule with `redacted`
 * or `denied`, which stands for `<id>`, `<id>.redact` and `<id>.deny` (policy-model 3).
 */
export function expandShorthand({ spec, block }: WrittenRule): readonly WrittenRule[] {
  const { dataClasses } = spec;
  if (spec.effect !== "allow" || dataClasses === undefined) return [{ spec, block }];
  const { permitted, redacted, denied, ...shared } = dataClasses;
  if (redacted === undefined && denied === undefined) return [{ spec, block }];
  const { redact, ...withoutRedact } = spec;
  const classesLeft = { ...shared, ...(permitted === undefined ? {} : { permitted }) };
  const rules: WrittenRule[] = [{ spec: { ...withoutRedact, dataClasses: classesLeft }, block }];
  if (redacted !== undefined) {
    const classes = [...new Set([...redacted, ...(redact?.classes ?? [])])];
    rules.push({
      spec: {
        ...restrictionOf(spec),
        id: `${spec.id}.redact`,
        effect: "redact",
        // Whatever the confidence and the number of findings: what is listed does not get through.
        dataClasses: { ...placesOf(shared), anyOf: classes, minConfidence: 0 },
        redact: { method: "mask", directions: ["request", "log"], ...redact, classes },
      },
      block,
    });
  }
  if (denied !== undefined) {
    rules.push({
      spec: {
        ...restrictionOf(spec),
        ...(spec.message === undefined ? {} : { message: spec.message }),
        id: `${spec.id}.deny`,
        effect: "deny",
        dataClasses: { ...shared, anyOf: denied },
      },
      block,
    });
  }
  return rules;
}

/** What the rules of one shorthand have in common, terms of the permit left out. */
function restrictionOf(spec: RuleSpec): Omit<RuleSpec, "id" | "effect"> {
  const shared: Record<string, unknown> = {};
  for (const field of sharedFields) if (spec[field] !== undefined) shared[field] = spec[field];
  return shared;
}

const sharedFields = [
  "subjects",
  "actions",
  "models",
  "tools",
  "conditions",
  "mode",
  "exemptible",
  "priority",
] as const satisfies readonly (keyof RuleSpec)[];

function placesOf({ in: places }: NonNullable<RuleSpec["dataClasses"]>) {
  return places === undefined ? {} : { in: places };
}
