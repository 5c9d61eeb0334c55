import { nearestName, type Problem } from "../base/index.ts";
import { aliasIn, writtenRules } from "./compile-rules.ts";
import {
  type DocumentOfKind,
  documentsOf,
  type PolicyDocument,
  platformNamespace,
} from "./document.ts";
import { modelsOf, VisibleModels } from "./model-catalog.ts";
import type { Container } from "./placed-tree.ts";
import { placeProblem, type Spot } from "./place-problem.ts";
import { builtInSensitivity, isDeclaredClass } from "./taxonomy.ts";

/** Finds names that nothing declares: E02 (policy-model 11). */
export function findUnknownReferences(documents: readonly PolicyDocument[]): readonly Problem[] {
  const declared = new Declared(documents);
  return [
    ...documentsOf(documents, "Policy").flatMap((policy) => [
      ...attachment(policy, declared),
      ...writtenRules(policy).flatMap(({ spec }) => [
        ...modelNames(policy, spec.models, declared),
        ...classNames(policy, spec.dataClasses?.anyOf),
        ...classNames(policy, spec.dataClasses?.permitted),
        ...classNames(policy, spec.redact?.classes),
      ]),
    ]),
    ...documentsOf(documents, "ModelCatalog").flatMap((catalog) =>
      (catalog.spec.models ?? []).flatMap(({ permitted }) => classNames(catalog, permitted)),
    ),
  ];
}

/** What documents may refer to. */
class Declared {
  readonly tenants: ReadonlySet<string>;
  readonly #apps = new Map<string, Set<string>>();
  readonly #catalogs: readonly DocumentOfKind<"ModelCatalog">[];
  readonly #visible = new Map<string, VisibleModels>();

  constructor(documents: readonly PolicyDocument[]) {
    this.tenants = new Set(documentsOf(documents, "Tenant").map(({ metadata }) => metadata.name));
    this.#catalogs = documentsOf(documents, "ModelCatalog");
    for (const { metadata, source } of documentsOf(documents, "App")) {
      const apps = this.#apps.get(source.namespace) ?? new Set<string>();
      this.#apps.set(source.namespace, apps.add(metadata.name));
    }
  }

  appsOf(tenant: string): ReadonlySet<string> {
    return this.#apps.get(tenant) ?? new Set();
  }

  visibleTo(namespace: string): VisibleModels {
    let visible = this.#visible.get(namespace);
    if (visible === undefined) {
      visible = new VisibleModels(modelsOf(this.#catalogs), namespace);
      this.#visible.set(namespace, visible);
    }
    return visible;
  }

  /** False: an entry with problems was left out, so a missing model may well be there. */
  knowsModelsOf(namespace: string): boolean {
    return this.#catalogs
      .filter(({ source }) => [platformNamespace, namespace].includes(source.namespace))
      .every(({ isWhole }) => isWhole);
  }
}

function attachment(policy: DocumentOfKind<"Policy">, declared: Declared): readonly Problem[] {
  const { attach } = policy.spec;
  const { namespace } = policy.source;
  const isPlatform = namespace === platformNamespace;
  const problems: Problem[] = [];
  const tenant = isPlatform ? attach.tenant : namespace;
  if (isPlatform && tenant !== undefined && !declared.tenants.has(tenant)) {
    const text = unknown({ what: "tenant", name: tenant, known: declared.tenants });
    problems.push(placeProblem(policy, { value: "tenant", of: attach }, text));
  } else if (attach.app !== undefined && tenant !== undefined && declared.tenants.has(tenant)) {
    const known = declared.appsOf(tenant);
    if (!known.has(attach.app)) {
      const text = unknown({ what: "app", name: attach.app, known });
      problems.push(placeProblem(policy, { value: "app", of: attach }, text));
    }
  }
  // A model outside the own namespace is a problem of its own, E06.
  const isOwn = isPlatform || attach.model?.startsWith(`${namespace}/`);
  if (attach.model !== undefined && isOwn && declared.knowsModelsOf(namespace)) {
    const spot = { value: "model", of: attach } as const;
    problems.push(...modelId(policy, { id: attach.model, spot }, declared.visibleTo(namespace)));
  }
  return problems;
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
  const { namespace } = policy.source;
  if (models === undefined || !declared.knowsModelsOf(namespace)) return [];
  const visible = declared.visibleTo(namespace);
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
): readonly Problem[] {
  return items(classes)
    .filter(({ name }) => !isDeclaredClass(name))
    .map(({ name, spot }) => {
      const [family = name] = name.split(".");
      const known = builtInSensitivity.keys();
      const text = unknown({ what: "data class", name: family, known });
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
    "Use a built-in class or one below it: pii, pci, financial, phi, secret and others.",
};

function unknown({ what, name, known }: UnknownName) {
  const nearest = nearestName(name, known);
  return {
    code: "E02" as const,
    message: `nothing declares the ${what} \`${name}\``,
    hint: nearest === undefined ? whereDeclared[what] : `Did you mean \`${nearest}\`?`,
  };
}
