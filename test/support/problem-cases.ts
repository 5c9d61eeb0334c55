import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { loadSnapshot, type PolicyFile } from "../../src/policy/index.ts";

/**
 * One folder with one problem. Where it is expected the text holds `«`, which is taken out before it
 * is read. `clean` is the same place written right.
 */
export interface ProblemCase {
  readonly claim: string;
  readonly problem: string;
  readonly hint: string;
  readonly file?: string;
  readonly wrong: string;
  readonly clean: string;
  /** Files besides those of the world. */
  readonly also?: Readonly<Record<string, string>>;
}

/** A global policy of the platform named `p`; `spec` is the rest of its spec, indented by two. */
export const policy = (spec: string) =>
  `apiVersion: chancery/v1alpha1\nkind: Policy\nmetadata: { name: p, namespace: platform }\nspec:\n  attach: { layer: global }\n${spec}\n`;

/** The same with one rule `r`. */
export const rule = (fields: string) => policy(`  rules:\n    - { id: r, ${fields} }`);

/** A document of any kind, its spec in flow style. */
export const document = (kind: string, name: string, namespace: string, spec: string) =>
  `apiVersion: chancery/v1alpha1\nkind: ${kind}\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: ${spec}\n`;

/** What every case stands in: a tenant with an app, and catalogs of one model and one tool. */
export const world: Readonly<Record<string, string>> = {
  "platform/base.yaml": [
    document("Tenant", "acme", "platform", "{}"),
    document(
      "ModelCatalog",
      "models",
      "platform",
      "{ models: [{ id: openai/gpt, aliases: [fast] }] }",
    ),
    document("ToolCatalog", "tools", "platform", "{ tools: [{ name: crm/lookup, risk: read }] }"),
  ].join("---\n"),
  "acme/app.yaml": document("App", "chat", "acme", "{}"),
};

export const platformFile = "platform/p.yaml";
export const tenantFile = "acme/p.yaml";

/** A policy of the tenant named `p`. */
export const tenantPolicy = (attach: string) =>
  document("Policy", "p", "acme", `{ attach: ${attach} }`);

/** Tests that each case has its one problem, at its place, and that the clean twin loads. */
export function testProblems(about: string, cases: readonly ProblemCase[]): void {
  describe(about, () => {
    for (const { claim, problem, hint, file = platformFile, wrong, clean, also } of cases) {
      it(claim, () => {
        const marked = readMark(wrong);
        const found = checkTexts({ ...world, ...also, [file]: marked.text });
        assert.deepEqual(found.problems, [`${file}:${marked.line}:${marked.column} ${problem}`]);
        assert.deepEqual(found.hints, [hint]);
        assert.equal(found.isLoaded, false);

        const cleanFile = clean.includes("namespace: platform") ? platformFile : file;
        const twin = checkTexts({ ...world, ...also, [cleanFile]: clean });
        assert.deepEqual(twin, { problems: [], hints: [], isLoaded: true });
      });
    }
  });
}

/** A text without its mark, and where that stood. */
export function readMark(marked: string) {
  const offset = marked.indexOf("«");
  assert.notEqual(offset, -1, "the text marks where the problem is");
  const before = marked.slice(0, offset).split("\n");
  return {
    text: marked.replace("«", ""),
    line: before.length,
    column: (before.at(-1)?.length ?? 0) + 1,
  };
}

/** Files of texts by path. */
export function toFiles(texts: Readonly<Record<string, string>>): readonly PolicyFile[] {
  return Object.entries(texts).map(([path, text]) => ({
    path,
    namespace: path.split("/")[0] ?? "",
    text,
  }));
}

/** What loading texts says: each problem in one line, its hint, and whether all of it is in force. */
export function checkTexts(texts: Readonly<Record<string, string>>) {
  const { snapshot, problems, namespaces } = loadSnapshot(toFiles(texts), {
    engineVersion: "1.0.0",
  });
  return {
    problems: problems.map(
      ({ file, line, column, code, message }) => `${file}:${line}:${column} ${code} ${message}`,
    ),
    hints: problems.map(({ hint }) => hint),
    isLoaded:
      snapshot !== undefined && [...namespaces.values()].every(({ state }) => state === "current"),
  };
}
