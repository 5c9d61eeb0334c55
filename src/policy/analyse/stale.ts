import type { Problem } from "../../base/index.ts";
import { setIn } from "../compile/named-sets.ts";
import { documentsOf, type PolicyDocument, platformNamespace } from "../documents/document.ts";
import type { Analysis } from "./analysis.ts";
import { findRetired } from "./retired.ts";
import { warnAt } from "./rule-sites.ts";

/**
 * Finds what is over or used no more, W17 (policy-model 11): exceptions that have ended, sets that
 * nothing names, models that are out of service, or should be, and still named. `nowMs` are milliseconds since the
 * epoch; without it what takes a clock is left out.
 */
export function findStale(analysis: Analysis, nowMs: number | undefined): readonly Problem[] {
  const { documents } = analysis.policies;
  return [
    ...(nowMs === undefined ? [] : findEnded(documents, nowMs)),
    ...findUnusedSets(documents),
    ...findRetired(analysis, nowMs),
  ];
}

function findEnded(documents: readonly PolicyDocument[], nowMs: number): readonly Problem[] {
  const isOver = (end: string) => Date.parse(end) <= nowMs;
  const text = {
    code: "W17",
    message: "it is over, so it changes nothing any more",
    hint: "Remove the document; its use stays in the records.",
  } as const;
  return [
    ...documentsOf(documents, "Grant")
      .filter(({ spec }) => isOver(spec.expiresAt))
      .map((grant) => warnAt(grant, { value: "expiresAt", of: grant.spec }, text)),
    ...documentsOf(documents, "Incident")
      .filter(({ spec }) => isOver(spec.activeUntil))
      .map((incident) => warnAt(incident, { value: "activeUntil", of: incident.spec }, text)),
  ];
}

function findUnusedSets(documents: readonly PolicyDocument[]): readonly Problem[] {
  const sets = documentsOf(documents, "NamedSet");
  if (sets.length === 0) return [];
  const declared = new Set(sets.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
  const used = new Set<string>();
  for (const { metadata, spec } of documents) {
    for (const name of setNamesIn(spec)) {
      if (name.includes("/")) used.add(name);
      const own = `${metadata.namespace}/${name}`;
      // A bare name is the own namespace's, then the platform's (policy-model 2.1).
      used.add(declared.has(own) ? own : `${platformNamespace}/${name}`);
    }
  }
  return sets
    .filter(({ metadata }) => !used.has(`${metadata.namespace}/${metadata.name}`))
    .map((set) =>
      warnAt(
        set,
        { value: "name", of: set.metadata },
        {
          code: "W17",
          message: `nothing names the set \`${set.metadata.name}\``,
          hint: "Remove it, or write `set:` and its name where it is meant.",
        },
      ),
    );
}

/** Every text of a value that names a set; documents are as deep as their schemas. */
function setNamesIn(value: unknown): readonly string[] {
  if (typeof value === "string") {
    const name = setIn(value);
    return name === undefined ? [] : [name];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(setNamesIn);
}
