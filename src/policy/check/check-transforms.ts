import type { Problem } from "../../base/index.ts";
import type { PolicyDocument } from "../documents/document.ts";
import { placeProblem } from "../documents/place-problem.ts";
import type { RuleSpec, TransformSpec } from "../documents/rule-schema.ts";

/** Finds transform rules that ask for nothing, or for what cannot be: E01 (policy-model 3). */
export function findTransformProblems(
  document: PolicyDocument,
  rule: RuleSpec,
): readonly Problem[] {
  if (rule.effect !== "transform") return [];
  const { transform } = rule;
  if (transform === undefined) {
    // A rule may stand for its quotas alone (policy-model 3).
    if (rule.quota !== undefined) return [];
    return [
      placeProblem(
        document,
        { value: "effect", of: rule },
        {
          code: "E01",
          message: "a transform rule lacks `transform`",
          hint: "Add `transform: { params: { maxTokens: { max: 1024 } } }`, or what else it asks for.",
        },
      ),
    ];
  }
  return [
    ...nothingAsked(document, rule, transform),
    ...bounds(document, transform),
    ...approval(document, rule, transform),
  ];
}

function nothingAsked(
  document: PolicyDocument,
  rule: RuleSpec,
  transform: TransformSpec,
): readonly Problem[] {
  const parts = Object.entries(transform);
  if (parts.length === 0) {
    return [
      placeProblem(
        document,
        { value: "transform", of: rule },
        {
          code: "E01",
          message: "`transform` asks for nothing",
          hint: "Add what is to be changed, or remove the rule.",
        },
      ),
    ];
  }
  return parts
    .filter(([, part]) => Object.keys(part).length === 0)
    .map(([name]) =>
      placeProblem(
        document,
        { value: name, of: transform },
        {
          code: "E01",
          message: `\`${name}\` asks for nothing`,
          hint: "Add what is to be changed, or remove it.",
        },
      ),
    );
}

type Bound = NonNullable<TransformSpec["params"]>[string];

function bounds(document: PolicyDocument, { params = {} }: TransformSpec): readonly Problem[] {
  return Object.entries(params).flatMap(([name, bound]) => {
    const wrong = contradictionIn(bound);
    if (wrong === undefined) return [];
    return [
      placeProblem(
        document,
        { value: name, of: params },
        {
          code: "E01",
          message: `\`${name}\` ${wrong}`,
          hint: "Write `max`, `min` or `value` so that one number fits all of them.",
        },
      ),
    ];
  });
}

function contradictionIn({ max, min, value }: Bound): string | undefined {
  if (max === undefined && min === undefined && value === undefined) return "says no bound";
  if (max !== undefined && min !== undefined && min > max) {
    return `has a \`min\` of ${min} above its \`max\` of ${max}`;
  }
  if (value === undefined || (max === undefined && min === undefined)) return undefined;
  if (typeof value !== "number")
    return `is ${value}, which is no number that bounds could hold for`;
  const isWithin = value <= (max ?? value) && value >= (min ?? value);
  return isWithin ? undefined : `has a \`value\` of ${value} outside its own bounds`;
}

/** Nothing but a call can be approved (policy-model 5.1 step 9). */
function approval(
  document: PolicyDocument,
  rule: RuleSpec,
  { tools }: TransformSpec,
): readonly Problem[] {
  if (tools?.requireApproval === undefined) return [];
  const isCallsOnly = rule.actions?.every((action) => action === "tool.call") ?? false;
  if (isCallsOnly) return [];
  return [
    placeProblem(
      document,
      { key: "requireApproval", of: tools },
      {
        code: "E01",
        message: "`requireApproval` is about tool calls, and this rule is about other actions too",
        hint: "Write `actions: [tool.call]`.",
      },
    ),
  ];
}
