import type { Problem } from "../../base/index.ts";
import {
  type DocumentOfKind,
  documentsOf,
  type PolicyDocument,
  platformNamespace,
} from "../documents/document.ts";
import { placeProblem } from "../documents/place-problem.ts";
import { findPermitFieldProblems, findRuleFieldProblems } from "./check-rule-fields.ts";

type Relaxation = NonNullable<DocumentOfKind<"Incident">["spec"]["relax"]>[number];

/** Distinct people who have to stand behind a relaxation (policy-model 6). */
const approversMin = 2;

/**
 * Finds Grants and Incidents that do nothing or for nobody in particular, E01, and relaxations too
 * few people stand behind, E03 (policy-model 6).
 */
export function findExceptionFieldProblems(
  documents: readonly PolicyDocument[],
): readonly Problem[] {
  return [
    ...documentsOf(documents, "Grant").flatMap((grant) => relaxation(grant, grant.spec)),
    ...documentsOf(documents, "Incident").flatMap((incident) => [
      ...nothingDone(incident),
      ...tooFewApprovers(incident),
      ...(incident.spec.relax ?? []).flatMap((relax) => relaxation(incident, relax)),
      ...(incident.spec.restrict ?? []).flatMap((rule) =>
        findRuleFieldProblems(incident, rule, "restrict"),
      ),
    ]),
  ];
}

function relaxation(document: PolicyDocument, relax: Relaxation): readonly Problem[] {
  return [
    ...(relax.lifts === undefined && relax.permits === undefined
      ? [neitherLiftsNorPermits(document, relax)]
      : []),
    ...scopeFields(document, relax),
    ...(relax.permits ?? []).flatMap((permit) => findPermitFieldProblems(document, permit)),
  ];
}

function neitherLiftsNorPermits(document: PolicyDocument, relax: Relaxation): Problem {
  return placeProblem(
    document,
    { value: "scope", of: relax },
    {
      code: "E01",
      message: "the exception has neither `lifts` nor `permits`",
      hint: "Name the rules it lifts, add what it permits, or remove it.",
    },
  );
}

function scopeFields(document: PolicyDocument, relax: Relaxation): readonly Problem[] {
  const { scope } = relax;
  const isPlatform = document.source.namespace === platformNamespace;
  const needed = isPlatform
    ? (["tenants", "apps", "subjects"] as const)
    : (["apps", "subjects"] as const);
  const missing = needed
    .filter((field) => scope[field] === undefined)
    .map((field) =>
      placeProblem(
        document,
        { value: "scope", of: relax },
        {
          code: "E01",
          message: `\`scope\` lacks \`${field}\``,
          hint: `Add \`${field}:\`; an exception names whom it is for.`,
        },
      ),
    );
  if (scope.subjects === undefined || Object.keys(scope.subjects).length > 0) return missing;
  return [
    ...missing,
    placeProblem(
      document,
      { value: "subjects", of: scope },
      {
        code: "E01",
        message: "`subjects` names nobody",
        hint: "List at least one of principals, groups, roles, kinds, issuers, actors.",
      },
    ),
  ];
}

function nothingDone(incident: DocumentOfKind<"Incident">): readonly Problem[] {
  const { relax = [], restrict = [] } = incident.spec;
  if (relax.length > 0 || restrict.length > 0) return [];
  return [
    placeProblem(
      incident,
      { value: "spec", of: incident.tree.root as object },
      {
        code: "E01",
        message: "the Incident has neither `restrict` nor `relax`",
        hint: "Add what it restricts or relaxes, or remove it.",
      },
    ),
  ];
}

function tooFewApprovers(incident: DocumentOfKind<"Incident">): readonly Problem[] {
  const { approvedBy, relax = [] } = incident.spec;
  // Names that differ in case or spaces around them are one person's.
  const people = new Set(approvedBy.map((name) => name.trim().toLowerCase()));
  if (relax.length === 0 || people.size >= approversMin) return [];
  return [
    placeProblem(
      incident,
      { value: "approvedBy", of: incident.spec },
      {
        code: "E03",
        message: `\`relax\` needs ${approversMin} different people in \`approvedBy\`, found ${people.size}`,
        hint: "Have a second person approve it, or leave only `restrict`.",
      },
    ),
  ];
}
