import { type DecisionInput, type FindingGroup, type Place, places } from "../../domain/index.ts";
import type { CompiledForm } from "../compile/compiled-form.ts";
import { defaultMinConfidence } from "../compile/rule.ts";
import { coversClass, parentOf, Taxonomy } from "../compile/taxonomy.ts";
import { matchClasses } from "../match/match-classes.ts";

type Data = DecisionInput["data"];

const nothing: Data = { status: "ok", findings: [] };
const untold: Data = { status: "timeout", findings: [] };

/**
 * What may have been found, one for each way in which the rules of the given policies tell findings
 * apart: nothing, not looked at to the end, and one finding of each class named, of a parent and of
 * an undeclared child, at and just below each confidence and count that is asked for, in each place.
 */
export function cornerFindings(forms: readonly CompiledForm[]): readonly Data[] {
  const tells = createTells(forms);
  const found = new Map<string, Data>();
  for (const finding of proposals(forms)) {
    const key = tells(finding);
    if (!found.has(key)) found.set(key, { status: "ok", findings: [finding] });
  }
  return [nothing, untold, ...found.values()];
}

function proposals(forms: readonly CompiledForm[]): readonly FindingGroup[] {
  const matchers = forms.flatMap(({ rules }) => rules.flatMap(({ classes }) => classes ?? []));
  const permitted = forms.flatMap(({ rules }) => rules.flatMap((rule) => rule.permitted ?? []));
  const thresholds = [...matchers, ...permitted].map(({ minConfidence }) => minConfidence);
  const confidences = corners([...thresholds, defaultMinConfidence], 0.01).filter(
    (one) => one <= 1,
  );
  const counts = corners(
    matchers.map(({ minCount }) => minCount),
    1,
  );
  // What people write comes first, so that of examples that are alike it is the one shown.
  const inPlaces: readonly Place[] = ["prompt", ...places.filter((place) => place !== "prompt")];
  return classesIn(forms).flatMap((name) =>
    inPlaces.flatMap((place) =>
      [1, ...confidences].flatMap((confidence) =>
        [1, ...counts].map((count) => ({ class: name, in: place, count, confidence })),
      ),
    ),
  );
}

/** Each threshold and the value just below it. */
function corners(thresholds: readonly number[], step: number): readonly number[] {
  const values = [...new Set(thresholds)].flatMap((one) => [one, one - step]);
  return [...new Set(values.map((one) => Math.round(one * 100) / 100))].filter((one) => one > 0);
}

function classesIn(forms: readonly CompiledForm[]): readonly string[] {
  const named = forms.flatMap(({ rules, models, classes, tenants }) => [
    ...rules.flatMap((rule) => [
      ...(rule.classes?.anyOf ?? []),
      ...(rule.permitted?.classes ?? []),
      ...rule.redactedClasses,
    ]),
    ...models.flatMap(({ permitted }) => permitted ?? []),
    ...[...classes, ...Object.values(tenants).flatMap((tenant) => tenant.classes)].map(
      ({ id }) => id,
    ),
  ]);
  const distinct = [...new Set(named)].sort();
  const parents = distinct.map(parentOf).filter((name) => name !== "");
  const children = distinct.map((name) => `${name}.undeclared`);
  return [...new Set([...distinct, ...children, ...parents, "undeclared"])];
}

/** Everything about a finding that a decision could turn on, as one text. */
function createTells(forms: readonly CompiledForm[]): (finding: FindingGroup) => string {
  const asked = forms.flatMap((form) => {
    const taxonomies = [
      new Taxonomy(form.classes),
      ...Object.values(form.tenants).map(
        (tenant) => new Taxonomy([...form.classes, ...tenant.classes]),
      ),
    ];
    return [
      ...taxonomies.map(
        (taxonomy) => (finding: FindingGroup) => taxonomy.sensitivityOf(finding.class),
      ),
      ...distinct(form.rules.flatMap(({ classes }) => classes ?? [])).map(
        (matcher) => (finding: FindingGroup) =>
          matchClasses(matcher, { status: "ok", findings: [finding] }) ?? "-",
      ),
      ...distinct(form.rules.flatMap(({ permitted }) => permitted ?? [])).map(
        ({ classes, minConfidence }) =>
          (finding: FindingGroup) =>
            finding.confidence < minConfidence || coversClass(classes, finding.class),
      ),
      ...distinct(
        form.rules.flatMap(({ redactedClasses: classes, redaction }) =>
          redaction === undefined ? [] : [{ classes, in: redaction.in }],
        ),
      ).map(
        (redacted) => (finding: FindingGroup) =>
          coversClass(redacted.classes, finding.class) &&
          (redacted.in?.includes(finding.in) ?? true),
      ),
      ...distinct(form.models.flatMap(({ permitted }) => permitted ?? [])).map(
        (name) => (finding: FindingGroup) => coversClass([name], finding.class),
      ),
    ];
  });
  return (finding) => {
    const isSure = finding.confidence >= defaultMinConfidence;
    const side = finding.in === "response";
    return JSON.stringify([isSure, side, ...asked.map((ask) => ask(finding))]);
  };
}

function distinct<Item>(items: readonly Item[]): readonly Item[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}
