import type { Problem } from "../../base/index.ts";
import { documentsOf, type NamespaceView, type PolicyDocument } from "../documents/document.ts";
import { placeProblem, type Spot } from "../documents/place-problem.ts";
import type { DeclaredNames } from "./declared-names.ts";
import { modelNames, unknownName } from "./reference-names.ts";

/** Which tenants and apps a part of a document is about. */
interface Aim {
  readonly document: PolicyDocument;
  readonly tenants: readonly Aimed[];
  readonly apps: readonly Aimed[];
}

interface Aimed {
  readonly name: string;
  readonly spot: Spot;
}

/** Finds tenants and apps that nothing declares, and what kill switches name in vain: E02. */
export function findTargetProblems(
  view: NamespaceView,
  declared: DeclaredNames,
): readonly Problem[] {
  const { own, platform, namespace } = view;
  const switches = documentsOf(own, "KillSwitch").flatMap((document) => {
    const { models: ids, providers } = document.spec.target;
    return modelNames(document, { ids, providers }, declared);
  });
  if (declared.isPlatform)
    return [...switches, ...aimsOf(own).flatMap((aim) => tenants(aim, declared))];
  // Its own folder declares an app, so it is the tenant that does not load without it.
  const fromAbove = aimsOf(platform).filter(
    (aim) => aim.tenants.length === 1 && aim.tenants[0]?.name === namespace,
  );
  return [...switches, ...[...aimsOf(own), ...fromAbove].flatMap((aim) => apps(aim, declared))];
}

function tenants(aim: Aim, declared: DeclaredNames): readonly Problem[] {
  return aim.tenants
    .filter(({ name }) => !declared.tenants.has(name))
    .map(({ name, spot }) =>
      placeProblem(
        aim.document,
        spot,
        unknownName({ what: "tenant", name, known: declared.tenants }),
      ),
    );
}

function apps(aim: Aim, declared: DeclaredNames): readonly Problem[] {
  return aim.apps
    .filter(({ name }) => !declared.apps.has(name))
    .map(({ name, spot }) =>
      placeProblem(aim.document, spot, unknownName({ what: "app", name, known: declared.apps })),
    );
}

function aimsOf(documents: readonly PolicyDocument[]): readonly Aim[] {
  return documents.flatMap((document): readonly Aim[] => {
    switch (document.kind) {
      case "Policy": {
        const { attach } = document.spec;
        return [{ document, tenants: field(attach, "tenant"), apps: field(attach, "app") }];
      }
      case "Grant":
        return [aimOfLists(document, document.spec.scope)];
      case "Incident":
        return (document.spec.relax ?? []).map(({ scope }) => aimOfLists(document, scope));
      case "Platform":
        return (document.spec.observe ?? []).map((entry) => aimOfLists(document, entry));
      case "KillSwitch":
        return aimsOfSwitch(document);
      default:
        return [];
    }
  });
}

function field<Name extends string>(
  of: Readonly<Partial<Record<Name, string>>>,
  name: Name,
): readonly Aimed[] {
  const value = of[name];
  return value === undefined ? [] : [{ name: value, spot: { value: name, of } }];
}

interface Lists {
  readonly tenants?: readonly string[];
  readonly apps?: readonly string[];
}

function aimOfLists(document: PolicyDocument, { tenants, apps }: Lists): Aim {
  return { document, tenants: aimed(tenants), apps: aimed(apps) };
}

function aimed(list: readonly string[] = []): readonly Aimed[] {
  return list.map((name, index) => ({ name, spot: { value: index, of: list } }));
}

/** Each app is its own aim, as the platform names it with its tenant. */
function aimsOfSwitch(document: PolicyDocument & { readonly kind: "KillSwitch" }): readonly Aim[] {
  const { tenants, apps } = document.spec.target;
  return [
    { document, tenants: aimed(tenants), apps: [] },
    ...aimed(apps).map(({ name, spot }) => {
      const [tenant = "", app] = name.split("/");
      return app === undefined
        ? { document, tenants: [], apps: [{ name, spot }] }
        : { document, tenants: [{ name: tenant, spot }], apps: [{ name: app, spot }] };
    }),
  ];
}
