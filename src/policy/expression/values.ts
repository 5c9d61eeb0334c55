import { comparedValuesMax, listItemsMax } from "./limits.ts";

/** What stands for the result where there is none: an error in the sense of CEL. */
export const failed = Symbol("failed");

/**
 * A value while an expression is evaluated. Integers are bigint, decimals number; lists are arrays
 * or a JsonList, maps a MapValue; objects of the facts stand for the variables.
 */
export type Value = boolean | bigint | number | string | null | object | typeof failed;

/** Texts to values. */
export abstract class MapValue {
  abstract get(key: string): Value | undefined;
  abstract keys(): readonly string[];

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }
}

/** An object that came as JSON; its members become values when they are read. */
export class JsonMap extends MapValue {
  readonly #members: Readonly<Record<string, unknown>>;

  constructor(members: Readonly<Record<string, unknown>>) {
    super();
    this.#members = members;
  }

  // Keys are the caller's: what an object inherits is not a member.
  override get(key: string): Value | undefined {
    return Object.hasOwn(this.#members, key) ? fromJson(this.#members[key]) : undefined;
  }

  override has(key: string): boolean {
    return Object.hasOwn(this.#members, key) && this.#members[key] !== undefined;
  }

  keys(): readonly string[] {
    return Object.keys(this.#members);
  }
}

/** A map that the expression itself writes. */
export class EntryMap extends MapValue {
  readonly #entries: ReadonlyMap<string, Value>;

  constructor(entries: ReadonlyMap<string, Value>) {
    super();
    this.#entries = entries;
  }

  get(key: string): Value | undefined {
    return this.#entries.get(key);
  }

  keys(): readonly string[] {
    return [...this.#entries.keys()];
  }
}

/** A list that came as JSON, at most `listItemsMax` long. */
class JsonList {
  readonly items: readonly unknown[];

  constructor(items: readonly unknown[]) {
    this.items = items;
  }
}

/** Nanoseconds since the epoch. */
export class Timestamp {
  readonly nanoseconds: bigint;

  constructor(nanoseconds: bigint) {
    this.nanoseconds = nanoseconds;
  }
}

/** A length of time in nanoseconds. */
export class Duration {
  readonly nanoseconds: bigint;

  constructor(nanoseconds: bigint) {
    this.nanoseconds = nanoseconds;
  }
}

/** Whole numbers that JSON carries exactly are integers, all others decimals. */
export function fromJson(value: unknown): Value | undefined {
  switch (typeof value) {
    case "boolean":
    case "string":
    case "bigint":
      return value;
    case "number":
      return Number.isSafeInteger(value) ? BigInt(value) : value;
    case "object":
      if (value === null) return null;
      if (!Array.isArray(value)) return new JsonMap(value as Readonly<Record<string, unknown>>);
      return value.length > listItemsMax ? failed : new JsonList(value);
    default:
      return undefined;
  }
}

/** The items of a list; undefined for what is none. */
export function itemsOf(value: Value): readonly Value[] | undefined {
  if (Array.isArray(value)) return value;
  return value instanceof JsonList ? value.items.map((item) => fromJson(item) ?? null) : undefined;
}

/** How many characters, items or entries; undefined for what has none. */
export function sizeOf(value: Value): number | undefined {
  if (typeof value === "string") return codePointsOf(value);
  if (Array.isArray(value)) return value.length;
  if (value instanceof JsonList) return value.items.length;
  return value instanceof MapValue ? value.keys().length : undefined;
}

function codePointsOf(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Equality of CEL: numbers by their worth, whatever their types; values of other types differ. */
export function equals(a: Value, b: Value): Value {
  return isContainer(a) && isContainer(b)
    ? equalsWithin(a, b, { left: comparedValuesMax })
    : equalPlain(a, b);
}

function isContainer(value: Value): boolean {
  return value instanceof MapValue || value instanceof JsonList || Array.isArray(value);
}

function equalPlain(a: Value, b: Value): Value {
  if (a === failed || b === failed) return failed;
  if (typeof a === "bigint" && typeof b === "number") return isSameNumber(a, b);
  if (typeof a === "number" && typeof b === "bigint") return isSameNumber(b, a);
  if (a instanceof Timestamp && b instanceof Timestamp) return a.nanoseconds === b.nanoseconds;
  if (a instanceof Duration && b instanceof Duration) return a.nanoseconds === b.nanoseconds;
  return a === b;
}

function isSameNumber(whole: bigint, decimal: number): boolean {
  return Number.isInteger(decimal) && BigInt(decimal) === whole;
}

function equalsWithin(a: Value, b: Value, budget: { left: number }): Value {
  budget.left -= 1;
  if (budget.left < 0) return failed;
  if (!isContainer(a) || !isContainer(b)) return equalPlain(a, b);
  if (a instanceof MapValue && b instanceof MapValue) return equalMaps(a, b, budget);
  const [items, others] = [itemsOf(a), itemsOf(b)];
  if (items === undefined || items.length !== others?.length) return false;
  return equalAll(items, others, budget);
}

function equalMaps(a: MapValue, b: MapValue, budget: { left: number }): Value {
  const keys = a.keys();
  if (keys.length !== b.keys().length || !keys.every((key) => b.has(key))) return false;
  const members = (map: MapValue) => keys.map((key) => map.get(key) ?? null);
  return equalAll(members(a), members(b), budget);
}

/** A pair that differs decides, even where another cannot be compared. */
function equalAll(
  items: readonly Value[],
  others: readonly Value[],
  budget: { left: number },
): Value {
  let result: Value = true;
  for (const [index, item] of items.entries()) {
    const same = equalsWithin(item, others[index] ?? null, budget);
    if (same === false) return false;
    if (same === failed) result = failed;
  }
  return result;
}

/**
 * Below zero, zero or above; NaN where a NaN is compared, undefined for types without an order.
 * A whole number is compared with a decimal as a decimal, as CEL's conformance vectors have it.
 */
export function compare(a: Value, b: Value): number | undefined {
  if (typeof a === "bigint" && typeof b === "bigint") return signOf(a, b);
  if (typeof a === "string" && typeof b === "string") return compareTexts(a, b);
  if (kindOf(a) !== kindOf(b)) return undefined;
  const [x, y] = [ordinalOf(a), ordinalOf(b)];
  return x === undefined || y === undefined ? undefined : signOf(x, y);
}

function signOf(a: bigint | number, b: bigint | number): number {
  if (a === b) return 0;
  return a < b ? -1 : a > b ? 1 : Number.NaN;
}

function ordinalOf(value: Value): bigint | number | undefined {
  if (typeof value === "bigint" || typeof value === "number") return Number(value);
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value instanceof Timestamp || value instanceof Duration) return value.nanoseconds;
  return undefined;
}

function kindOf(value: Value): string {
  if (typeof value === "bigint" || typeof value === "number") return "number";
  if (value instanceof Timestamp) return "timestamp";
  return value instanceof Duration ? "duration" : typeof value;
}

/** By code point: UTF-16 units put what lies above U+FFFF before U+E000. */
function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const [x, y] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (x !== y) return rankOf(x) - rankOf(y);
  }
  return a.length - b.length;
}

function rankOf(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}
