import type { ExpressionFacts, ExpressionUse, ReadVariable } from "./expression.ts";
import type { Value } from "./values.ts";

/** What the checker knows of a value before there is one. */
export type Type = PlainType | ListType | MapType | ObjectType;

interface PlainType {
  readonly kind:
    | "bool"
    | "int"
    | "double"
    | "string"
    | "null"
    | "timestamp"
    | "duration"
    /** Told when it is evaluated: entries of `claims`, `params` and `args`. */
    | "dyn";
}
interface ListType {
  readonly kind: "list";
  readonly item: Type;
}
/** Keys are texts. */
interface MapType {
  readonly kind: "map";
  readonly value: Type;
}
/** One of the variables of policy-model 3.1, or a part of one, with the attributes it has. */
export interface ObjectType {
  readonly kind: "object";
  readonly name: string;
  readonly fields: ReadonlyMap<string, Field>;
}

/** One attribute of an object. */
export interface Field {
  readonly type: Type;
  /** Undefined where the facts do not have it. */
  readonly read: (owner: object, facts: ExpressionFacts) => Value | undefined;
  /** Where it may be read; absent: everywhere. */
  readonly only?: readonly ExpressionUse[];
  /** What reading it counts as, besides the variable it belongs to. */
  readonly counts?: ReadVariable;
  /** True: what is below it may be missing at any time, so it is read behind `has()` (W19). */
  readonly isOpen?: true;
}

export type Kind = Type["kind"];

export const bool: Type = { kind: "bool" };
export const int: Type = { kind: "int" };
export const double: Type = { kind: "double" };
export const string: Type = { kind: "string" };
export const nothing: Type = { kind: "null" };
export const timestamp: Type = { kind: "timestamp" };
export const duration: Type = { kind: "duration" };
export const dyn: Type = { kind: "dyn" };
export const listOf = (item: Type): Type => ({ kind: "list", item });
export const mapOf = (value: Type): Type => ({ kind: "map", value });

/** The type as an author reads it. */
export function describeType(type: Type): string {
  switch (type.kind) {
    case "list":
      return `list of ${describeType(type.item)}`;
    case "map":
      return `map of ${describeType(type.value)}`;
    case "object":
      return `\`${type.name}\``;
    case "dyn":
      return "any value";
    default:
      return type.kind;
  }
}

/** The type that values of both have, `dyn` where only a value can tell; undefined: none. */
export function commonType(a: Type, b: Type): Type | undefined {
  if (a.kind === "dyn" || b.kind === "dyn") return dyn;
  if (a.kind === "list" && b.kind === "list") return wrap(listOf, commonType(a.item, b.item));
  if (a.kind === "map" && b.kind === "map") return wrap(mapOf, commonType(a.value, b.value));
  if (a.kind === "object" || b.kind === "object") return undefined;
  return a.kind === b.kind ? a : undefined;
}

function wrap(outer: (inner: Type) => Type, inner: Type | undefined): Type | undefined {
  return inner && outer(inner);
}
