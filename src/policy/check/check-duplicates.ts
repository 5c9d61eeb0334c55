import type { Problem } from "../../base/index.ts";
import { writtenRules } from "../compile/compile-rules.ts";
import { documentsOf, type PolicyDocument } from "../documents/document.ts";
import { placeProblem, type Spot } from "../documents/place-problem.ts";
import { findSharedNames } from "./check-policy-versions.ts";

/** Finds two things of one namespace with one name: E07, at the later one (policy-model 11). */
export function findDuplicates(documents: readonly PolicyDocument[]): readonly Problem[] {
  const sorted = documents.toSorted(byPlace);
  return [
    ...repeated(sorted.filter(({ kind }) => !sharesNames.includes(kind)).map(toNamedDocument)),
    ...findSharedNames(sorted),
    ...repeated(documentsOf(sorted, "ModelCatalog").flatMap(toNamedModels)),
    ...repeated(documentsOf(sorted, "ToolCatalog").flatMap(toNamedTools)),
    ...repeated(documentsOf(sorted, "DataClass").flatMap(toNamedClasses)),
    ...repeated(documentsOf(sorted, "Rollout").map(toRampedPolicy)),
    ...sorted.flatMap((document) => repeated(toNamedRules(document))),
  ];
}

/** Kinds whose documents have one set of names between them. */
const sharesNames: readonly PolicyDocument["kind"][] = ["Policy", "Grant", "Incident"];

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
  // The one with the highest sequence counts, so only the same sequence leaves that open.
  const sequence = kind === "KillSwitch" ? ` ${document.spec.sequence}` : "";
  return {
    ...named,
    key: `${kind} ${source.namespace}/${metadata.name}${sequence}`,
    message: `two documents of kind ${kind} in \`${source.namespace}\` are named \`${metadata.name}\``,
    hint:
      kind === "KillSwitch"
        ? "Raise the `sequence` of the one that is to count."
        : "Rename one of them, or delete it.",
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

function toNamedTools(catalog: Extract<PolicyDocument, { kind: "ToolCatalog" }>): Named[] {
  return (catalog.spec.tools ?? []).map((tool) => ({
    document: catalog,
    spot: { value: "name", of: tool },
    key: `${catalog.source.namespace} ${tool.name}`,
    message: `the tool \`${tool.name}\` is listed twice`,
    hint: "Merge the two entries.",
  }));
}

/** A second ramp of a policy would leave open which of its versions holds. */
function toRampedPolicy(rollout: Extract<PolicyDocument, { kind: "Rollout" }>): Named {
  const { policy } = rollout.spec;
  return {
    document: rollout,
    spot: { value: "policy", of: rollout.spec },
    key: `${rollout.source.namespace} ${policy}`,
    message: `two Rollouts are about the policy \`${policy}\``,
    hint: "Delete the one that is over.",
  };
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

function toNamedRules(document: PolicyDocument): Named[] {
  return ruleIdsIn(document).map((spec) => ({
    document,
    spot: { value: "id", of: spec },
    key: spec.id,
    message: `two rules of this ${document.kind === "Policy" ? "policy" : document.kind} have the id \`${spec.id}\``,
    hint:
      document.kind === "Policy"
        ? "Rename one of them; ids are unique across `defaults`, `rules` and `overrides`."
        : "Rename one of them; ids are unique in a document.",
  }));
}

function ruleIdsIn(document: PolicyDocument): readonly { readonly id: string }[] {
  switch (document.kind) {
    case "Policy":
      return writtenRules(document).map(({ spec }) => spec);
    case "Grant":
      return document.spec.permits ?? [];
    case "Incident":
      return [
        ...(document.spec.restrict ?? []),
        ...(document.spec.relax ?? []).flatMap(({ permits }) => permits ?? []),
      ];
    default:
      return [];
  }
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
