import type { TLocalizedValidationError } from "typebox/error";
import { Settings } from "typebox/system";
import { Value } from "typebox/value";
import { LineCounter } from "yaml";
import { invariant } from "../../base/index.ts";
import { PlacedTree } from "./placed-tree.ts";
import type { SchemaNode, Step, Target } from "./schema-node.ts";
import { describeShapeError, type ShapeProblem } from "./shape-messages.ts";

/** One document with hundreds of mistakes is not a policy; the rest can wait. */
export const shapeProblemsMax = 200;

/**
 * Compares a tree with its schema and takes out of it whatever does not fit, so that what remains
 * fits. A part without which its container would not fit takes the container along. Returns every
 * problem, all of them E01.
 */
export function pruneToShape(tree: PlacedTree, schema: SchemaNode): readonly ShapeProblem[] {
  const problems: ShapeProblem[] = [];
  // Each round takes at least one part out; mostly the first one takes them all.
  for (;;) {
    const errors = tellingErrors(schema, tree.root);
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

/** One part of a value that does not fit, told by where it is. */
export interface Misfit extends Pick<ShapeProblem, "message" | "hint"> {
  /** Members and items from the outside in; the last one is the part itself. */
  readonly path: readonly string[];
  /** True: it is a field that its mapping does not have. */
  readonly isUnknownField: boolean;
}

/** What of a plain value does not fit a schema; the value stays as it is. */
export function findMisfits(value: unknown, schema: SchemaNode): readonly Misfit[] {
  const tree = new PlacedTree(new LineCounter(), 0);
  tree.root = value;
  return tellingErrors(schema, value).map((error) => {
    const path = pointerParts(error.instancePath);
    const { message, hint } = describeShapeError(tree, locate(tree, schema, path), error);
    return { path, isUnknownField: error.keyword === "boolean", message, hint };
  });
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

/**
 * The errors that say what is wrong, one a value: `additionalProperties` repeats them as a summary,
 * and what does not have the form of a time is no time either.
 */
function tellingErrors(schema: SchemaNode, value: unknown): readonly TLocalizedValidationError[] {
  const errors = allErrors(schema, value);
  const misshapen = new Set(
    errors.filter(({ keyword }) => keyword === "pattern").map(({ instancePath }) => instancePath),
  );
  return errors.filter(
    ({ keyword, instancePath }) =>
      keyword !== "additionalProperties" && !(keyword === "format" && misshapen.has(instancePath)),
  );
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

/** The validator's path is one of the tree. */
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
  if (properties !== undefined && Object.hasOwn(properties, key)) return properties[key];
  const named = Object.entries(schema?.patternProperties ?? {});
  return named.find(([pattern]) => new RegExp(pattern, "u").test(key))?.[1];
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
