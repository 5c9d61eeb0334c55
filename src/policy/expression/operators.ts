import { builtTextUnitsMax, listItemsMax } from "./limits.ts";
import { toDuration, toTimestamp } from "./time.ts";
import {
  bool,
  commonType,
  duration,
  dyn,
  type Kind,
  listOf,
  type Type,
  timestamp,
} from "./types.ts";
import {
  compare,
  Duration,
  equals,
  failed,
  itemsOf,
  MapValue,
  Timestamp,
  type Value,
} from "./values.ts";

/** An operator of two values that are both evaluated. */
export interface BinaryOperator {
  /** As it is written. */
  readonly sign: string;
  /** Type of the result; undefined: it does not take these types together. */
  readonly typeOf: (left: Type, right: Type) => Type | undefined;
  /** Total: values it does not take give `failed`. */
  readonly apply: (left: Value, right: Value) => Value;
}

const ordered: readonly Kind[] = ["bool", "int", "double", "string", "timestamp", "duration"];
const numbers: readonly Kind[] = ["int", "double"];

/** Operators by the name the parser gives their calls. */
export const binaryOperators: ReadonlyMap<string, BinaryOperator> = new Map(
  Object.entries({
    "_==_": { sign: "==", typeOf: equalityType, apply: equals },
    "_!=_": { sign: "!=", typeOf: equalityType, apply: (a, b) => not(equals(a, b)) },
    "_<_": ordering("<", (order) => order < 0),
    "_<=_": ordering("<=", (order) => order <= 0),
    "_>_": ordering(">", (order) => order > 0),
    "_>=_": ordering(">=", (order) => order >= 0),
    "_+_": { sign: "+", typeOf: sumType, apply: add },
    "_-_": { sign: "-", typeOf: differenceType, apply: subtract },
    "_*_": arithmetic("*", { ints: (a, b) => a * b, doubles: (a, b) => a * b }),
    "_/_": arithmetic("/", {
      ints: (a, b) => (b === 0n ? failed : a / b),
      doubles: (a, b) => a / b,
    }),
    "_%_": arithmetic("%", { ints: (a, b) => (b === 0n ? failed : a % b) }),
    "@in": { sign: "in", typeOf: membershipType, apply: isMember },
  } satisfies Record<string, BinaryOperator>),
);

/** The opposite of a boolean; anything else is an error. */
export function not(value: Value): Value {
  return typeof value === "boolean" ? !value : failed;
}

/** The negative of a number. */
export function negate(value: Value): Value {
  if (typeof value === "bigint") return toInt(-value);
  return typeof value === "number" ? -value : failed;
}

/** A whole number if it has at most 64 bits. */
export function toInt(value: bigint): Value {
  return value === BigInt.asIntN(64, value) ? value : failed;
}

/** An item of a list, or an entry of a map. */
export function index(owner: Value, key: Value): Value {
  if (owner instanceof MapValue) {
    return typeof key === "string" ? orFailed(owner.get(key)) : failed;
  }
  const place = typeof key === "bigint" ? Number(key) : key;
  return typeof place === "number" ? orFailed(itemsOf(owner)?.[place]) : failed;
}

/** What is missing is an error. */
export function orFailed(value: Value | undefined): Value {
  return value === undefined ? failed : value;
}

function equalityType(left: Type, right: Type): Type | undefined {
  return commonType(left, right) && bool;
}

function ordering(sign: string, holds: (order: number) => boolean): BinaryOperator {
  return {
    sign,
    typeOf: (left, right) => {
      if (isOneOf(ordered, left, right)) {
        // Numbers have one order whatever their types, so comparing them converts nothing.
        const areNumbers = isOneOf(numbers, left) && isOneOf(numbers, right);
        if (areNumbers || commonType(left, right) !== undefined) return bool;
      }
      return undefined;
    },
    apply: (a, b) => {
      const order = compare(a, b);
      return order === undefined ? failed : holds(order);
    },
  };
}

/** All of the types are of these kinds, as far as they are known. */
function isOneOf(kinds: readonly Kind[], ...types: readonly Type[]): boolean {
  return types.every(({ kind }) => kind === "dyn" || kinds.includes(kind));
}

interface Arithmetic {
  readonly ints: (a: bigint, b: bigint) => bigint | typeof failed;
  readonly doubles?: (a: number, b: number) => number;
}

function arithmetic(sign: string, { ints, doubles }: Arithmetic): BinaryOperator {
  const kinds: readonly Kind[] = doubles ? numbers : ["int"];
  return {
    sign,
    typeOf: (left, right) => (isOneOf(kinds, left, right) ? commonType(left, right) : undefined),
    apply: (a, b) => {
      if (typeof a === "number" && typeof b === "number") return doubles?.(a, b) ?? failed;
      if (typeof a !== "bigint" || typeof b !== "bigint") return failed;
      const result = ints(a, b);
      return result === failed ? failed : toInt(result);
    },
  };
}

function sumType(left: Type, right: Type): Type | undefined {
  const moment = momentType(left, right) ?? momentType(right, left);
  if (moment !== undefined) return moment;
  const kinds: readonly Kind[] = ["int", "double", "string", "list", "duration"];
  if (left.kind === "list" && right.kind === "list") {
    return commonType(left, right) ?? listOf(dyn);
  }
  return isOneOf([...kinds, "timestamp"], left, right) && !areMoments(left, right)
    ? commonType(left, right)
    : undefined;
}

function differenceType(left: Type, right: Type): Type | undefined {
  if (areMoments(left, right)) return duration;
  const kinds: readonly Kind[] = ["int", "double", "timestamp", "duration"];
  return (
    momentType(left, right) ?? (isOneOf(kinds, left, right) ? commonType(left, right) : undefined)
  );
}

/** A timestamp with a duration gives a timestamp. */
function momentType(moment: Type, length: Type): Type | undefined {
  return moment.kind === "timestamp" && length.kind === "duration" ? timestamp : undefined;
}

function areMoments(left: Type, right: Type): boolean {
  return left.kind === "timestamp" && right.kind === "timestamp";
}

function add(a: Value, b: Value): Value {
  if (typeof a === "bigint" && typeof b === "bigint") return toInt(a + b);
  if (typeof a === "number" && typeof b === "number") return a + b;
  if (typeof a === "string" && typeof b === "string") {
    return a.length + b.length > builtTextUnitsMax ? failed : a + b;
  }
  return addLengths(a, b) ?? addLists(a, b);
}

function addLengths(a: Value, b: Value): Value | undefined {
  if (a instanceof Timestamp && b instanceof Duration) {
    return toTimestamp(a.nanoseconds + b.nanoseconds);
  }
  if (!(a instanceof Duration)) return undefined;
  if (b instanceof Timestamp) return toTimestamp(a.nanoseconds + b.nanoseconds);
  return b instanceof Duration ? toDuration(a.nanoseconds + b.nanoseconds) : undefined;
}

function addLists(a: Value, b: Value): Value {
  const [items, others] = [itemsOf(a), itemsOf(b)];
  if (items === undefined || others === undefined) return failed;
  return items.length + others.length > listItemsMax ? failed : [...items, ...others];
}

function subtract(a: Value, b: Value): Value {
  if (typeof a === "bigint" && typeof b === "bigint") return toInt(a - b);
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (b instanceof Duration) {
    if (a instanceof Duration) return toDuration(a.nanoseconds - b.nanoseconds);
    return a instanceof Timestamp ? toTimestamp(a.nanoseconds - b.nanoseconds) : failed;
  }
  const areBoth = a instanceof Timestamp && b instanceof Timestamp;
  return areBoth ? toDuration(a.nanoseconds - b.nanoseconds) : failed;
}

function membershipType(item: Type, container: Type): Type | undefined {
  switch (container.kind) {
    case "dyn":
      return item.kind === "object" ? undefined : bool;
    case "list":
      return commonType(item, container.item) && bool;
    case "map":
      return isOneOf(["string"], item) ? bool : undefined;
    default:
      return undefined;
  }
}

/** One item that is equal decides, even where another cannot be compared. */
function isMember(item: Value, container: Value): Value {
  if (container instanceof MapValue) {
    return typeof item === "string" ? container.has(item) : failed;
  }
  const items = itemsOf(container);
  if (items === undefined) return failed;
  let result: Value = false;
  for (const other of items) {
    const same = equals(item, other);
    if (same === true) return true;
    if (same === failed) result = failed;
  }
  return result;
}
