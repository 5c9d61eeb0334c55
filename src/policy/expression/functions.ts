import { toInt } from "./operators.ts";
import {
  formatDuration,
  formatTimestamp,
  parseDuration,
  parseTimestamp,
  secondsOf,
} from "./time.ts";
import {
  bool,
  double,
  duration,
  dyn,
  int,
  type Kind,
  string,
  type Type,
  timestamp,
} from "./types.ts";
import { Duration, failed, sizeOf, Timestamp, type Value } from "./values.ts";

/** A function of the profile; as a method its first parameter is what it is called on. */
export interface ExpressionFunction {
  readonly isMethod: boolean;
  readonly isPlain: boolean;
  /** Which kinds it takes, each a list of its parameters. */
  readonly forms: readonly (readonly Kind[])[];
  readonly result: Type;
  /** Total: values it does not take give `failed`. */
  readonly apply: (first: Value, second: Value) => Value;
}

/** Functions by name (policy-model 3.1); `matches` and those of time are apart. */
export const functions: ReadonlyMap<string, ExpressionFunction> = new Map([
  ["size", { ...plain(int, ["string", "list", "map"], toSize), isMethod: true }],
  ["contains", ofTexts((text, part) => text.includes(part))],
  ["startsWith", ofTexts((text, part) => text.startsWith(part))],
  ["endsWith", ofTexts((text, part) => text.endsWith(part))],
  ["int", plain(int, ["int", "double", "string", "timestamp"], convertToInt)],
  ["double", plain(double, ["double", "int", "string"], convertToDouble)],
  [
    "string",
    plain(string, ["string", "int", "double", "bool", "timestamp", "duration"], convertToText),
  ],
  ["bool", plain(bool, ["bool", "string"], convertToBool)],
  ["timestamp", plain(timestamp, ["timestamp", "string"], convertToTimestamp)],
  ["duration", plain(duration, ["duration", "string"], convertToDuration)],
  [
    "dyn",
    plain(
      dyn,
      ["bool", "int", "double", "string", "null", "timestamp", "duration", "list", "map"],
      (value) => value,
    ),
  ],
]);

function plain(
  result: Type,
  kinds: readonly Kind[],
  apply: (value: Value) => Value,
): ExpressionFunction {
  const forms = kinds.map((kind) => [kind]);
  return { isMethod: false, isPlain: true, forms, result, apply };
}

function ofTexts(holds: (text: string, part: string) => boolean): ExpressionFunction {
  return {
    isMethod: true,
    isPlain: false,
    forms: [["string", "string"]],
    result: bool,
    apply: (text, part) =>
      typeof text === "string" && typeof part === "string" ? holds(text, part) : failed,
  };
}

function toSize(value: Value): Value {
  const size = sizeOf(value);
  return size === undefined ? failed : BigInt(size);
}

/** Decimals lose what is behind the point. */
function convertToInt(value: Value): Value {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") {
    // Decimals next to the bounds stand for numbers on both sides of them.
    return Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : failed;
  }
  if (value instanceof Timestamp) return secondsOf(value);
  const isWhole = typeof value === "string" && /^[+-]?\d{1,19}$/.test(value);
  return isWhole ? toInt(BigInt(value.replace("+", ""))) : failed;
}

/**
 * Texts have to be numbers as people write them: `NaN` and infinity, which no limit catches, are
 * refused.
 */
function convertToDouble(value: Value): Value {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "string") return failed;
  if (value.length > 64 || !/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/.test(value)) {
    return failed;
  }
  const number = Number(value);
  return Number.isFinite(number) ? number : failed;
}

function convertToText(value: Value): Value {
  switch (typeof value) {
    case "string":
      return value;
    case "bigint":
    case "number":
    case "boolean":
      return String(value);
    default:
      if (value instanceof Timestamp) return formatTimestamp(value);
      return value instanceof Duration ? formatDuration(value) : failed;
  }
}

const booleans: ReadonlyMap<Value, boolean> = new Map<Value, boolean>([
  [true, true],
  [false, false],
  ...["1", "t", "true", "TRUE", "True"].map((word) => [word, true] as const),
  ...["0", "f", "false", "FALSE", "False"].map((word) => [word, false] as const),
]);

function convertToBool(value: Value): Value {
  return booleans.get(value) ?? failed;
}

function convertToTimestamp(value: Value): Value {
  if (value instanceof Timestamp) return value;
  return typeof value === "string" ? parseTimestamp(value) : failed;
}

function convertToDuration(value: Value): Value {
  if (value instanceof Duration) return value;
  return typeof value === "string" ? parseDuration(value) : failed;
}
