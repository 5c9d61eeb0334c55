import type { Problem } from "../../base/index.ts";
import type { Rule } from "../compile/rule.ts";
import { coversClass } from "../compile/taxonomy.ts";
import { documentsOf } from "../documents/document.ts";
import { matchModel } from "../match/match-model.ts";
import { type Coverage, runPolicyTests, type TestRun } from "../policy-tests/index.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Analysis } from "./analysis.ts";
import { warnAt } from "./rule-sites.ts";

/**
 * Finds what no test reaches, W16 (policy-model 11): rules that never hold in one, conditions that are
 * never true or never false in one, models and classes that neither rules nor tests speak of. Where
 * there are no tests it says nothing: whoever wants none needs no warning for each rule.
 */
export function findUntested(analysis: Analysis, snapshot: Snapshot): readonly Problem[] {
  const { documents } = analysis.policies;
  if (documentsOf(documents, "PolicyTest").length === 0) return [];
  const run = runPolicyTests(snapshot, documents);
  const rules = uniqueByName(analysis.policies.form.rules);
  return [
    ...rules.flatMap((rule) => findUntestedRule(rule, run.coverage, analysis)),
    ...findUnmentionedModels(analysis, run),
    ...findUnmentionedClasses(analysis),
  ];
}

/** Coverage is counted by name, so both versions of a ramped rule are one here. */
function uniqueByName(rules: readonly Rule[]): readonly Rule[] {
  return [...new Map(rules.map((rule) => [rule.name, rule])).values()];
}

function findUntestedRule(
  rule: Rule,
  { rules, conditions }: Coverage,
  { sites }: Analysis,
): readonly Problem[] {
  const holds = rules[rule.name]?.T ?? 0;
  // Shadow rules are not in force, and coverage counts what is.
  if (rule.isShadow) return [];
  if (holds === 0) {
    return sites.warn(rule, {
      code: "W16",
      message: `no test reaches a request for which \`${rule.name}\` holds`,
      hint: "Add a case to a PolicyTest, or remove the rule.",
    });
  }
  const site = sites.of(rule);
  return rule.conditions.flatMap(({ name }) => {
    const { T = 0, F = 0 } = conditions[`${rule.name}#${name}`] ?? {};
    const written = site?.spec.conditions?.find((one) => one.name === name);
    const missing = [...(T === 0 ? ["true"] : []), ...(F === 0 ? ["false"] : [])];
    if (missing.length === 0 || site === undefined || written === undefined) return [];
    const text = {
      code: "W16",
      message: `in no test is the condition \`${name}\` ${missing.join(" or ")}`,
      hint: "Add a case to a PolicyTest in which it is.",
    } as const;
    return [warnAt(site.document, { value: "name", of: written }, text)];
  });
}

function findUnmentionedModels(
  { policies: { form, documents } }: Analysis,
  { cases }: TestRun,
): readonly Problem[] {
  const routed = form.rules.flatMap(({ route, transform }) => [
    ...(route?.prefer ?? []),
    ...(route?.fallback ?? []),
    ...(transform?.routeOnly ?? []),
  ]);
  const asked = cases.flatMap(({ input, decision }) => [input.model, decision.model.used]);
  const known = new Set<unknown>([...routed, ...asked]);
  const unmentioned = new Set(
    form.models
      .filter((model) => !known.has(model.id) && !form.rules.some((rule) => speaksOf(rule, model)))
      .map(({ id }) => id),
  );
  return documentsOf(documents, "ModelCatalog").flatMap((catalog) =>
    (catalog.spec.models ?? [])
      .filter(({ id }) => unmentioned.has(id))
      .map((model) =>
        warnAt(
          catalog,
          { value: "id", of: model },
          {
            code: "W16",
            message: `neither a rule nor a test speaks of the model \`${model.id}\``,
            hint: "Permit it, test that it is denied, or take it out of the catalog.",
          },
        ),
      ),
  );
}

/** A permit without `models` is about all of them. */
function speaksOf(rule: Rule, model: Parameters<typeof matchModel>[1]): boolean {
  if (rule.model !== undefined) return rule.model === model?.id;
  if (rule.models === undefined) return rule.effect === "allow";
  return matchModel(rule.models, model) !== undefined;
}

function findUnmentionedClasses({ policies: { form, documents } }: Analysis): readonly Problem[] {
  const named = [
    ...form.rules.flatMap(({ classes, permitted, redactedClasses }) => [
      ...(classes?.anyOf ?? []),
      ...(permitted?.classes ?? []),
      ...redactedClasses,
    ]),
    ...form.models.flatMap(({ permitted }) => permitted ?? []),
  ];
  return documentsOf(documents, "DataClass").flatMap((document) =>
    (document.spec.classes ?? [])
      .filter(({ id }) => !coversClass(named, id) && !named.some((name) => coversClass([id], name)))
      .map((declared) =>
        warnAt(
          document,
          { value: "id", of: declared },
          {
            code: "W16",
            message: `no rule speaks of the class \`${declared.id}\` or of one it belongs to`,
            hint: "Write a rule for it, or take it out.",
          },
        ),
      ),
  );
}
