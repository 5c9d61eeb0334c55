import type { Problem } from "../base/index.ts";
import { writtenRules } from "./compile-rules.ts";
import { documentsOf, type PolicyDocument } from "./document.ts";
import { placeProblem, type Spot } from "./place-problem.ts";

/** Finds two things of one namespace with one name: E07, at the later one (policy-model 11). */
export function findDuplicates(documents: readonly PolicyDocument[]): readonly Problem[] {
  const sorted = documents.toSorted(byPlace);
  return [
    ...repeated(sorted.map(toNamedDocument)),
    ...repeated(documentsOf(sorted, "ModelCatalog").flatMap(toNamedModels)),
    ...repeated(documentsOf(sorted, "DataClass").flatMap(toNamedClasses)),
    ...documentsOf(sorted, "Policy").flatMap((policy) => repeated(toNamedRules(policy))),
  ];
}

/** So that the one reported does not depend on the order of loading. */
function byPlace(a: PolicyDocument, b: PolicyDocument): number {
  if (a.source.path !== b.source.path) return a.source.path < b.source.path ? -1 : 1;
  return a.tree.rootPlace().line - b.tree.rootPlace().line;
}

interface Named {
  readonly document: PolicyDocument;
  readonly spot: Spot;
  /** What must be unique. */
  readonly key: string;
  readonly message: string;
  readonly hint: string;
}

function toNamedDocument(document: PolicyDocument): Named {
  const { kind, metadata, source } = document;
  const named = { document, spot: { value: "name", of: metadata } } as const;
  if (kind === "Platform") {
    return {
      ...named,
      key: kind,
      message: "there is more than one Platform document",
      hint: "Merge them into one.",
    };
  }
  return {
    ...named,
    key: `${kind} ${source.namespace}/${metadata.name}`,
    message: `two documents of kind ${kind} in \`${source.namespace}\` are named \`${metadata.name}\``,
    hint: "Rename one of them, or delete it.",
  };
}

function toNamedModels(catalog: Extract<PolicyDocument, { kind: "ModelCatalog" }>): Named[] {
  return (catalog.spec.models ?? []).map((model) => ({
    document: catalog,
    spot: { value: "id", of: model },
    key: `${catalog.source.namespace} ${model.id}`,
    message: `the model \`${model.id}\` is listed twice`,
    hint: "Merge the two entries.",
  }));
}

function toNamedClasses(document: Extract<PolicyDocument, { kind: "DataClass" }>): Named[] {
  return (document.spec.classes ?? []).map((declared) => ({
    document,
    spot: { value: "id", of: declared },
    key: `${document.source.namespace} ${declared.id}`,
    message: `the data class \`${declared.id}\` is declared twice`,
    hint: "Merge the two entries.",
  }));
}

function toNamedRules(policy: Extract<PolicyDocument, { kind: "Policy" }>): Named[] {
  return writtenRules(policy).map(({ spec }) => ({
    document: policy,
    spot: { value: "id", of: spec },
    key: spec.id,
    message: `two rules of this policy have the id \`${spec.id}\``,
    hint: "Rename one of them; ids are unique across `defaults`, `rules` and `overrides`.",
  }));
}

function repeated(all: readonly Named[]): Problem[] {
  const seen = new Set<string>();
  const problems: Problem[] = [];
  for (const { document, spot, key, message, hint } of all) {
    if (seen.has(key)) problems.push(placeProblem(document, spot, { code: "E07", message, hint }));
    seen.add(key);
  }
  return problems;
}
