import type { Problem } from "../../base/index.ts";
import type { Block } from "../compile/rule.ts";
import type { PolicyDocument } from "../documents/document.ts";
import { placeProblem, type Spot } from "../documents/place-problem.ts";
import type { ClassMatcherSpec, PermitSpec, RuleSpec } from "../documents/rule-schema.ts";
import { findTransformProblems } from "./check-transforms.ts";

/** Where a rule stands: a block of a policy, or `restrict` of an Incident. */
type Home = Block | "restrict";

/** Finds fields of one rule that do not fit each other: E01, and E07 for conditions of one name. */
export function findRuleFieldProblems(
  document: PolicyDocument,
  rule: RuleSpec,
  home: Home,
): readonly Problem[] {
  return [
    ...fieldsOfOtherEffects(document, rule),
    ...redaction(document, rule),
    ...findTransformProblems(document, rule),
    ...excludeField(document, rule),
    ...classFields(document, rule),
    ...failOpen(document, rule, home),
    ...replacing(document, rule, home),
    ...conditionNames(document, rule),
  ];
}

/** As `findRuleFieldProblems`, for one permit of a Grant or an Incident: an allow rule. */
export function findPermitFieldProblems(
  document: PolicyDocument,
  permit: PermitSpec,
): readonly Problem[] {
  const { dataClasses } = permit;
  const shorthand = (["redacted", "denied"] as const)
    .filter((field) => dataClasses?.[field] !== undefined)
    .map((field) =>
      placeProblem(
        document,
        { key: field, of: dataClasses ?? permit },
        {
          code: "E01",
          message: `a permit takes no \`${field}\``,
          hint: "A permit only allows; write the restriction as a rule of a Policy.",
        },
      ),
    );
  if (shorthand.length > 0) return [...shorthand, ...conditionNames(document, permit)];
  return [
    ...classFields(document, { ...permit, effect: "allow", of: permit }),
    ...conditionNames(document, permit),
  ];
}

interface OwnField {
  readonly effects: readonly RuleSpec["effect"][];
  readonly hint: string;
}

/** Fields that only some effects carry out (policy-model 3). */
const ownFields: Readonly<Record<"redact" | "transform" | "route" | "quota", OwnField>> = {
  redact: {
    effects: ["redact"],
    hint: "Remove it, or write a rule of its own with `effect: redact`.",
  },
  transform: {
    effects: ["transform"],
    hint: "Remove it, or write a rule of its own with `effect: transform`.",
  },
  route: {
    effects: ["allow"],
    hint: "Move it to the allow rule, or write `transform: { route: { only: [...] } }`.",
  },
  quota: {
    effects: ["allow", "transform"],
    hint: "Move it to an allow rule, or write a rule of its own with `effect: transform`.",
  },
};

function fieldsOfOtherEffects(document: PolicyDocument, rule: RuleSpec): readonly Problem[] {
  return (["redact", "transform", "route", "quota"] as const)
    .filter((field) => rule[field] !== undefined && !takes(rule, field))
    .map((field) =>
      placeProblem(
        document,
        { key: field, of: rule },
        {
          code: "E01",
          message: `a rule with effect \`${rule.effect}\` takes no \`${field}\``,
          hint: ownFields[field].hint,
        },
      ),
    );
}

function takes(rule: RuleSpec, field: keyof typeof ownFields): boolean {
  // The shorthand makes a redact rule of its own, which `redact` describes (policy-model 3).
  if (field === "redact" && isShorthand(rule)) return true;
  return ownFields[field].effects.includes(rule.effect);
}

function isShorthand({ effect, dataClasses }: RuleSpec): boolean {
  return effect === "allow" && dataClasses?.redacted !== undefined;
}

function redaction(document: PolicyDocument, rule: RuleSpec): readonly Problem[] {
  const { redact } = rule;
  if (rule.effect === "redact" && redact === undefined) {
    return [
      placeProblem(
        document,
        { value: "effect", of: rule },
        {
          code: "E01",
          message: "a redact rule lacks `redact`",
          hint: "Add `redact: { method: mask, classes: [...] }`.",
        },
      ),
    ];
  }
  if (redact === undefined || !takes(rule, "redact")) return [];
  if (isShorthand(rule) === (redact.classes === undefined)) return [];
  const spot: Spot = isShorthand(rule)
    ? { key: "classes", of: redact }
    : { value: "redact", of: rule };
  return [
    placeProblem(document, spot, {
      code: "E01",
      message: isShorthand(rule)
        ? "`redacted` names the classes already, so `redact` takes no `classes`"
        : "`redact` lacks `classes`",
      hint: isShorthand(rule) ? "Remove it." : "Add `classes:` with what is to be redacted.",
    }),
  ];
}

function excludeField(document: PolicyDocument, rule: RuleSpec): readonly Problem[] {
  const { exclude } = rule;
  if (exclude === undefined) return [];
  if (rule.effect === "allow") {
    return [
      placeProblem(
        document,
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
      document,
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

interface ClassRule {
  readonly effect: RuleSpec["effect"];
  readonly dataClasses?: ClassMatcherSpec;
  /** What is written, where it is not this object itself. */
  readonly of?: object;
}

function classFields(document: PolicyDocument, rule: ClassRule): readonly Problem[] {
  const { dataClasses, effect } = rule;
  if (dataClasses === undefined) return [];
  const surplus = surplusClassField(effect, dataClasses);
  if (surplus !== undefined) {
    const { field, ...text } = surplus;
    return [placeProblem(document, { key: field, of: dataClasses }, { code: "E01", ...text })];
  }
  if (dataClasses.anyOf !== undefined || dataClasses.permitted !== undefined) return [];
  return [
    placeProblem(
      document,
      { key: "dataClasses", of: rule.of ?? rule },
      {
        code: "E01",
        message: `\`dataClasses\` lacks ${lackingField(effect, dataClasses)}`,
        hint: "Name the classes the rule is about, or remove `dataClasses`.",
      },
    ),
  ];
}

function lackingField(effect: RuleSpec["effect"], dataClasses: ClassMatcherSpec): string {
  if (effect !== "allow") return "`anyOf`";
  const isShort = dataClasses.redacted !== undefined || dataClasses.denied !== undefined;
  return isShort ? "`permitted`" : "`anyOf` or `permitted`";
}

/** A field of `dataClasses` that this effect, or another field, leaves no room for. */
function surplusClassField(effect: RuleSpec["effect"], dataClasses: ClassMatcherSpec) {
  const written = (["permitted", "redacted", "denied"] as const).filter(
    (field) => dataClasses[field] !== undefined,
  );
  const [first] = written;
  if (first === undefined) return undefined;
  if (effect !== "allow") {
    return {
      field: first,
      message: `a rule with effect \`${effect}\` takes no \`${first}\``,
      hint: "Write `anyOf` to name what the rule is about.",
    };
  }
  const short = written.find((field) => field !== "permitted");
  if (short === undefined || dataClasses.anyOf === undefined) return undefined;
  return {
    field: short,
    message: `\`${short}\` does not stand beside \`anyOf\``,
    hint: "Remove `anyOf`, or write the restriction as a rule of its own.",
  };
}

function failOpen(document: PolicyDocument, rule: RuleSpec, home: Home): readonly Problem[] {
  if (rule.onError !== "FailOpen" || (home === "defaults" && rule.effect !== "allow")) return [];
  return [
    placeProblem(
      document,
      { value: "onError", of: rule },
      {
        code: "E01",
        message:
          rule.effect === "allow"
            ? "an allow rule takes no `onError: FailOpen`; in error it does not permit"
            : `only restrictive rules of \`defaults\` may fail open, and this one stands in \`${home}\``,
        hint: "Remove it, so that an error restricts; or move the rule to `defaults`.",
      },
    ),
  ];
}

function replacing(document: PolicyDocument, rule: RuleSpec, home: Home): readonly Problem[] {
  if (rule.replaces === undefined || home !== "restrict") return [];
  return [
    placeProblem(
      document,
      { key: "replaces", of: rule },
      {
        code: "E01",
        message: "a rule of an Incident takes no `replaces`",
        hint: "Lift the other rule under `relax`, and write this one without it.",
      },
    ),
  ];
}

function conditionNames(
  document: PolicyDocument,
  { conditions = [] }: Pick<RuleSpec, "conditions">,
): readonly Problem[] {
  return conditions
    .filter((one, index) => conditions.findIndex(({ name }) => name === one.name) !== index)
    .map((one) =>
      placeProblem(
        document,
        { value: "name", of: one },
        {
          code: "E07",
          message: `two conditions of this rule have the name \`${one.name}\``,
          hint: "Rename one of them; explanations point at conditions by name.",
        },
      ),
    );
}
