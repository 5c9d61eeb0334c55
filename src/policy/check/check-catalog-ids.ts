import type { Problem } from "../../base/index.ts";
import {
  type DocumentOfKind,
  documentsOf,
  type PolicyDocument,
  platformNamespace,
} from "../documents/document.ts";
import { placeProblem } from "../documents/place-problem.ts";

/** Finds models and tools listed under an id that is not their namespace's: E06 (policy-model 2.1). */
export function findForeignEntries(
  own: readonly PolicyDocument[],
  tenantIds: readonly string[],
): readonly Problem[] {
  return [
    ...documentsOf(own, "ModelCatalog").flatMap((catalog) =>
      (catalog.spec.models ?? []).flatMap((model) => {
        const entry = { of: model, field: "id", name: model.id };
        const also = { platform: ", and name the `provider` if it must be this one" };
        return foreignEntry(catalog, entry, { tenantIds, what: "ids", also });
      }),
    ),
    ...documentsOf(own, "ToolCatalog").flatMap((catalog) =>
      (catalog.spec.tools ?? []).flatMap((tool) => {
        const entry = { of: tool, field: "name", name: tool.name };
        return foreignEntry(catalog, entry, { tenantIds, what: "names" });
      }),
    ),
  ];
}

type Catalog = DocumentOfKind<"ModelCatalog"> | DocumentOfKind<"ToolCatalog">;

interface Entry {
  readonly of: object;
  readonly field: string;
  /** `<owner>/<rest>`. */
  readonly name: string;
}

interface Ownership {
  readonly tenantIds: readonly string[];
  readonly what: "ids" | "names";
  /** What the hint to the platform ends with. */
  readonly also?: { readonly platform: string };
}

function foreignEntry(
  catalog: Catalog,
  { of, field, name }: Entry,
  { tenantIds, what, also }: Ownership,
): readonly Problem[] {
  const { namespace } = catalog.source;
  const slash = name.indexOf("/");
  const owner = name.slice(0, slash);
  const isPlatform = namespace === platformNamespace;
  if (isPlatform ? !tenantIds.includes(owner) : owner === namespace) return [];
  const renamed = `Write \`${namespace}/${name.slice(slash + 1)}\``;
  const provider = what === "ids" ? `, with \`provider: ${owner}\`` : "";
  return [
    placeProblem(
      catalog,
      { value: field, of },
      {
        code: "E06",
        message: isPlatform
          ? `${what} that begin with \`${owner}/\` belong to the tenant \`${owner}\``
          : `${what} in the catalog of \`${namespace}\` must begin with \`${namespace}/\``,
        hint: isPlatform
          ? `Choose another first part${also?.platform ?? ""}.`
          : `${renamed}${provider}.`,
      },
    ),
  ];
}
