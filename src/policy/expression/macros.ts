import type { CompiledNode, Run } from "./compiled-node.ts";
import { listItemsMax } from "./limits.ts";
import type { SyntaxNode, SyntaxOf } from "./parse-expression.ts";
import { bool, dyn, listOf, string, type Type } from "./types.ts";
import { failed, itemsOf, MapValue, type Value } from "./values.ts";

type Comprehension = SyntaxOf<"comprehensionExpr">;

/** A macro over a list or the keys of a map, as it was written. */
export interface Macro {
  readonly name: string;
  /** The variable its parts may read. */
  readonly variable: string;
  readonly range: SyntaxNode;
  /** What is asked of an item; absent for a `map` of all of them. */
  readonly test: SyntaxNode | undefined;
  /** What a `map` makes of an item. */
  readonly step: SyntaxNode | undefined;
}

/** Takes apart what the parser expanded a macro to. */
export function readMacro(name: string, expanded: Comprehension): Macro | undefined {
  const { iterVar, iterRange, loopStep } = expanded;
  const [first, second] = argumentsOf(loopStep);
  if (iterRange === undefined) return undefined;
  const macro = { name, variable: iterVar, range: iterRange, test: undefined, step: undefined };
  switch (name) {
    // accumulator || test, accumulator && test
    case "exists":
    case "all":
      return { ...macro, test: second };
    // test ? … : accumulator
    case "exists_one":
    case "existsOne":
    case "filter":
      return { ...macro, test: first };
    // accumulator + [step], or test ? accumulator + [step] : accumulator
    case "map":
      return functionOf(loopStep) === "_?_:_"
        ? { ...macro, test: first, step: onlyItem(argumentsOf(second)[1]) }
        : { ...macro, step: onlyItem(second) };
    default:
      return undefined;
  }
}

function functionOf(node: SyntaxNode | undefined): string | undefined {
  return node?.exprKind.case === "callExpr" ? node.exprKind.value.function : undefined;
}

function argumentsOf(node: SyntaxNode | undefined): readonly SyntaxNode[] {
  return node?.exprKind.case === "callExpr" ? node.exprKind.value.args : [];
}

function onlyItem(node: SyntaxNode | undefined): SyntaxNode | undefined {
  return node?.exprKind.case === "listExpr" ? node.exprKind.value.elements[0] : undefined;
}

/** Type of the variable of a macro over a range; undefined: there is nothing to go through. */
export function itemTypeOf(range: Type): Type | undefined {
  switch (range.kind) {
    case "list":
      return range.item;
    case "map":
      return string;
    case "dyn":
      return dyn;
    default:
      return undefined;
  }
}

/** The macro's parts, compiled. */
export interface MacroParts {
  readonly range: CompiledNode;
  readonly test: CompiledNode | undefined;
  readonly step: CompiledNode | undefined;
}

/** A macro ready to run; it goes through at most `listItemsMax` items. */
export function compileMacro(name: string, { range, test, step }: MacroParts): CompiledNode {
  const over = (fold: (items: readonly Value[], facts: Parameters<Run>[0]) => Value): Run => {
    return (facts, item) => {
      const items = rangeItems(range.run(facts, item));
      return items === undefined ? failed : fold(items, facts);
    };
  };
  const holds: Run = test?.run ?? (() => true);
  switch (name) {
    case "exists":
      return { type: bool, run: over((items, facts) => decides(true, items, holds, facts)) };
    case "all":
      return { type: bool, run: over((items, facts) => decides(false, items, holds, facts)) };
    case "filter":
      return {
        type: range.type.kind === "list" ? range.type : listOf(itemTypeOf(range.type) ?? dyn),
        run: over((items, facts) => collect(items, { holds, step: undefined }, facts)),
      };
    case "map":
      return {
        type: listOf(step?.type ?? dyn),
        run: over((items, facts) => collect(items, { holds, step: step?.run }, facts)),
      };
    default:
      return {
        type: bool,
        run: over((items, facts) => {
          const found = collect(items, { holds, step: undefined }, facts);
          return Array.isArray(found) ? found.length === 1 : failed;
        }),
      };
  }
}

function rangeItems(range: Value): readonly Value[] | undefined {
  const items = range instanceof MapValue ? range.keys() : itemsOf(range);
  return items !== undefined && items.length <= listItemsMax ? items : undefined;
}

/** One item with this result decides, even where others are errors. */
function decides(
  result: boolean,
  items: readonly Value[],
  holds: Run,
  facts: Parameters<Run>[0],
): Value {
  let otherwise: Value = !result;
  for (const item of items) {
    const held = holds(facts, item);
    if (held === result) return result;
    if (held !== !result) otherwise = failed;
  }
  return otherwise;
}

interface Collector {
  readonly holds: Run;
  readonly step: Run | undefined;
}

function collect(
  items: readonly Value[],
  { holds, step }: Collector,
  facts: Parameters<Run>[0],
): Value {
  const kept: Value[] = [];
  for (const item of items) {
    const held = holds(facts, item);
    if (held === false) continue;
    const value = held === true ? (step ? step(facts, item) : item) : failed;
    if (value === failed) return failed;
    kept.push(value);
  }
  return kept;
}
