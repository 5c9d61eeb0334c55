import type { Problem } from "../../base/index.ts";
import { writtenRules } from "../compile/compile-rules.ts";
import { type DocumentOfKind, documentsOf, type NamespaceView } from "../documents/document.ts";
import { placeProblem } from "../documents/place-problem.ts";
import { findRampedVersions } from "./check-rollouts.ts";
import { findTargetProblems } from "./check-target-names.ts";
import { DeclaredNames } from "./declared-names.ts";
import { classNames, matcherNames, modelNames, toolNames, unknownName } from "./reference-names.ts";

/** Finds names that nothing declares: E02 (policy-model 11). */
export function findUnknownReferences(view: NamespaceView): readonly Problem[] {
  const declared = new DeclaredNames(view);
  const { own } = view;
  const found = [
    ...documentsOf(own, "Policy").flatMap((policy) => [
      ...attachedModel(policy, declared),
      ...writtenRules(policy).flatMap(({ spec }) => matcherNames(policy, spec, declared)),
    ]),
    ...documentsOf(own, "Grant").flatMap((grant) => relaxed(grant, grant.spec, declared)),
    ...documentsOf(own, "Incident").flatMap((incident) => [
      ...(incident.spec.relax ?? []).flatMap((relax) => relaxed(incident, relax, declared)),
      ...(incident.spec.restrict ?? []).flatMap((rule) => matcherNames(incident, rule, declared)),
    ]),
    ...documentsOf(own, "ModelCatalog").flatMap((catalog) =>
      (catalog.spec.models ?? []).flatMap(({ permitted }) =>
        classNames(catalog, permitted, declared),
      ),
    ),
    ...[...documentsOf(own, "Tenant"), ...documentsOf(own, "App")].flatMap((document) => {
      const { boundary } = document.spec;
      return [
        ...modelNames(
          document,
          { ids: boundary?.models, providers: boundary?.providers },
          declared,
        ),
        ...toolNames(document, boundary?.tools, declared),
      ];
    }),
    ...findTargetProblems(view, declared),
    ...findRampedVersions(own),
  ];
  return onceEach(found);
}

function attachedModel(
  policy: DocumentOfKind<"Policy">,
  declared: DeclaredNames,
): readonly Problem[] {
  const { attach } = policy.spec;
  // A model outside the own namespace is a problem of its own, E06.
  const isOwn = declared.isPlatform || attach.model?.startsWith(`${declared.namespace}/`);
  if (attach.model === undefined || !isOwn || !declared.knowsAll.models) return [];
  if (declared.models.byId(attach.model) !== undefined) return [];
  const text = unknownName({ what: "model", name: attach.model, known: declared.models.ids });
  return [placeProblem(policy, { value: "model", of: attach }, text)];
}

type Relaxation = Pick<DocumentOfKind<"Grant">["spec"], "scope" | "permits">;

function relaxed(
  document: DocumentOfKind<"Grant"> | DocumentOfKind<"Incident">,
  { scope, permits = [] }: Relaxation,
  declared: DeclaredNames,
): readonly Problem[] {
  return [
    ...modelNames(document, scope.models, declared),
    ...permits.flatMap((permit) => matcherNames(document, permit, declared)),
  ];
}

/** A set that is named twice holds its mistakes once. */
function onceEach(problems: readonly Problem[]): readonly Problem[] {
  const byKey = new Map(
    problems.map((one) => [`${one.file}:${one.line}:${one.column} ${one.message}`, one]),
  );
  return [...byKey.values()];
}
