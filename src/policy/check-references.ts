import { nearestName, type Problem } from "../base/index.ts";
import { aliasIn, writtenRules } from "./compile-rules.ts";
import { declaredClassesOf } from "./declared-classes.ts";
import {
  type DocumentOfKind,
  documentsOf,
  type NamespaceView,
  type PolicyDocument,
  platformNamespace,
  visibleDocuments,
} from "./document.ts";
import { modelsOf, VisibleModels } from "./model-catalog.ts";
import { placeProblem, type Spot } from "./place-problem.ts";
import type { Container } from "./placed-tree.ts";
import { Taxonomy } from "./taxonomy.ts";

/** Finds names that nothing declares: E02 (policy-model 11). */
export function findUnknownReferences(view: NamespaceView): readonly Problem[] {
  const declared = new Declared(view);
  const { own, platform } = view;
  return [
    ...documentsOf(own, "Policy").flatMap((policy) => [
      ...attachment(policy, declared),
      ...writtenRules(policy).flatMap(({ spec }) => [
        ...modelNames(policy, spec.models, declared),
        ...classNames(policy, spec.dataClasses?.anyOf, declared),
        ...classNames(policy, spec.dataClasses?.permitted, declared),
        ...classNames(policy, spec.redact?.classes, declared),
      ]),
    ]),
    ...(declared.isPlatform ? [] : documentsOf(platform, "Policy")).flatMap((policy) =>
      // Its own folder declares an app, so it is the tenant that does not load without it.
      policy.spec.attach.tenant === view.namespace ? attachedApp(policy, declared) : [],
    ),
    ...documentsOf(own, "ModelCatalog").flatMap((catalog) =>
      (catalog.spec.models ?? []).flatMap(({ permitted }) =>
        classNames(catalog, permitted, declared),
      ),
    ),
  ];
}

/** What the documents of one namespace may refer to. */
class Declared {
  readonly isPlatform: boolean;
  readonly tenants: ReadonlySet<string>;
  readonly apps: ReadonlySet<string>;
  readonly models: VisibleModels;
  readonly taxonomy: Taxonomy;
  /** False: an entry with problems was left out, so a missing model may well be there. */
  readonly knowsAllModels: boolean;
  readonly knowsAllClasses: boolean;

  constructor(view: NamespaceView) {
    const visible = visibleDocuments(view);
    const catalogs = documentsOf(visible, "ModelCatalog");
    const classes = documentsOf(visible, "DataClass");
    this.isPlatform = view.namespace === platformNamespace;
    this.tenants = namesOf(documentsOf(view.platform, "Tenant"));
    this.apps = namesOf(documentsOf(view.own, "App"));
    this.models = new VisibleModels(modelsOf(catalogs), view.namespace);
    this.taxonomy = new Taxonomy(declaredClassesOf(classes));
    this.knowsAllModels = catalogs.every(({ isWhole }) => isWhole);
    this.knowsAllClasses = classes.every(({ isWhole }) => isWhole);
  }
}

function namesOf(documents: readonly PolicyDocument[]): ReadonlySet<string> {
  return new Set(documents.map(({ metadata }) => metadata.name));
}

function attachment(policy: DocumentOfKind<"Policy">, declared: Declared): readonly Problem[] {
  const { attach } = policy.spec;
  const problems: Problem[] = [];
  const { tenant } = attach;
  if (!declared.isPlatform) {
    problems.push(...attachedApp(policy, declared));
  } else if (tenant !== undefined && !declared.tenants.has(tenant)) {
    const text = unknown({ what: "tenant", name: tenant, known: declared.tenants });
    problems.push(placeProblem(policy, { value: "tenant", of: attach }, text));
  }
  // A model outside the own namespace is a problem of its own, E06.
  const isOwn = declared.isPlatform || attach.model?.startsWith(`${policy.source.namespace}/`);
  if (attach.model !== undefined && isOwn && declared.knowsAllModels) {
    const spot = { value: "model", of: attach } as const;
    problems.push(...modelId(policy, { id: attach.model, spot }, declared.models));
  }
  return problems;
}

function attachedApp(policy: DocumentOfKind<"Policy">, { apps }: Declared): readonly Problem[] {
  const { attach } = policy.spec;
  if (attach.app === undefined || apps.has(attach.app)) return [];
  const text = unknown({ what: "app", name: attach.app, known: apps });
  return [placeProblem(policy, { value: "app", of: attach }, text)];
}

interface ModelNames {
  readonly ids?: readonly string[];
  readonly providers?: readonly string[];
}

function modelNames(
  policy: PolicyDocument,
  models: ModelNames | undefined,
  declared: Declared,
): readonly Problem[] {
  if (models === undefined || !declared.knowsAllModels) return [];
  const visible = declared.models;
  const ids = items(models.ids).flatMap(({ name, spot }) => {
    const alias = aliasIn(name);
    if (alias === undefined) return modelId(policy, { id: name, spot }, visible);
    if (visible.membersOf(alias).length > 0) return [];
    const text = unknown({ what: "alias", name: alias, known: visible.aliases });
    return [placeProblem(policy, spot, text)];
  });
  const { providers } = visible;
  const unlisted = items(models.providers)
    .filter(({ name }) => !name.endsWith("*") && !providers.has(name))
    .map(({ name, spot }) =>
      placeProblem(policy, spot, unknown({ what: "provider", name, known: providers })),
    );
  return [...ids, ...unlisted];
}

function modelId(
  document: PolicyDocument,
  { id, spot }: { readonly id: string; readonly spot: Spot },
  visible: VisibleModels,
): readonly Problem[] {
  if (id.endsWith("*") || visible.byId(id) !== undefined) return [];
  return [placeProblem(document, spot, unknown({ what: "model", name: id, known: visible.ids }))];
}

function classNames(
  document: PolicyDocument,
  classes: readonly string[] | undefined,
  { taxonomy, knowsAllClasses }: Declared,
): readonly Problem[] {
  if (!knowsAllClasses) return [];
  return items(classes)
    .filter(({ name }) => !taxonomy.knows(name))
    .map(({ name, spot }) => {
      const [family = name] = name.split(".");
      const text = unknown({ what: "data class", name: family, known: taxonomy.ids });
      return placeProblem(document, spot, text);
    });
}

/** The items of a list with where each stands. */
function items(list: (readonly string[] & Container) | undefined) {
  return (list ?? []).map((name, index) => ({
    name,
    spot: { value: index, of: list ?? [] } satisfies Spot,
  }));
}

interface UnknownName {
  readonly what: "tenant" | "app" | "model" | "alias" | "provider" | "data class";
  readonly name: string;
  readonly known: Iterable<string>;
}

const whereDeclared: Readonly<Record<UnknownName["what"], string>> = {
  tenant: "Add a Tenant document for it to the `platform` folder.",
  app: "Add an App document for it to the tenant's folder.",
  model: "List it in a ModelCatalog, or write a pattern that ends in `*`.",
  alias: "Add it to the `aliases` of a model in a ModelCatalog.",
  provider: "List a model of it in a ModelCatalog, or write a pattern that ends in `*`.",
  "data class":
    "Declare it in a DataClass document, or use pii, pci, financial, phi, secret or one below.",
};

function unknown({ what, name, known }: UnknownName) {
  const nearest = nearestName(name, known);
  return {
    code: "E02" as const,
    message: `nothing declares the ${what} \`${name}\``,
    hint: nearest === undefined ? whereDeclared[what] : `Did you mean \`${nearest}\`?`,
  };
}
