import assert from "node:assert/strict";
import test from "node:test";
import { families, labelledFamilies } from "./families.ts";

const kinds = [...families, ...labelledFamilies].flatMap((family) => family.kinds ?? []);

test("a type is described once, whatever families report it", () => {
  const byType = new Map(kinds.map((kind) => [kind.type, kind]));
  for (const kind of kinds) assert.equal(byType.get(kind.type), kind, kind.type);
});

test("types, data classes and detectors are named alike", () => {
  for (const { type, dataClass, detector, basePct } of kinds) {
    assert.match(type, /^[A-Z][A-Z0-9_]+$/);
    assert.match(dataClass, /^(pii|pci|phi|secret|financial|network)\.[a-z0-9_]+$/);
    assert.match(detector, new RegExp(`^${type.toLowerCase()}@\\d$`));
    assert.ok(basePct > 0 && basePct < 100, type);
  }
});
