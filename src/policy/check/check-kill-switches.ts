import type { Problem } from "../../base/index.ts";
import {
  type DocumentOfKind,
  documentsOf,
  type PolicyDocument,
  platformNamespace,
} from "../documents/document.ts";
import { placeProblem } from "../documents/place-problem.ts";

type Switch = DocumentOfKind<"KillSwitch">;

/**
 * Finds kill switches whose target is not exactly one kind of thing, E01, and those that name what
 * is not their namespace's to stop, E06 (policy-model 6). Looks at nothing but the document, since
 * its channel has no others.
 */
export function findKillSwitchProblems(documents: readonly PolicyDocument[]): readonly Problem[] {
  return documentsOf(documents, "KillSwitch").flatMap((document) => [
    ...oneTarget(document),
    ...foreignTenants(document),
    ...apps(document),
  ]);
}

function oneTarget(document: Switch): readonly Problem[] {
  const { target } = document.spec;
  const fields = Object.keys(target);
  if (fields.length === 1) return [];
  return [
    placeProblem(
      document,
      { value: "target", of: document.spec },
      {
        code: "E01",
        message:
          fields.length === 0
            ? "`target` names nothing to stop"
            : `\`target\` must have exactly one field, found ${fields.join(", ")}`,
        hint: "Write one of tenants, apps, principals, models, providers, tools, and a document for each.",
      },
    ),
  ];
}

function foreignTenants(document: Switch): readonly Problem[] {
  const { tenants = [] } = document.spec.target;
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
              message: `a kill switch of \`${namespace}\` cannot stop the tenant \`${tenant}\``,
              hint: `Write \`${namespace}\`, or ask the platform to throw the switch.`,
            },
          ),
        ],
  );
}

function apps(document: Switch): readonly Problem[] {
  const { apps: names = [] } = document.spec.target;
  const { namespace } = document.source;
  return names.flatMap((name, index) => {
    const [tenant] = name.split("/");
    const isFull = name.includes("/");
    const spot = { value: index, of: names };
    if (namespace === platformNamespace) {
      if (isFull) return [];
      return [
        placeProblem(document, spot, {
          code: "E01",
          message: `the platform names an app with its tenant, found \`${name}\``,
          hint: `Write \`<tenant>/${name}\`.`,
        }),
      ];
    }
    if (!isFull || tenant === namespace) return [];
    return [
      placeProblem(document, spot, {
        code: "E06",
        message: `a kill switch of \`${namespace}\` cannot stop the app \`${name}\``,
        hint: "Name an app of your own, without a tenant before it.",
      }),
    ];
  });
}
