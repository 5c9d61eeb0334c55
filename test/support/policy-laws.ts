import assert from "node:assert/strict";
import fc from "fast-check";
import type { DecisionInput } from "../../src/domain/index.ts";
import {
  compile,
  evaluate,
  type PolicyDocument,
  type PolicyFile,
  parsePolicies,
  type Snapshot,
} from "../../src/policy/index.ts";
import { filesOf, type World, worldsPerLaw } from "./policy-worlds.ts";

/* What laws of the engine on random worlds are written with. */

/** Fails with the smallest counterexample found. */
export function law<Values extends [unknown, ...unknown[]]>(property: fc.IProperty<Values>): void {
  fc.assert(property, { numRuns: worldsPerLaw });
}

/** Most files recur from world to world, and parsing is what takes the time. */
const parsed = new Map<string, readonly PolicyDocument[]>();

/** The documents of a file, which has no problems. */
export function parseOnce(file: PolicyFile): readonly PolicyDocument[] {
  const key = `${file.path} ${file.text}`;
  const known = parsed.get(key);
  if (known !== undefined) return known;
  const { documents, problems } = parsePolicies([file]);
  assert.deepEqual(problems, []);
  if (parsed.size > 20_000) parsed.clear();
  parsed.set(key, documents);
  return documents;
}

/** A world ready to serve; it has no errors. */
export function load(given: World): Snapshot {
  const documents = filesOf(given).flatMap(parseOnce);
  const { snapshot, problems } = compile(documents, { engineVersion: "1.0.0" });
  assert.deepEqual(
    problems.filter(({ severity }) => severity === "error"),
    [],
  );
  assert.ok(snapshot);
  return snapshot;
}

/** One world, before and after something in it was changed. */
interface Change {
  readonly before: Snapshot;
  readonly after: Snapshot;
}

/** Asserts that what was denied still is. */
export function assertNotPermitted(given: DecisionInput, { before, after }: Change): void {
  if (evaluate(before, given).outcome === "deny") {
    assert.equal(evaluate(after, given).outcome, "deny");
  }
}
