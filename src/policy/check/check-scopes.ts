import type { Problem } from "../../base/index.ts";
import { documentsOf, type PolicyDocument, platformNamespace } from "../documents/document.ts";
import { placeProblem } from "../documents/place-problem.ts";

/** Finds exceptions and classifiers of a tenant whose scope names another one: E06 (policy-model 6 and 9). */
export function findForeignScopes(own: readonly PolicyDocument[]): readonly Problem[] {
  return [
    ...documentsOf(own, "Grant").flatMap((grant) =>
      foreignTenants(grant, grant.spec.scope.tenants),
    ),
    ...documentsOf(own, "Incident").flatMap((incident) =>
      (incident.spec.relax ?? []).flatMap(({ scope }) => foreignTenants(incident, scope.tenants)),
    ),
    ...documentsOf(own, "Classifier").flatMap((classifier) =>
      foreignTenants(classifier, classifier.spec.scope?.tenants),
    ),
  ];
}

function foreignTenants(
  document: PolicyDocument,
  tenants: readonly string[] = [],
): readonly Problem[] {
  const { namespace } = document.source;
  if (namespace === platformNamespace) return [];
  return tenants.flatMap((tenant, index) =>
    tenant === namespace
      ? []
      : [
          placeProblem(
            document,
            { value: index, of: tenants },
            {
              code: "E06",
              message: `a ${document.kind} of \`${namespace}\` cannot reach the tenant \`${tenant}\``,
              hint: "Leave `tenants` out; it holds for your own requests.",
            },
          ),
        ],
  );
}
