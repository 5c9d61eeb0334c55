import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { filesOf, world } from "../../test/support/policy-worlds.ts";
import { type PolicyFile, parsePolicies } from "../policy/index.ts";
import { FileTable } from "./file-table.ts";
import { Joiner, split } from "./pieces.ts";
import type { Preparation } from "./preparation.ts";
import { prepare } from "./prepare.ts";

function prepareFiles(files: readonly PolicyFile[]): Preparation {
  const lastGood = new Map([
    ["platform", files.filter(({ namespace }) => namespace === "platform")],
  ]);
  return prepare(
    { files, lastGood, readProblems: [], nowMs: 0, engineVersion: "1.0.0" },
    { parse: (file) => parsePolicies([file]) },
  );
}

/** As it comes out at the other side, and how many pieces that took. */
function send(preparation: Preparation, files: readonly PolicyFile[]) {
  const table = new FileTable();
  for (const file of files) table.add(file);
  const joiner = new Joiner(files);
  let count = 0;
  for (const piece of split(preparation, table)) {
    count += 1;
    const whole = joiner.take(structuredClone(piece));
    if (whole !== undefined) return { whole, count };
  }
  throw new Error("expected an end");
}

/** Without what only the thread itself knows. */
function comparable({ namespaces, ...rest }: Preparation) {
  const serving = [...namespaces].map(([name, { files, state }]) => [name, { files, state }]);
  return { ...rest, namespaces: new Map(serving as never) };
}

// Caught: an empty list of the form that was no list any more at the other side.
test("what goes over in pieces is what was prepared", () => {
  fc.assert(
    fc.property(world(), fc.boolean(), (documents, isBroken) => {
      const broken = { namespace: "acme", path: "acme/x.yaml", text: "kind: Nonsense\n" };
      const files = [...filesOf(documents), ...(isBroken ? [broken] : [])];
      const prepared = prepareFiles(files);
      assert.deepEqual(comparable(send(prepared, files).whole), comparable(prepared));
    }),
    { numRuns: 60 },
  );
});

test("files that were not sent come along with the namespaces they are of", () => {
  const text = (kind: string, name: string) =>
    `apiVersion: chancery/v1alpha1\nkind: ${kind}\nmetadata: { name: ${name}, namespace: platform }\nspec: {}\n`;
  const files = Array.from({ length: 120 }, (_, index) => ({
    namespace: "platform",
    path: `platform/t${index}.yaml`,
    text: text("Tenant", `t${index}`),
  }));
  const prepared = prepareFiles(files);
  const { count, whole } = send(prepared, files.slice(0, 10));
  assert.deepEqual(whole.namespaces.get("platform")?.files, files);
  assert.ok(count > 6);
});

test("nothing that can be in force goes over as that", () => {
  const files = [{ namespace: "platform", path: "platform/x.yaml", text: "kind: Nonsense\n" }];
  const prepared = prepare(
    { files, lastGood: new Map(), readProblems: [], nowMs: 0, engineVersion: "1.0.0" },
    { parse: (file) => parsePolicies([file]) },
  );
  const { whole } = send(prepared, files);
  assert.equal(whole.compiled, undefined);
  assert.deepEqual(whole.problems, prepared.problems);
});
