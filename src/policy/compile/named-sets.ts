import {
  type DocumentOfKind,
  documentsOf,
  type PolicyDocument,
  platformNamespace,
} from "../documents/document.ts";

const setPrefix = "set:";

/** The set a matcher item names, if it names one (policy-model 2.1). */
export function setIn(item: string): string | undefined {
  return item.startsWith(setPrefix) ? item.slice(setPrefix.length) : undefined;
}

/** The sets one namespace may name: its own and the platform's. */
export class NamedSets {
  readonly #namespace: string;
  readonly #byName = new Map<string, DocumentOfKind<"NamedSet">>();

  /** Sets of other tenants among the documents are not looked at. */
  constructor(documents: readonly PolicyDocument[], namespace: string) {
    this.#namespace = namespace;
    for (const set of documentsOf(documents, "NamedSet")) {
      const { namespace: home } = set.source;
      if (home !== namespace && home !== platformNamespace) continue;
      this.#byName.set(`${home}/${set.metadata.name}`, set);
    }
  }

  /** The set of a name; a bare name means the own namespace, then the platform's. */
  find(name: string): DocumentOfKind<"NamedSet"> | undefined {
    if (name.includes("/")) return this.#byName.get(name);
    return (
      this.#byName.get(`${this.#namespace}/${name}`) ??
      this.#byName.get(`${platformNamespace}/${name}`)
    );
  }

  /**
   * The items of a matcher list with each set replaced by its items. An unknown set gives nothing,
   * and is a problem where documents are checked. What names only empty sets becomes an empty list,
   * which fits nothing.
   */
  expand(items: readonly string[]): readonly string[] {
    return items.flatMap((item) => {
      const name = setIn(item);
      return name === undefined ? item : (this.find(name)?.spec.items ?? []);
    });
  }

  /** The names that may be written, bare. */
  get names(): readonly string[] {
    return [...new Set([...this.#byName.values()].map(({ metadata }) => metadata.name))].sort();
  }
}
