import { type DocumentOfKind, platformNamespace } from "../documents/document.ts";
import type { ModelSpec } from "../documents/schema.ts";

/** One model as its catalog describes it, defaults filled in. Lists are sorted. */
export interface Model {
  readonly id: string;
  readonly namespace: string;
  readonly provider: string;
  readonly family: string | undefined;
  /** The model's name as its provider knows it. */
  readonly upstreamName: string;
  readonly aliases: readonly string[];
  readonly regions: readonly string[];
  readonly deployment: string;
  readonly tags: readonly string[];
  readonly retention: string | undefined;
  readonly status: string;
  readonly isActive: boolean;
  /** Classes that may be left for this model; undefined: any (policy-model 5.1 step 8). */
  readonly permitted: readonly string[] | undefined;
  /** In dollars per token; a part that is not stated is absent. */
  readonly price: { readonly input?: number; readonly output?: number } | undefined;
}

/** Fills in what policy-model 2.1 says an entry means when it leaves a field out. */
export function toModel(namespace: string, spec: ModelSpec): Model {
  const slash = spec.id.indexOf("/");
  return {
    id: spec.id,
    namespace,
    provider: spec.provider ?? spec.id.slice(0, slash),
    family: spec.family,
    upstreamName: spec.upstreamName ?? spec.id.slice(slash + 1),
    aliases: sortedUnique(spec.aliases),
    regions: sortedUnique(spec.regions),
    deployment: spec.deployment ?? "vendor",
    tags: sortedUnique(spec.tags),
    retention: spec.retention,
    status: spec.status ?? "active",
    isActive: (spec.status ?? "active") === "active",
    permitted: spec.permitted && sortedUnique(spec.permitted),
    price: spec.price,
  };
}

/** The models of all catalogs, sorted by id. */
export function modelsOf(catalogs: readonly DocumentOfKind<"ModelCatalog">[]): readonly Model[] {
  return catalogs
    .flatMap(({ metadata, spec }) =>
      (spec.models ?? []).map((model) => toModel(metadata.namespace, model)),
    )
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** What a model string on the wire stands for. */
export type ModelChoice =
  | { readonly kind: "named"; readonly model: Model }
  /** Members of an alias, sorted by id. */
  | { readonly kind: "alias"; readonly members: readonly Model[] };

/** The models one namespace may name: the platform's and its own. */
export class VisibleModels {
  readonly #byId = new Map<string, Model>();
  readonly #byAlias = new Map<string, Model[]>();
  /** By the part of the id behind the provider; null where several models share it. */
  readonly #byName = new Map<string, Model | null>();

  /** `models` are all there are, sorted by id. */
  constructor(models: readonly Model[], namespace: string) {
    for (const model of models) {
      if (model.namespace !== platformNamespace && model.namespace !== namespace) continue;
      this.#byId.set(model.id, model);
      const name = model.id.slice(model.id.indexOf("/") + 1);
      this.#byName.set(name, this.#byName.has(name) ? null : model);
      for (const alias of model.aliases) {
        const members = this.#byAlias.get(alias);
        if (members === undefined) this.#byAlias.set(alias, [model]);
        else members.push(model);
      }
    }
  }

  byId(id: string): Model | undefined {
    return this.#byId.get(id);
  }

  membersOf(alias: string): readonly Model[] {
    return this.#byAlias.get(alias) ?? [];
  }

  get ids(): Iterable<string> {
    return this.#byId.keys();
  }

  get aliases(): Iterable<string> {
    return this.#byAlias.keys();
  }

  get providers(): ReadonlySet<string> {
    return new Set([...this.#byId.values()].map(({ provider }) => provider));
  }

  /** An id, else an alias, else the name of exactly one model (policy-model 2.1). */
  choose(wireName: string): ModelChoice | undefined {
    const model = this.#byId.get(wireName);
    if (model !== undefined) return { kind: "named", model };
    const members = this.#byAlias.get(wireName);
    if (members !== undefined) return { kind: "alias", members };
    const named = this.#byName.get(wireName);
    return named ? { kind: "named", model: named } : undefined;
  }
}

function sortedUnique(list: readonly string[] | undefined): readonly string[] {
  return [...new Set(list)].sort();
}
