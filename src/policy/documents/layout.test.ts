import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { layOut } from "./layout.ts";

describe("the canonical layout", () => {
  test("comments, blank lines, anchors and several documents are kept", () => {
    const text = [
      "# about the file",
      "",
      "kind:   Policy   # about the kind",
      "spec:",
      "    # about the rule",
      "    list:   &all  ['a',\"b\"]",
      "",
      "    map: {a:   1,b: *all}",
      "---",
      "kind: Tenant",
      "",
    ].join("\n");
    const expected = [
      "# about the file",
      "",
      "kind: Policy # about the kind",
      "spec:",
      "  # about the rule",
      '  list: &all ["a", "b"]',
      "",
      "  map: { a: 1, b: *all }",
      "---",
      "kind: Tenant",
      "",
    ].join("\n");
    assert.deepEqual(layOut("a.yaml", text), { text: expected });
  });

  test("single quotes stay where double ones would need escapes", () => {
    assert.deepEqual(layOut("a.yaml", `a: 'say "no"'\nb: '\\d'\nc: 'yes'\n`), {
      text: `a: 'say "no"'\nb: '\\d'\nc: "yes"\n`,
    });
  });

  test("JSON stays JSON", () => {
    assert.deepEqual(layOut("a.json", '{"a":[1]}'), { text: '{\n  "a": [\n    1\n  ]\n}\n' });
  });

  test("a text whose meaning the layout would change is left as it is", () => {
    // The tag does not fit the text, so a reader takes the text, and the writer writes a number.
    assert.deepEqual(layOut("a.yaml", "a: !!int many\n"), { kept: "unsettled" });
    assert.deepEqual(layOut("a.yaml", "a: !!int 12\n"), { text: "a: !!int 12\n" });
  });

  test("what is not YAML is left as it is", () => {
    assert.deepEqual(layOut("a.yaml", "a: [1"), { kept: "broken" });
    assert.deepEqual(layOut("a.yaml", "a: 1\na: 2\n"), { kept: "broken" });
  });
});
