import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { document, toFiles } from "../../../test/support/problem-cases.ts";
import { parsePolicies } from "../documents/parse.ts";
import { NamedSets } from "./named-sets.ts";

const { documents } = parsePolicies(
  toFiles({
    "platform/s.yaml": [
      document("NamedSet", "staff", "platform", "{ items: [p] }"),
      document("NamedSet", "none", "platform", "{ items: [] }"),
    ].join("---\n"),
    "acme/s.yaml": document("NamedSet", "staff", "acme", "{ items: [a, b] }"),
    "globex/s.yaml": document("NamedSet", "staff", "globex", "{ items: [g] }"),
  }),
);
const sets = new NamedSets(documents, "acme");

describe("a named set", () => {
  it("of the own namespace comes before the platform's, which its full name reaches", () => {
    assert.deepEqual(sets.expand(["set:staff", "x"]), ["a", "b", "x"]);
    assert.deepEqual(sets.expand(["set:platform/staff"]), ["p"]);
  });

  it("of another tenant stands for nothing", () => {
    assert.equal(sets.find("globex/staff"), undefined);
    assert.deepEqual(sets.expand(["set:globex/staff"]), []);
  });

  it("without items leaves a list that fits nothing", () => {
    assert.deepEqual(sets.expand(["set:none"]), []);
  });
});
