import type { ApprovalDemand, Redaction } from "../../domain/index.ts";
import type { RuleSpec, SubjectsSpec, TransformSpec } from "../documents/rule-schema.ts";
import { type Names, namedItems, sorted } from "./compile-matchers.ts";
import type { Rule, Transform } from "./rule.ts";

const allDirections: Redaction["directions"] = ["log", "request", "response"];

/** How and what a redact rule edits; nothing for other rules. */
export function compileRedaction(
  { effect, redact, dataClasses }: RuleSpec,
  { by, names }: { readonly by: string; readonly names: Names },
): Pick<Rule, "redaction" | "redactedClasses"> {
  if (effect !== "redact" || redact === undefined) {
    return { redaction: undefined, redactedClasses: [] };
  }
  const redaction = Object.freeze({
    method: redact.method,
    by,
    directions: redact.directions === undefined ? allDirections : sorted(redact.directions),
    ...(dataClasses?.in === undefined ? {} : { in: sorted(dataClasses.in) }),
  });
  return { redaction, redactedClasses: namedItems(redact.classes, names) ?? [] };
}

/** What a transform rule asks for, defaults filled in. */
export function compileTransform(spec: TransformSpec, names: Names): Transform {
  const { retention, tools } = spec;
  const headers = Object.entries(spec.headers?.set ?? {});
  return {
    params: spec.params ?? {},
    store: retention?.store,
    training: retention?.training,
    maxDays: retention?.maxDays,
    removeTools: namedItems(tools?.remove, names) ?? [],
    requireApproval: tools?.requireApproval && compileApproval(tools.requireApproval, names),
    prepend: spec.prompt?.prepend,
    headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
    routeOnly: namedItems(spec.route?.only, names),
  };
}

type ApprovalSpec = NonNullable<NonNullable<TransformSpec["tools"]>["requireApproval"]>;

function compileApproval({ by, ttl }: ApprovalSpec, names: Names): ApprovalDemand {
  return {
    ...(by === undefined ? {} : { by: approversOf(by, names) }),
    ...(ttl === undefined ? {} : { ttl }),
  };
}

function approversOf(by: SubjectsSpec, names: Names): NonNullable<ApprovalDemand["by"]> {
  const fields = Object.entries(by).map(([field, items]) => [
    field,
    namedItems(items, names) ?? [],
  ]);
  return Object.fromEntries(fields);
}
