import type { Problem, ProblemCode } from "../../base/index.ts";
import { writtenRules } from "../compile/compile-rules.ts";
import type { Rule } from "../compile/rule.ts";
import { expandShorthand, type WrittenRule } from "../compile/shorthand.ts";
import { documentsOf, type PolicyDocument } from "../documents/document.ts";
import { placeProblem, type Spot } from "../documents/place-problem.ts";
import type { Container } from "../documents/placed-tree.ts";
import type { PermitSpec } from "../documents/rule-schema.ts";

/** What a finding says, besides where. */
export interface FindingText {
  readonly code: ProblemCode;
  readonly message: string;
  readonly hint: string;
}

/** Where a rule was written. */
export interface RuleSite {
  readonly document: PolicyDocument;
  /** The rule as written; several rules of one shorthand share it. */
  readonly spec: Container & { readonly conditions?: readonly NamedPart[] };
}

type NamedPart = Container & { readonly name: string };

/** Where each rule was written, by full name. */
export class RuleSites {
  /** Both versions of a ramped policy may have a rule of one name. */
  readonly #sites = new Map<string, RuleSite[]>();
  readonly #versions = new Map<string, string>();

  constructor(documents: readonly PolicyDocument[]) {
    for (const document of documents) {
      for (const { id, spec } of rulesWrittenIn(document)) this.#add(document, id, spec);
    }
    for (const { metadata, spec } of documentsOf(documents, "Rollout")) {
      const name = `${metadata.namespace}/${metadata.name}`;
      this.#versions.set(`${name} stable`, spec.stable);
      this.#versions.set(`${name} candidate`, spec.candidate);
    }
  }

  of({ name, ramp }: Pick<Rule, "name"> & { readonly ramp?: Rule["ramp"] }): RuleSite | undefined {
    const sites = this.#sites.get(name);
    if (ramp === undefined || sites === undefined || sites.length === 1) return sites?.[0];
    const version = this.#versions.get(`${ramp.rollout} ${ramp.side}`);
    return sites.find(
      ({ document }) => document.kind === "Policy" && document.spec.version === version,
    );
  }

  /** A warning at a rule's id; none where it was not written by hand. */
  warn(rule: Pick<Rule, "name" | "ramp">, text: FindingText): readonly Problem[] {
    const site = this.of(rule);
    return site === undefined ? [] : [warnAt(site.document, { value: "id", of: site.spec }, text)];
  }

  #add(document: PolicyDocument, id: string, spec: RuleSite["spec"]): void {
    const { name, namespace } = document.metadata;
    const rule = `${namespace}/${name}/${id}`;
    const known = this.#sites.get(rule);
    if (known === undefined) this.#sites.set(rule, [{ document, spec }]);
    else known.push({ document, spec });
  }
}

interface NamedSpec {
  readonly id: string;
  readonly spec: RuleSite["spec"];
}

function rulesWrittenIn(document: PolicyDocument): readonly NamedSpec[] {
  switch (document.kind) {
    case "Policy":
      return writtenRules(document).flatMap(expandedIds);
    case "Grant":
      return (document.spec.permits ?? []).map(toNamed);
    case "Incident": {
      const { restrict = [], relax = [] } = document.spec;
      return [
        ...restrict.flatMap((spec) => expandedIds({ spec, block: "rules" })),
        ...relax.flatMap(({ permits = [] }) => permits).map(toNamed),
      ];
    }
    default:
      return [];
  }
}

/** Every rule that a shorthand stands for lies where the shorthand does. */
function expandedIds(written: WrittenRule): readonly NamedSpec[] {
  return expandShorthand(written).map(({ spec: { id } }) => ({ id, spec: written.spec }));
}

function toNamed(spec: PermitSpec): NamedSpec {
  return { id: spec.id, spec };
}

/** A warning at one spot of a document. */
export function warnAt(document: PolicyDocument, spot: Spot, text: FindingText): Problem {
  return { ...placeProblem(document, spot, text), severity: "warning" };
}
