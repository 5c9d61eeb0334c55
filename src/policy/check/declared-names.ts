import type { Type } from "typebox";
import { Value } from "typebox/value";
import { declaredClassesOf } from "../compile/declared-classes.ts";
import { modelsOf, VisibleModels } from "../compile/model-catalog.ts";
import { NamedSets, setIn } from "../compile/named-sets.ts";
import { Taxonomy } from "../compile/taxonomy.ts";
import {
  documentsOf,
  type NamespaceView,
  type PolicyDocument,
  platformNamespace,
  visibleDocuments,
} from "../documents/document.ts";
import type { Spot } from "../documents/place-problem.ts";

/** What the documents of one namespace may refer to. */
export class DeclaredNames {
  readonly isPlatform: boolean;
  readonly namespace: string;
  readonly tenants: ReadonlySet<string>;
  /** Of the namespace itself. */
  readonly apps: ReadonlySet<string>;
  readonly models: VisibleModels;
  readonly tools: ReadonlySet<string>;
  /** Full names. */
  readonly quotas: ReadonlySet<string>;
  readonly taxonomy: Taxonomy;
  readonly sets: NamedSets;
  /** False: an entry with problems was left out, so a missing one may well be there. */
  readonly knowsAll: Readonly<Record<"models" | "tools" | "classes", boolean>>;

  constructor(view: NamespaceView) {
    const visible = visibleDocuments(view);
    const catalogs = documentsOf(visible, "ModelCatalog");
    const tools = documentsOf(visible, "ToolCatalog");
    const classes = documentsOf(visible, "DataClass");
    this.namespace = view.namespace;
    this.isPlatform = view.namespace === platformNamespace;
    this.tenants = namesOf(documentsOf(view.platform, "Tenant"));
    this.apps = namesOf(documentsOf(view.own, "App"));
    this.models = new VisibleModels(modelsOf(catalogs), view.namespace);
    this.tools = new Set(tools.flatMap(({ spec }) => (spec.tools ?? []).map(({ name }) => name)));
    this.quotas = new Set(
      documentsOf(visible, "Quota").map(
        ({ metadata, source }) => `${source.namespace}/${metadata.name}`,
      ),
    );
    this.taxonomy = new Taxonomy(declaredClassesOf(classes));
    this.sets = new NamedSets(visible, view.namespace);
    this.knowsAll = {
      models: catalogs.every(isWhole),
      tools: tools.every(isWhole),
      classes: classes.every(isWhole),
    };
  }

  /** Whether a name, bare or full, is that of a quota in reach (policy-model 2.1). */
  hasQuota(name: string): boolean {
    if (name.includes("/")) return this.quotas.has(name);
    return (
      this.quotas.has(`${this.namespace}/${name}`) ||
      this.quotas.has(`${platformNamespace}/${name}`)
    );
  }

  /**
   * The items of a list with where each stands. A set counts as its items: they stand in the set
   * where it is the namespace's own, else where the set is named, as its author is somebody else.
   * What of a set is not of the form of the list's items is a problem of its own and left out.
   */
  itemsOf(
    document: PolicyDocument,
    list: readonly string[] = [],
    form: Type.TString,
  ): readonly PlacedItem[] {
    return list.flatMap((name, index) => {
      const spot = { value: index, of: list } as const;
      const setName = setIn(name);
      if (setName === undefined) return { document, name, spot };
      const set = this.sets.find(setName);
      const { items = [] } = set?.spec ?? {};
      const isOwn = set?.source.namespace === this.namespace;
      return items.flatMap((item, place) => {
        if (setIn(item) !== undefined || !Value.Check(form, item)) return [];
        return set !== undefined && isOwn
          ? { document: set, name: item, spot: { value: place, of: items } }
          : { document, name: item, spot };
      });
    });
  }
}

/** One name, with the document and the place where it is written. */
export interface PlacedItem {
  readonly document: PolicyDocument;
  readonly name: string;
  readonly spot: Spot;
}

function namesOf(documents: readonly PolicyDocument[]): ReadonlySet<string> {
  return new Set(documents.map(({ metadata }) => metadata.name));
}

function isWhole(document: PolicyDocument): boolean {
  return document.isWhole;
}
