import { type DocumentOfKind, platformNamespace } from "../documents/document.ts";

/** One tool as its catalog describes it, as far as decisions read it. */
export interface Tool {
  /** `<server>/<tool>`. */
  readonly name: string;
  readonly namespace: string;
  readonly risk: string;
}

/** Risk of a tool that no catalog lists, or whose entry does not say (policy-model 3). */
export const unknownRisk = "unknown";

/** The tools of all catalogs, sorted by name. */
export function toolsOf(catalogs: readonly DocumentOfKind<"ToolCatalog">[]): readonly Tool[] {
  return catalogs
    .flatMap(({ metadata: { namespace }, spec }) =>
      (spec.tools ?? []).map(({ name, risk }) => ({ name, namespace, risk: risk ?? unknownRisk })),
    )
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The tools one namespace may name: the platform's and its own. */
export class VisibleTools {
  readonly #byName: ReadonlyMap<string, Tool>;
  /** By the spellings of wire formats that take no slash; undefined where several tools have one. */
  readonly #byWireName = new Map<string, string | undefined>();

  constructor(tools: readonly Tool[], namespace: string) {
    this.#byName = new Map(
      tools
        .filter((tool) => tool.namespace === platformNamespace || tool.namespace === namespace)
        .map((tool) => [tool.name, tool]),
    );
    for (const name of this.#byName.keys()) {
      for (const spelling of spellingsOf(name)) {
        this.#byWireName.set(spelling, this.#byWireName.has(spelling) ? undefined : name);
      }
    }
  }

  get isEmpty(): boolean {
    return this.#byName.size === 0;
  }

  /** The full name of the one tool that is called so on the wire; undefined for none or several. */
  byWireName(name: string): string | undefined {
    return this.#byWireName.get(name);
  }

  get names(): Iterable<string> {
    return this.#byName.keys();
  }

  riskOf(name: string): string {
    return this.#byName.get(name)?.risk ?? unknownRisk;
  }
}

/** The tool alone, and behind its server as clients join the two. */
function spellingsOf(name: string): ReadonlySet<string> {
  const slash = name.indexOf("/");
  const server = name.slice(0, slash);
  const tool = name.slice(slash + 1);
  const together = ["__", "_", "-", "."].map((separator) => server + separator + tool);
  return new Set([tool, `mcp__${server}__${tool}`, ...together]);
}
