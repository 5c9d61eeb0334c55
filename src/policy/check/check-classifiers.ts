import { nearestName, type Problem } from "../../base/index.ts";
import { parentOf } from "../compile/taxonomy.ts";
import { classifierSourceNames } from "../documents/classifier-schema.ts";
import {
  type DocumentOfKind,
  documentsOf,
  type NamespaceView,
  type PolicyDocument,
  platformNamespace,
} from "../documents/document.ts";
import { placeProblem } from "../documents/place-problem.ts";
import { findModelProblems, type LocalModel } from "./check-local-model.ts";
import { findOwnDataProblems } from "./check-own-data.ts";
import { DeclaredNames } from "./declared-names.ts";
import { classNames } from "./reference-names.ts";

/** The classifiers that an operator's configuration lists. */
export interface ClassifierEndpoints {
  /** By name, the tenants whose documents may name them; `*`: all. The platform's may name any. */
  readonly tenantsOf: ReadonlyMap<string, readonly string[]>;
  /** By name, those that run beside the server; others are asked over the network. */
  readonly modelOf: ReadonlyMap<string, LocalModel>;
}

/** Classifiers of one namespace unless the platform says otherwise: each is a call of every request. */
const classifiersMax = 8;

type Classifier = DocumentOfKind<"Classifier">;

/** Finds classifiers whose fields do not fit each other, E01, and patterns that are not admitted, E08. */
export function findClassifierContradictions(
  documents: readonly PolicyDocument[],
): readonly Problem[] {
  return documentsOf(documents, "Classifier").flatMap((classifier) => [
    ...withoutSource(classifier),
    ...mappedBeyondClasses(classifier),
    ...findOwnDataProblems(classifier),
  ]);
}

/** Finds classes that nothing declares, E02, and more classifiers than a namespace may have, E01. */
export function findClassifierProblems(view: NamespaceView): readonly Problem[] {
  const classifiers = documentsOf(view.own, "Classifier");
  if (classifiers.length === 0) return [];
  const declared = new DeclaredNames(view);
  return [
    ...classifiers.flatMap((classifier) =>
      classNames(classifier, classifier.spec.classes, declared),
    ),
    ...classifiers.flatMap((classifier) => unknownScope(classifier, declared)),
    ...tooMany(classifiers, view),
  ];
}

/**
 * Finds endpoints that the configuration does not have, E02, or not for this namespace, E06, and those
 * that are not what the document says of them.
 */
export function findUnreachableEndpoints(
  documents: readonly PolicyDocument[],
  { modelOf, tenantsOf }: ClassifierEndpoints,
): readonly Problem[] {
  return documentsOf(documents, "Classifier").flatMap((classifier) => {
    const { source, spec } = classifier;
    if (spec.endpoint === undefined) return [];
    const spot = { value: "endpoint", of: spec } as const;
    const tenants = tenantsOf.get(spec.endpoint);
    if (tenants === undefined) {
      const nearest = nearestName(spec.endpoint, tenantsOf.keys());
      const hint =
        nearest === undefined
          ? "Ask the operator for an entry of this name in `classifiers` of the configuration."
          : `Did you mean \`${nearest}\`?`;
      const message = `the configuration has no classifier \`${spec.endpoint}\``;
      return [placeProblem(classifier, spot, { code: "E02", message, hint })];
    }
    const { namespace } = source;
    const isOpen = tenants.includes("*") || tenants.includes(namespace);
    if (namespace === platformNamespace || isOpen) {
      return findModelProblems(classifier, spec.endpoint, modelOf.get(spec.endpoint));
    }
    return [
      placeProblem(classifier, spot, {
        code: "E06",
        message: `the classifier \`${spec.endpoint}\` is not open to \`${namespace}\``,
        hint: "Ask the operator to list the tenant under `tenants` of its entry.",
      }),
    ];
  });
}

function withoutSource(classifier: Classifier): readonly Problem[] {
  const { spec } = classifier;
  const given = classifierSourceNames.filter((name) => spec[name] !== undefined);
  if (given.length === 1) return [];
  const names = classifierSourceNames.map((name) => `\`${name}\``).join(", ");
  return [
    placeProblem(
      classifier,
      { key: "spec", of: classifier.tree.root as object },
      {
        code: "E01",
        message: `a classifier has exactly one of ${names}; found ${given.length === 0 ? "none" : given.join(" and ")}`,
        hint: "Say what does the work: `endpoint` names an entry of the configuration, the others say themselves what to look for.",
      },
    ),
  ];
}

/** Whatever a classifier may report stands in one list, where a reviewer looks for it. */
function mappedBeyondClasses(classifier: Classifier): readonly Problem[] {
  const { classes, map = {} } = classifier.spec;
  return Object.entries(map)
    .filter(([, dataClass]) => !classes.includes(dataClass))
    .map(([word, dataClass]) =>
      placeProblem(
        classifier,
        { value: word, of: map },
        {
          code: "E01",
          message: `\`${word}\` stands for \`${dataClass}\`, which \`classes\` does not list`,
          hint: classes.includes(parentOf(dataClass))
            ? "List the class itself as well: a parent does not stand for it here."
            : "Add it to `classes`, or leave the word out.",
        },
      ),
    );
}

function unknownScope(classifier: Classifier, declared: DeclaredNames): readonly Problem[] {
  const { apps, tenants } = classifier.spec.scope ?? {};
  const missing = (what: "tenant" | "app", names: readonly string[], known: ReadonlySet<string>) =>
    names.flatMap((name, index) => {
      if (known.has(name)) return [];
      const nearest = nearestName(name, known);
      const hint = `Add the ${what === "tenant" ? "Tenant" : "App"} document, or leave it out.`;
      return placeProblem(
        classifier,
        { value: index, of: names },
        {
          code: "E02",
          message: `nothing declares the ${what} \`${name}\``,
          hint: nearest === undefined ? hint : `Did you mean \`${nearest}\`?`,
        },
      );
    });
  // Apps are their tenants' to declare, so the platform may name some that are not there yet.
  return [
    ...(declared.isPlatform ? missing("tenant", tenants ?? [], declared.tenants) : []),
    ...(declared.isPlatform ? [] : missing("app", apps ?? [], declared.apps)),
  ];
}

function tooMany(classifiers: readonly Classifier[], view: NamespaceView): readonly Problem[] {
  const { namespace, platform } = view;
  const limits = documentsOf(platform, "Platform")[0]?.spec.limits;
  const ofTenants = namespace === platformNamespace ? undefined : limits?.classifiers;
  const max = ofTenants ?? classifiersMax;
  const first = classifiers.toSorted(byPath)[max];
  if (first === undefined) return [];
  return [
    placeProblem(
      first,
      { value: "name", of: first.metadata },
      {
        code: "E01",
        message: `\`${namespace}\` has ${classifiers.length} classifiers, more than the ${max} it may have`,
        hint: "Merge or remove some; the platform sets what tenants may have in `limits`.",
      },
    ),
  ];
}

/** So that the one reported does not depend on the order of loading. */
function byPath(a: PolicyDocument, b: PolicyDocument): number {
  if (a.source.path !== b.source.path) return a.source.path < b.source.path ? -1 : 1;
  return a.tree.rootPlace().line - b.tree.rootPlace().line;
}
