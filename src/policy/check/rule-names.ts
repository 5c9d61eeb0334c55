import { attachmentOf, authorityOf, writtenRules } from "../compile/compile-rules.ts";
import type { Authority, Rule } from "../compile/rule.ts";
import { expandShorthand, type WrittenRule } from "../compile/shorthand.ts";
import { documentsOf, type PolicyDocument, platformNamespace } from "../documents/document.ts";

/** One rule that an exception may name. */
export interface LiftableRule {
  readonly effect: Rule["effect"];
  readonly exemptible: Rule["exemptible"];
  readonly authority: Authority;
}

/** The rules of Policies and Incidents by full name; two versions of a policy may share one. */
export class RuleNames {
  readonly #byName = new Map<string, LiftableRule[]>();
  readonly #namespace: string;

  /** Rules that hold for other tenants only are not told to this namespace. */
  constructor(documents: readonly PolicyDocument[], namespace: string) {
    this.#namespace = namespace;
    for (const policy of documentsOf(documents, "Policy")) {
      const { tenant } = attachmentOf(policy);
      const isSeen = namespace === platformNamespace || (tenant ?? namespace) === namespace;
      if (!isSeen) continue;
      for (const rule of writtenRules(policy)) this.#add(policy, rule, authorityOf(policy));
    }
    for (const incident of documentsOf(documents, "Incident")) {
      const authority = incident.source.namespace === platformNamespace ? 2 : 1;
      for (const spec of incident.spec.restrict ?? []) {
        this.#add(incident, { spec, block: "rules" }, authority);
      }
    }
  }

  #add({ metadata }: PolicyDocument, written: WrittenRule, authority: Authority): void {
    for (const { spec, block } of expandShorthand(written)) {
      const name = `${metadata.namespace}/${metadata.name}/${spec.id}`;
      const exemptible = spec.exemptible ?? (block === "overrides" ? "never" : "grant");
      const known = this.#byName.get(name) ?? [];
      known.push({ effect: spec.effect, exemptible, authority });
      this.#byName.set(name, known);
    }
  }

  /** A name without a namespace means the own one, then the platform's (policy-model 2.1). */
  find(name: string): readonly LiftableRule[] {
    if (name.split("/").length === 3) return this.#byName.get(name) ?? [];
    return (
      this.#byName.get(`${this.#namespace}/${name}`) ??
      this.#byName.get(`${platformNamespace}/${name}`) ??
      []
    );
  }

  get names(): Iterable<string> {
    return this.#byName.keys();
  }
}
