import type { TLocalizedValidationError } from "typebox/error";
import { Settings } from "typebox/system";
import { Value } from "typebox/value";
import { invariant } from "../base/index.ts";
import type { Container, PlacedTree } from "./placed-tree.ts";
import type { SchemaNode, Step, Target } from "./schema-node.ts";
import { describeNotEnforced, describeShapeError, type ShapeProblem } from "./shape-messages.ts";

/** One document with hundreds of mistakes is not a policy; the rest can wait. */
export const shapeProblemsMax = 200;

/**
 * Compares a tree with its schema and takes out of it whatever does not fit, so that what remains
 * fits. A part without which its container would not fit takes the container along. Returns every
 * problem: E09 for what this version does not enforce, E01 for what no version knows.
 */
export function pruneToShape(tree: PlacedTree, schema: SchemaNode): readonly ShapeProblem[] {
  const problems: ShapeProblem[] = [];
  removeNotEnforced({ tree, schema, problems }, { schema, value: tree.root, path: [] });
  // Each round takes at least one part out; mostly the first one takes them all.
  for (;;) {
    const errors = allErrors(schema, tree.root).filter(isTelling);
    if (errors.length === 0) return problems;
    const targets = lastItemsFirst(errors).map((error) => {
      const target = locate(tree, schema, pointerParts(error.instancePath));
      problems.push({ code: "E01", ...describeShapeError(tree, target, error) });
      return target;
    });
    const gone = new Set<unknown>();
    for (const target of targets) {
      // Its place may by now be that of another item.
      if (target.steps.some(({ container }) => gone.has(container))) continue;
      gone.add(removeWithDependants(tree, target));
    }
    if (problems.length > shapeProblemsMax) tree.root = undefined;
    if (tree.root === undefined) return problems;
  }
}

/** The validator stops at a handful of errors unless its process-wide setting says otherwise. */
function allErrors(schema: SchemaNode, value: unknown): readonly TLocalizedValidationError[] {
  const { maxErrors } = Settings.Get();
  Settings.Set({ maxErrors: shapeProblemsMax });
  try {
    return Value.Errors(schema, value);
  } finally {
    Settings.Set({ maxErrors });
  }
}

/** The errors that say what is wrong; `additionalProperties` repeats them as a summary. */
function isTelling(error: TLocalizedValidationError): boolean {
  return error.keyword !== "additionalProperties";
}

/** Taking an item out moves those behind it, so the last ones go first. */
function lastItemsFirst(errors: readonly TLocalizedValidationError[]) {
  return errors.toSorted((a, b) => comparePaths(b.instancePath, a.instancePath));
}

function comparePaths(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

/** RFC 6901 section 4: `~1` is `/` and `~0` is `~`. */
function pointerParts(pointer: string): readonly string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The path is one of the tree: the validator's, or that of the walk below. */
function locate(tree: PlacedTree, root: SchemaNode, path: readonly string[]): Target {
  let value = tree.root;
  let schema: SchemaNode | undefined = root;
  const steps: Step[] = [];
  for (const key of path) {
    invariant(typeof value === "object" && value !== null, "a path leads through containers");
    steps.push({ container: value, key, schema: schema ?? {} });
    value = (value as Readonly<Record<string, unknown>>)[key];
    schema = memberSchema(schema, key);
  }
  return { value, schema, steps };
}

function memberSchema(schema: SchemaNode | undefined, key: string): SchemaNode | undefined {
  if (schema?.items !== undefined) return schema.items;
  const properties = schema?.properties;
  return properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined;
}

/**
 * Takes a part out, and its container too where that cannot be without it or would be an empty
 * list. Returns the outermost value taken out.
 */
function removeWithDependants(tree: PlacedTree, target: Target): unknown {
  const steps = [...target.steps];
  let removed = target.value;
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    const { container, key, schema } = step;
    tree.remove(container, key);
    const isEmptyList = Array.isArray(container) && container.length === 0;
    if (!isEmptyList && !schema.required?.includes(key)) return removed;
    removed = container;
  }
  tree.root = undefined;
  return removed;
}

interface Walk {
  readonly tree: PlacedTree;
  readonly schema: SchemaNode;
  readonly problems: ShapeProblem[];
}

interface Visit {
  readonly schema: SchemaNode;
  readonly value: unknown;
  readonly path: readonly string[];
}

/** Returns the outermost value that was taken out at or above the visited part, if any was. */
function removeNotEnforced(walk: Walk, visit: Visit): unknown {
  const { schema, value, path } = visit;
  if (isNotEnforced(schema, value)) {
    const target = locate(walk.tree, walk.schema, path);
    walk.problems.push(describeNotEnforced(walk.tree, target));
    return removeWithDependants(walk.tree, target);
  }
  if (typeof value !== "object" || value === null) return undefined;
  for (const key of visitOrder(schema, value)) {
    const member = memberSchema(schema, key);
    if (member === undefined) continue;
    const inner = (value as Readonly<Record<string, unknown>>)[key];
    const removed = removeNotEnforced(walk, { schema: member, value: inner, path: [...path, key] });
    if (removed !== undefined && removed !== inner) return removed;
  }
  return undefined;
}

/** Items from the last, as taking one out moves the rest; members others depend on first. */
function visitOrder(schema: SchemaNode, value: Container): readonly string[] {
  const keys = Object.keys(value);
  if (Array.isArray(value)) return keys.reverse();
  const required = schema.required ?? [];
  return [
    ...keys.filter((key) => required.includes(key)),
    ...keys.filter((key) => !required.includes(key)),
  ];
}

function isNotEnforced(schema: SchemaNode, value: unknown): boolean {
  if (schema["x-names"] === true) return typeof value === "string" && value.startsWith("set:");
  const enforced = schema["x-enforced"];
  if (enforced === undefined || enforced.includes(value)) return false;
  return Value.Check(schema, value);
}
