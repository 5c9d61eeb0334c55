import { type PolicyDocument, type PolicyFile, platformNamespace } from "./document.ts";

/** One model to be listed in a catalog. */
export interface DraftModel {
  /** The provider it is reached through; the first part of its id. */
  readonly provider: string;
  /** The model's name as the provider knows it; the rest of its id. */
  readonly name: string;
  /** `vendor` unless given. */
  readonly deployment?: string;
}

/**
 * Text of a platform ModelCatalog that lists models as approved, each once, sorted. What is not
 * fit to be part of a model id shows up as a problem when the text is parsed.
 */
export function modelCatalogDocument(models: readonly DraftModel[]): PolicyFile {
  const entries = new Map(models.map((model) => [`${model.provider}/${model.name}`, model]));
  const lines = [...entries]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, { provider, deployment = "vendor" }]) =>
      flow({ id, provider, tags: ["approved"], deployment }),
    );
  return {
    path: `${platformNamespace}/generated-models.yaml`,
    namespace: platformNamespace,
    text: [
      ...header("ModelCatalog", { name: "generated", namespace: platformNamespace }),
      lines.length === 0 ? "spec: { models: [] }" : "spec:\n  models:",
      ...lines.map((line) => `    - ${line}`),
      "",
    ].join("\n"),
  };
}

/** The one app to be declared. */
export interface StarterOptions {
  readonly tenant: string;
  readonly app: string;
  /** What is already written; documents declared there are not given again. */
  readonly declared?: readonly PolicyDocument[];
}

/** The least documents under which one app's requests are decided: Platform, Tenant and App. */
export function platformDocuments(options: StarterOptions): readonly PolicyFile[] {
  const { tenant, app, declared = [] } = options;
  const has = (kind: PolicyDocument["kind"], namespace: string, name?: string) =>
    declared.some(
      ({ kind: other, metadata }) =>
        other === kind &&
        metadata.namespace === namespace &&
        (name === undefined || metadata.name === name),
    );
  const files: PolicyFile[] = [];
  if (!has("Platform", platformNamespace)) {
    files.push(
      starterFile("generated-platform", [
        ...header("Platform", { name: "platform", namespace: platformNamespace }),
        "spec: { identity: [{ source: static }] }",
      ]),
    );
  }
  if (!has("Tenant", platformNamespace, tenant)) {
    files.push(
      starterFile("generated-tenant", [
        ...header("Tenant", { name: tenant, namespace: platformNamespace }),
        "spec: {}",
      ]),
    );
  }
  if (!has("App", tenant, app)) {
    const text = [...header("App", { name: app, namespace: tenant }), "spec: {}", ""].join("\n");
    files.push({ path: `${tenant}/generated-app.yaml`, namespace: tenant, text });
  }
  return files;
}

function starterFile(name: string, lines: readonly string[]): PolicyFile {
  return {
    path: `${platformNamespace}/${name}.yaml`,
    namespace: platformNamespace,
    text: [...lines, ""].join("\n"),
  };
}

function header(kind: string, metadata: { readonly name: string; readonly namespace: string }) {
  return [
    "apiVersion: chancery/v1alpha1",
    `kind: ${kind}`,
    `metadata: ${flow({ name: metadata.name, namespace: metadata.namespace })}`,
  ];
}

/** JSON is YAML, and quotes whatever a name may hold. */
function flow(value: Readonly<Record<string, unknown>>): string {
  const members = Object.entries(value).map(
    ([name, member]) => `${name}: ${JSON.stringify(member)}`,
  );
  return `{ ${members.join(", ")} }`;
}
