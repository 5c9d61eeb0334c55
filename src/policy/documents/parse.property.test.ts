import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import fc from "fast-check";
import { loadSnapshot } from "../index.ts";

const baseline = readFileSync(
  new URL("../../../policies/quickstart/platform/baseline.yaml", import.meta.url),
  "utf8",
);

const fragments = fc.constantFrom(
  ..."- |: |? |, |{|}|[|]|&a |*a |!t |!!str |\n|  |\n    |---\n|...\n|#|\t|'|\"|<<: |%YAML 1.1\n|> |\r\n".split(
    "|",
  ),
  "|",
  "\u0000",
  "\ud800",
  "\ufeff",
  "kind: Policy\n",
  "spec:\n",
  "rules: ",
  "__proto__: ",
  ".nan",
  "0x1",
  "~",
);

function load(text: string) {
  return loadSnapshot([{ path: "platform/p.yaml", namespace: "platform", text }], {
    engineVersion: "1.0.0",
  });
}

/** Never throws, and says yes or says why not. */
function assertAnswered(text: string): void {
  const { snapshot, problems } = load(text);
  const errors = problems.filter(({ severity }) => severity === "error");
  assert.equal(snapshot === undefined, errors.length > 0);
  for (const { line, column, message, hint } of errors) {
    assert.ok(line >= 1 && column >= 1);
    assert.ok(line <= text.split("\n").length);
    assert.ok(message.length > 0);
    assert.match(hint, /[.?]$/);
  }
}

describe("loading policies, for any text,", () => {
  it("ends in a snapshot or in problems that have a place", () => {
    fc.assert(
      fc.property(fc.array(fragments, { maxLength: 30 }), (parts) => {
        assertAnswered(parts.join(""));
      }),
      { numRuns: 800 },
    );
  });

  it("does so too when a real policy was cut, doubled or overwritten somewhere", () => {
    const at = fc.nat({ max: baseline.length });
    fc.assert(
      fc.property(at, fc.nat({ max: 40 }), fragments, (start, length, inserted) => {
        const before = baseline.slice(0, start);
        const after = baseline.slice(start + length);
        assertAnswered(before + inserted + after);
        assertAnswered(before + inserted + baseline.slice(start));
      }),
      { numRuns: 150 },
    );
  });

  it("does so too when a value anywhere in a document is another one", () => {
    const document = {
      apiVersion: "chancery/v1alpha1",
      kind: "Policy",
      metadata: { name: "p", namespace: "platform" },
      spec: {
        attach: { layer: "global" },
        rules: [
          { id: "a", effect: "allow", models: { ids: ["*"] }, dataClasses: { permitted: ["pii"] } },
          { id: "b", effect: "redact", redact: { method: "mask", classes: ["pii"] } },
          { id: "c", effect: "deny", dataClasses: { anyOf: ["pii"], in: ["prompt"] } },
        ],
      },
    };
    const values = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom("set:x", "tool.*", {}));
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 40 }), { maxLength: 3 }), values, (spots, value) => {
        let visited = 0;
        const changed = JSON.stringify(document, (_key, member) => {
          visited += 1;
          return spots.includes(visited) ? structuredClone(value) : member;
        });
        assertAnswered(changed);
      }),
      { numRuns: 500 },
    );
  });

  it("and where the kind is no text, nor can be made one", () => {
    for (const kind of ["{toString: false}", "[]", "{}", "~", '""']) {
      assertAnswered(`apiVersion: chancery.dev/v1\nkind: ${kind}\nmetadata: {name: so}\n`);
    }
  });
});
