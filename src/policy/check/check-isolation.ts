import { nearestName, type Problem } from "../../base/index.ts";
import {
  type DocumentOfKind,
  documentsOf,
  type NamespaceView,
  type PolicyDocument,
  platformNamespace,
} from "../documents/document.ts";
import { placeProblem } from "../documents/place-problem.ts";
import type { DocumentKind } from "../documents/schema.ts";
import { findForeignEntries } from "./check-catalog-ids.ts";
import { findForeignScopes } from "./check-scopes.ts";

/** Finds documents that reach outside their own namespace: E06 (policy-model 2.1, 4 and 9). */
export function findIsolationBreaches(view: NamespaceView): readonly Problem[] {
  const { own, platform } = view;
  const tenantIds = documentsOf(platform, "Tenant").map(({ metadata }) => metadata.name);
  return [
    ...own.flatMap((document) => [...wrongFolder(document), ...misplacedKind(document)]),
    ...undeclaredTenant(view, tenantIds),
    ...documentsOf(own, "Tenant").flatMap(reservedName),
    ...documentsOf(own, "Policy").flatMap(foreignAttachment),
    ...findForeignEntries(own, tenantIds),
    ...findForeignScopes(own),
  ];
}

function wrongFolder(document: PolicyDocument): readonly Problem[] {
  const { metadata, source } = document;
  if (metadata.namespace === source.namespace) return [];
  return [
    placeProblem(
      document,
      { value: "namespace", of: metadata },
      {
        code: "E06",
        message: `the document says namespace \`${metadata.namespace}\` but lies in the folder of \`${source.namespace}\``,
        hint: `Write \`namespace: ${source.namespace}\`, or move the file.`,
      },
    ),
  ];
}

const homes: Readonly<Record<DocumentKind, "platform" | "tenant" | "any">> = {
  Platform: "platform",
  Tenant: "platform",
  App: "tenant",
  ModelCatalog: "any",
  ToolCatalog: "any",
  DataClass: "any",
  Classifier: "any",
  NamedSet: "any",
  Policy: "any",
  Quota: "any",
  Grant: "any",
  Incident: "any",
  KillSwitch: "any",
  Rollout: "any",
  PolicyTest: "any",
};

function misplacedKind(document: PolicyDocument): readonly Problem[] {
  const home = homes[document.kind];
  const isPlatform = document.source.namespace === platformNamespace;
  if (home === "any" || isPlatform === (home === "platform")) return [];
  return [
    placeProblem(
      document,
      { value: "kind", of: rootOf(document) },
      {
        code: "E06",
        message: `${document.kind} documents do not belong in the folder of \`${document.source.namespace}\``,
        hint:
          home === "platform"
            ? `Move it to the \`${platformNamespace}\` folder.`
            : "Move it to the folder of the tenant whose app it is.",
      },
    ),
  ];
}

function rootOf({ tree }: PolicyDocument): object {
  return tree.root as object;
}

/** One problem a folder: its first document stands for all of them. */
function undeclaredTenant(
  { namespace, own }: NamespaceView,
  tenantIds: readonly string[],
): readonly Problem[] {
  if (namespace === platformNamespace || tenantIds.includes(namespace)) return [];
  const [first] = own.toSorted((a, b) => (a.source.path < b.source.path ? -1 : 1));
  if (first === undefined) return [];
  const nearest = nearestName(namespace, tenantIds);
  return [
    placeProblem(
      first,
      { value: "namespace", of: first.metadata },
      {
        code: "E06",
        message: `no Tenant document declares \`${namespace}\`, so its folder does not load`,
        hint:
          nearest === undefined
            ? `Add a Tenant document named \`${namespace}\` to the \`${platformNamespace}\` folder.`
            : `Did you mean the folder \`${nearest}\`? Rename it, or declare the tenant.`,
      },
    ),
  ];
}

function reservedName(tenant: DocumentOfKind<"Tenant">): readonly Problem[] {
  if (tenant.metadata.name !== platformNamespace) return [];
  return [
    placeProblem(
      tenant,
      { value: "name", of: tenant.metadata },
      {
        code: "E06",
        message: `\`${platformNamespace}\` is the platform's own namespace and cannot be a tenant`,
        hint: "Give the tenant another name.",
      },
    ),
  ];
}

function foreignAttachment(policy: DocumentOfKind<"Policy">): readonly Problem[] {
  const { namespace } = policy.source;
  const { attach } = policy.spec;
  if (namespace === platformNamespace) return [];
  const problems: Problem[] = [];
  if (attach.layer === "global") {
    problems.push(
      placeProblem(
        policy,
        { value: "layer", of: attach },
        {
          code: "E06",
          message: "only the platform attaches policies to layer `global`",
          hint: "Write `layer: tenant`, or `layer: app` with an app of your own.",
        },
      ),
    );
  }
  if (attach.tenant !== undefined && attach.tenant !== namespace) {
    problems.push(
      placeProblem(
        policy,
        { value: "tenant", of: attach },
        {
          code: "E06",
          message: `a policy of \`${namespace}\` cannot attach to tenant \`${attach.tenant}\``,
          hint: `Write \`tenant: ${namespace}\`, or leave it out.`,
        },
      ),
    );
  }
  if (attach.model !== undefined && !attach.model.startsWith(`${namespace}/`)) {
    problems.push(
      placeProblem(
        policy,
        { value: "model", of: attach },
        {
          code: "E06",
          message: `a policy of \`${namespace}\` attaches only to models of its own catalog`,
          hint: `Name a model that begins with \`${namespace}/\`, or use \`models.ids\` in the rules.`,
        },
      ),
    );
  }
  return problems;
}
