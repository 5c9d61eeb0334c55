import { nearestName, type Problem } from "../../base/index.ts";
import { aliasIn } from "../compile/compile-rules.ts";
import type { PolicyDocument } from "../documents/document.ts";
import { dataClass, modelPattern, pattern } from "../documents/field-schemas.ts";
import { placeProblem } from "../documents/place-problem.ts";
import type { PermitSpec, RuleSpec } from "../documents/rule-schema.ts";
import type { DeclaredNames } from "./declared-names.ts";

/** Unknown names in the matchers and terms of one rule or permit: E02. */
export function matcherNames(
  document: PolicyDocument,
  rule: PermitSpec & Partial<Pick<RuleSpec, "redact" | "transform">>,
  declared: DeclaredNames,
): readonly Problem[] {
  const { dataClasses, models, tools, route, quota, redact, transform } = rule;
  return [
    ...modelNames(document, models, declared),
    ...toolNames(document, tools?.names, declared),
    ...[
      dataClasses?.anyOf,
      dataClasses?.permitted,
      dataClasses?.redacted,
      dataClasses?.denied,
    ].flatMap((classes) => classNames(document, classes, declared)),
    ...classNames(document, redact?.classes, declared),
    ...[route?.prefer, route?.fallback, transform?.route?.only].flatMap((ids) =>
      modelNames(document, { ids }, declared),
    ),
    ...toolNames(document, transform?.tools?.remove, declared),
    ...quotaNames(document, quota, declared),
  ];
}

interface ModelNames {
  readonly ids?: readonly string[] | undefined;
  readonly providers?: readonly string[] | undefined;
}

/** Ids, aliases and providers that no catalog in reach lists; patterns may fit nothing yet. */
export function modelNames(
  document: PolicyDocument,
  models: ModelNames | undefined,
  declared: DeclaredNames,
): readonly Problem[] {
  if (models === undefined || !declared.knowsAll.models) return [];
  const visible = declared.models;
  const ids = declared
    .itemsOf(document, models.ids, modelPattern)
    .flatMap(({ document: at, name, spot }) => {
      const alias = aliasIn(name);
      if (alias !== undefined) {
        if (visible.membersOf(alias).length > 0) return [];
        return placeProblem(
          at,
          spot,
          unknownName({ what: "alias", name: alias, known: visible.aliases }),
        );
      }
      if (name.endsWith("*") || visible.byId(name) !== undefined) return [];
      return placeProblem(at, spot, unknownName({ what: "model", name, known: visible.ids }));
    });
  const { providers } = visible;
  const unlisted = declared
    .itemsOf(document, models.providers, pattern)
    .filter(({ name }) => !name.endsWith("*") && !providers.has(name))
    .map(({ document: at, name, spot }) =>
      placeProblem(at, spot, unknownName({ what: "provider", name, known: providers })),
    );
  return [...ids, ...unlisted];
}

/** Tools that no catalog in reach lists; patterns may fit nothing yet. */
export function toolNames(
  document: PolicyDocument,
  names: readonly string[] | undefined,
  declared: DeclaredNames,
): readonly Problem[] {
  if (!declared.knowsAll.tools) return [];
  return declared
    .itemsOf(document, names, pattern)
    .filter(({ name }) => !name.endsWith("*") && !declared.tools.has(name))
    .map(({ document: at, name, spot }) =>
      placeProblem(at, spot, unknownName({ what: "tool", name, known: declared.tools })),
    );
}

/** Data classes that are neither declared nor below one that is. */
export function classNames(
  document: PolicyDocument,
  classes: readonly string[] | undefined,
  declared: DeclaredNames,
): readonly Problem[] {
  if (!declared.knowsAll.classes) return [];
  const { taxonomy } = declared;
  return declared
    .itemsOf(document, classes, dataClass)
    .filter(({ name }) => !taxonomy.knows(name))
    .map(({ document: at, name, spot }) => {
      const [family = name] = name.split(".");
      const text = unknownName({ what: "data class", name: family, known: taxonomy.ids });
      return placeProblem(at, spot, text);
    });
}

/** Quotas that neither the own namespace nor the platform has. */
export function quotaNames(
  document: PolicyDocument,
  quotas: readonly string[] = [],
  declared: DeclaredNames,
): readonly Problem[] {
  return quotas.flatMap((name, index) => {
    if (declared.hasQuota(name)) return [];
    const bare = [...declared.quotas].map((full) => full.slice(full.indexOf("/") + 1));
    const known = name.includes("/") ? declared.quotas : bare;
    const text = unknownName({ what: "quota", name, known });
    return [placeProblem(document, { value: index, of: quotas }, text)];
  });
}

interface UnknownName {
  readonly what:
    | "tenant"
    | "app"
    | "model"
    | "alias"
    | "provider"
    | "tool"
    | "quota"
    | "policy"
    | "data class"
    | "named set";
  readonly name: string;
  readonly known: Iterable<string>;
}

const whereDeclared: Readonly<Record<UnknownName["what"], string>> = {
  tenant: "Add a Tenant document for it to the `platform` folder.",
  app: "Add an App document for it to the tenant's folder.",
  model: "List it in a ModelCatalog, or write a pattern that ends in `*`.",
  alias: "Add it to the `aliases` of a model in a ModelCatalog.",
  provider: "List a model of it in a ModelCatalog, or write a pattern that ends in `*`.",
  tool: "List it in a ToolCatalog, or write a pattern that ends in `*`.",
  quota: "Add a Quota document of this name here or to the `platform` folder.",
  policy: "Name a Policy of the same folder.",
  "data class":
    "Declare it in a DataClass document, or use pii, pci, financial, phi, secret or one below.",
  "named set": "Add a NamedSet document of this name here or to the `platform` folder.",
};

/** The text of a problem about a name that nothing declares. */
export function unknownName({ what, name, known }: UnknownName) {
  const nearest = nearestName(name, known);
  return {
    code: "E02" as const,
    message: `nothing declares the ${what} \`${name}\``,
    hint: nearest === undefined ? whereDeclared[what] : `Did you mean \`${nearest}\`?`,
  };
}
