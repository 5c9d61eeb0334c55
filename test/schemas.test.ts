import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Compile } from "typebox/schema";
import { parseAllDocuments } from "yaml";
import {
  modelCatalogDocument,
  type PolicyFile,
  parsePolicies,
  platformDocuments,
} from "../src/policy/index.ts";
import { document, policy, rule } from "./support/problem-cases.ts";

const root = join(import.meta.dirname, "..");

function schemaOf(name: string) {
  const text = readFileSync(join(root, "schemas", `${name}.schema.json`), "utf8");
  return Compile(JSON.parse(text) as Readonly<Record<string, unknown>>);
}

const anyDocument = schemaOf("document");
const fileNames: Readonly<Record<string, string>> = Object.fromEntries(
  globSync("schemas/*.schema.json", { cwd: root }).map((path) => {
    const name = path.slice("schemas/".length, -".schema.json".length);
    return [name.replaceAll("-", ""), name];
  }),
);

interface Written {
  readonly kind: string;
}

function documentsIn(text: string): readonly Written[] {
  return parseAllDocuments(text).map((one) => one.toJS() as Written);
}

/** What the published schemas say of a document: that for any kind, and that of its own. */
function verdicts(written: Written): readonly boolean[] {
  const own = schemaOf(fileNames[written.kind.toLowerCase()] ?? "document");
  return [anyDocument.Check(written), own.Check(written)];
}

describe("the published schemas", () => {
  it("are one for each kind and one for any of them, in draft 2020-12", () => {
    for (const name of Object.values(fileNames)) {
      const text = readFileSync(join(root, "schemas", `${name}.schema.json`), "utf8");
      const { $schema } = JSON.parse(text) as { readonly $schema: string };
      assert.equal($schema, "https://json-schema.org/draft/2020-12/schema");
    }
    assert.equal(Object.keys(fileNames).length, 16);
  });

  for (const path of globSync("policies/**/*.{yaml,yml,json}", { cwd: root })) {
    it(`accept ${path}`, () => {
      for (const written of documentsIn(readFileSync(join(root, path), "utf8"))) {
        assert.deepEqual(verdicts(written), [true, true], JSON.stringify(written));
      }
    });
  }

  it("accept what the starter writes", () => {
    const files: readonly PolicyFile[] = [
      modelCatalogDocument([{ provider: "openai", name: "gpt-4o-mini" }]),
      ...platformDocuments({ tenant: "acme", app: "chat" }),
    ];
    const written = files.flatMap(({ text }) => documentsIn(text));
    assert.equal(written.length, 4);
    for (const one of written) assert.deepEqual(verdicts(one), [true, true]);
  });

  // What the loader reports as the shape of a document, an editor has to show as well.
  const misshapen: Readonly<Record<string, string>> = {
    "an unknown field": rule("effect: deny, modls: {}"),
    "a wrong word": rule("effect: denny"),
    "a missing field": policy("  rules: [{ id: r }]"),
    "an empty list": rule("effect: deny, dataClasses: { anyOf: [] }"),
    "a number out of bounds": rule("effect: deny, priority: 101"),
    "a name of another form": document("App", "Chat", "acme", "{}"),
    "an unknown field deep inside": rule(
      "effect: transform, transform: { params: { maxTokens: { maxx: 1 } } }",
    ),
    "a time without a date": policy('  activeFrom: "12:00"'),
    "another version": policy("").replace("v1alpha1", "v1"),
    "an unknown field of a permit": document(
      "Grant",
      "g",
      "acme",
      '{ ticket: t, reason: r, activeFrom: "2026-03-01T00:00:00Z", expiresAt: "2026-03-02T00:00:00Z", approvedBy: [a], scope: {}, permits: [{ id: a, effect: allow }] }',
    ),
  };
  for (const [what, text] of Object.entries(misshapen)) {
    it(`refuse ${what}, as the loader does`, () => {
      const [written] = documentsIn(text);
      assert.ok(written);
      assert.deepEqual(verdicts(written), [false, false]);
      const { problems } = parsePolicies([{ path: "p.yaml", namespace: "platform", text }]);
      assert.deepEqual(
        problems.map(({ code }) => code),
        ["E01"],
      );
    });
  }

  it("say what every field means", () => {
    const silent = Object.values(fileNames).flatMap((name) => {
      const text = readFileSync(join(root, "schemas", `${name}.schema.json`), "utf8");
      return fieldsIn(JSON.parse(text), name).flatMap(([path, field]) =>
        "description" in field ? [] : path,
      );
    });
    // What tells kinds apart names `kind` once more, and says nothing new about it.
    assert.deepEqual(
      silent.filter((path) => !path.startsWith("document/allOf/")),
      [],
    );
  });
});

function fieldsIn(node: unknown, path: string): readonly (readonly [string, object])[] {
  if (typeof node !== "object" || node === null) return [];
  const { properties = {}, ...others } = node as { readonly properties?: object };
  const fields = Object.entries(properties).flatMap(([key, field]) => [
    [`${path}/${key}`, field as object] as const,
    ...fieldsIn(field, `${path}/${key}`),
  ]);
  const inner = Object.entries(others).flatMap(([key, one]) => fieldsIn(one, `${path}/${key}`));
  return [...fields, ...inner];
}
