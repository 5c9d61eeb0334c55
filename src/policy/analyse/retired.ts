import type { Problem } from "../../base/index.ts";
import type { Rule } from "../compile/rule.ts";
import { type DocumentOfKind, documentsOf } from "../documents/document.ts";
import type { ModelSpec } from "../documents/schema.ts";
import type { Analysis } from "./analysis.ts";
import { warnAt } from "./rule-sites.ts";

/**
 * Finds models that are out of service and still named, and those in service after the day they were
 * to retire, by the rules and aliases that still name them: W17 (policy-model 11). `nowMs` are
 * milliseconds since the epoch; without it no day has come.
 */
export function findRetired(analysis: Analysis, nowMs: number | undefined): readonly Problem[] {
  return [
    ...findOutOfService(analysis),
    ...(nowMs === undefined ? [] : findPastTheirDay(analysis, nowMs)),
  ];
}

function findOutOfService({ policies: { form }, sites }: Analysis): readonly Problem[] {
  const retired = new Map(
    form.models.filter(({ isActive }) => !isActive).map(({ id, status }) => [id, status]),
  );
  if (retired.size === 0) return [];
  return form.rules.flatMap((rule) =>
    modelsNamedBy(rule)
      .filter((id) => retired.has(id))
      .flatMap((id) =>
        sites.warn(rule, {
          code: "W17",
          message: `names \`${id}\`, which is out of service: its status is \`${retired.get(id)}\``,
          hint: "Name another model, or take this one out.",
        }),
      ),
  );
}

/** What is out of service already goes nowhere, so its day does not matter any more. */
function findPastTheirDay(analysis: Analysis, nowMs: number): readonly Problem[] {
  return documentsOf(analysis.policies.documents, "ModelCatalog").flatMap((catalog) =>
    (catalog.spec.models ?? [])
      .filter(
        ({ retiresOn, status = "active" }) => status === "active" && hasCome(retiresOn, nowMs),
      )
      .flatMap((model) => {
        const named = [...rulesThatName(model, analysis), ...aliasesThatLeadTo(model, catalog)];
        return named.length > 0 ? named : [stillInService(model, catalog)];
      }),
  );
}

function hasCome(day: string | undefined, nowMs: number): boolean {
  return day !== undefined && Date.parse(day) <= nowMs;
}

function rulesThatName(model: ModelSpec, { policies: { form }, sites }: Analysis) {
  return form.rules
    .filter((rule) => modelsNamedBy(rule).includes(model.id))
    .flatMap((rule) =>
      sites.warn(rule, {
        code: "W17",
        message: `names \`${model.id}\`, which was to retire on ${model.retiresOn}`,
        hint: "Name another model, or correct the day in the catalog.",
      }),
    );
}

function aliasesThatLeadTo(model: ModelSpec, catalog: DocumentOfKind<"ModelCatalog">) {
  const { aliases = [] } = model;
  return aliases.map((alias, index) =>
    warnAt(
      catalog,
      { value: index, of: aliases },
      {
        code: "W17",
        message: `the alias \`${alias}\` leads to \`${model.id}\`, which was to retire on ${model.retiresOn}`,
        hint: "Take the model out of the alias, or correct the day.",
      },
    ),
  );
}

function stillInService(model: ModelSpec, catalog: DocumentOfKind<"ModelCatalog">): Problem {
  return warnAt(
    catalog,
    { value: "retiresOn", of: model },
    {
      code: "W17",
      message: `\`${model.id}\` was to retire on that day and is still in service`,
      hint: "Write `status: retired`, or correct the day.",
    },
  );
}

/** By their ids; patterns and aliases are meant to outlive single models. */
function modelsNamedBy({ effect, models, route, transform }: Rule): readonly string[] {
  return [
    ...new Set([
      // A restriction of a model that is gone does no harm should it come back.
      ...(effect === "allow" ? (models?.ids ?? []) : []),
      ...(route?.prefer ?? []),
      ...(route?.fallback ?? []),
      ...(transform?.routeOnly ?? []),
    ]),
  ];
}
