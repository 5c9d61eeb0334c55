import { nearestName } from "../../base/index.ts";
import type { CompiledNode, Run } from "./compiled-node.ts";
import type { Complaint } from "./complaints.ts";
import { type ExpressionFunction, functions } from "./functions.ts";
import { compilePattern } from "./match-pattern.ts";
import { type BinaryOperator, binaryOperators, negate, not } from "./operators.ts";
import { durationMethods, timeMethods, timePart, zoneOf } from "./time.ts";
import { bool, commonType, describeType, int, type Type } from "./types.ts";
import { failed, type Value } from "./values.ts";

/** Checks one call of an operator or a function; the first part of a method is what it is called on. */
export function compileCall(
  name: string,
  parts: readonly CompiledNode[],
  isMethod: boolean,
): CompiledNode | Complaint {
  const [first, second, third] = parts;
  const operator = binaryOperators.get(name);
  if (operator && first && second) return compileBinary(operator, first, second);
  if (first && second && third && name === "_?_:_") return compileChoice(first, second, third);
  if (first && second && name === "_&&_") return compileLogic(false, [first, second]);
  if (first && second && name === "_||_") return compileLogic(true, [first, second]);
  if (first && name === "!_") return compileUnary("!", first);
  if (first && name === "-_") return compileUnary("-", first);
  return compileFunction(name, parts, isMethod);
}

function compileBinary(
  { sign, typeOf, apply }: BinaryOperator,
  left: CompiledNode,
  right: CompiledNode,
): CompiledNode | Complaint {
  const type = typeOf(left.type, right.type);
  if (type === undefined) return wrongTypes(sign, [left, right]);
  return { type, run: applying(apply, left, right) };
}

function applying(
  apply: (a: Value, b: Value) => Value,
  left: CompiledNode,
  right: CompiledNode,
): Run {
  const { run: runLeft } = left;
  const { literal } = right;
  if (literal !== undefined) {
    return (facts, item) => {
      const a = runLeft(facts, item);
      return a === failed ? failed : apply(a, literal);
    };
  }
  const { run: runRight } = right;
  return (facts, item) => {
    const a = runLeft(facts, item);
    if (a === failed) return failed;
    const b = runRight(facts, item);
    return b === failed ? failed : apply(a, b);
  };
}

/** `&&` and `||`: one side that decides absorbs an error of the other (policy-model 5.4). */
function compileLogic(
  deciding: boolean,
  [left, right]: readonly [CompiledNode, CompiledNode],
): CompiledNode | Complaint {
  if (!isBool(left.type) || !isBool(right.type)) {
    return wrongTypes(deciding ? "||" : "&&", [left, right]);
  }
  const { run: runLeft } = left;
  const { run: runRight } = right;
  return {
    type: bool,
    run: (facts, item) => {
      const a = runLeft(facts, item);
      if (a === deciding) return deciding;
      const b = runRight(facts, item);
      if (b === deciding) return deciding;
      return a === !deciding && b === !deciding ? !deciding : failed;
    },
  };
}

function compileChoice(
  test: CompiledNode,
  yes: CompiledNode,
  no: CompiledNode,
): CompiledNode | Complaint {
  const type = yes.type === no.type ? yes.type : commonType(yes.type, no.type);
  if (!isBool(test.type)) return wrongTypes("?:", [test]);
  if (type === undefined) return wrongTypes("?:", [yes, no]);
  const { run: runTest } = test;
  return {
    type,
    run: (facts, item) => {
      const held = runTest(facts, item);
      if (typeof held !== "boolean") return failed;
      return (held ? yes : no).run(facts, item);
    },
  };
}

function compileUnary(sign: "!" | "-", part: CompiledNode): CompiledNode | Complaint {
  const { kind } = part.type;
  const takes = sign === "!" ? isBool(part.type) : ["int", "double", "dyn"].includes(kind);
  if (!takes) return wrongTypes(sign, [part]);
  const apply = sign === "!" ? not : negate;
  const { run } = part;
  return { type: sign === "!" ? bool : part.type, run: (facts, item) => apply(run(facts, item)) };
}

function isBool({ kind }: Type): boolean {
  return kind === "bool" || kind === "dyn";
}

function compileFunction(
  name: string,
  parts: readonly CompiledNode[],
  isMethod: boolean,
): CompiledNode | Complaint {
  if (name === "matches") return compileMatches(parts);
  if (isMethod && timeMethods.includes(name)) return compileTimeMethod(name, parts);
  const known = functions.get(name);
  if (known === undefined || !(isMethod ? known.isMethod : known.isPlain)) {
    return unknownCall(name, isMethod);
  }
  return compileKnown(name, known, parts);
}

function compileKnown(
  name: string,
  { forms, result, apply }: ExpressionFunction,
  parts: readonly CompiledNode[],
): CompiledNode | Complaint {
  const fits = forms.some(
    (form) =>
      form.length === parts.length &&
      parts.every(({ type }, place) => type.kind === "dyn" || type.kind === form[place]),
  );
  const [first, second] = parts;
  if (!fits || first === undefined) return wrongTypes(`${name}()`, parts);
  if (parts.every(({ literal }) => literal !== undefined)) {
    return foldedCall(name, result, apply(first.literal ?? null, second?.literal ?? null));
  }
  if (second !== undefined) return { type: result, run: applying(apply, first, second) };
  const { run } = first;
  return {
    type: result,
    run: (facts, item) => {
      const value = run(facts, item);
      return value === failed ? failed : apply(value, null);
    },
  };
}

/** A call whose parts are all written out has one result, or is never anything but an error. */
function foldedCall(name: string, type: Type, value: Value): CompiledNode | Complaint {
  if (value !== failed) return { type, run: () => value, literal: value };
  return {
    message: `\`${name}()\` cannot take this text or number`,
    hint: "Write timestamps like `2026-03-02T10:00:00Z` and durations like `1h30m`.",
  };
}

function compileMatches(parts: readonly CompiledNode[]): CompiledNode | Complaint {
  const [text, pattern] = parts;
  if (text === undefined || pattern === undefined || parts.length > 2) {
    return wrongTypes("matches()", parts);
  }
  if (text.type.kind !== "string" && text.type.kind !== "dyn") {
    return wrongTypes("matches()", parts);
  }
  if (typeof pattern.literal !== "string") {
    return {
      message: "the pattern of `matches()` is not written out",
      hint: "Write it in quotes; it is compiled once, so that its time is known.",
    };
  }
  const compiled = compilePattern(pattern.literal);
  if ("message" in compiled) return compiled;
  const { run } = text;
  const { matches } = compiled;
  return { type: bool, run: (facts, item) => matches(run(facts, item)) };
}

function compileTimeMethod(name: string, parts: readonly CompiledNode[]): CompiledNode | Complaint {
  const [time, zone] = parts;
  const kinds = ["timestamp", "dyn", ...(durationMethods.includes(name) ? ["duration"] : [])];
  if (time === undefined || !kinds.includes(time.type.kind) || parts.length > 2) {
    return wrongTypes(`${name}()`, parts);
  }
  if (zone !== undefined && (typeof zone.literal !== "string" || time.type.kind === "duration")) {
    return {
      message: `the time zone of \`${name}()\` is not written out`,
      hint: "Write it in quotes, such as `Europe/Berlin` or `+01:00`.",
    };
  }
  const zoneName = typeof zone?.literal === "string" ? zone.literal : "UTC";
  const clock = zoneOf(zoneName);
  if (clock === undefined) {
    return {
      message: `\`${zoneName}\` is no time zone`,
      hint: "Write a name of the IANA database such as `Europe/Berlin`, or an offset such as `+01:00`.",
    };
  }
  const read = timePart(name, clock);
  const { run } = time;
  return { type: int, run: (facts, item) => read(run(facts, item)) };
}

function wrongTypes(sign: string, parts: readonly CompiledNode[]): Complaint {
  const types = parts.map(({ type }) => describeType(type)).join(" and ");
  const areNumbers = parts.every(({ type }) => type.kind === "int" || type.kind === "double");
  return {
    message: `\`${sign}\` does not take ${types === "" ? "nothing" : types}`,
    hint: areNumbers
      ? "Convert one of them, for instance with `double(…)`."
      : "Both sides must be of a type it takes; entries of `claims` and the like are converted with `int(…)`, `double(…)` or `string(…)`.",
  };
}

const macros = ["has", "exists", "all", "exists_one", "filter", "map"];

function unknownCall(name: string, isMethod: boolean): Complaint {
  if (macros.includes(name)) {
    return {
      message: `\`${name}\` is not written as it has to be`,
      hint: "Write `has(a.b)`, or `list.exists(item, test)` with a name of your own for the item.",
    };
  }
  const other = functions.get(name);
  if (other !== undefined || name === "matches" || timeMethods.includes(name)) {
    return {
      message: `\`${name}\` is ${isMethod ? "not a method" : "a method"}`,
      hint: isMethod ? `Write \`${name}(…)\`.` : `Write \`value.${name}(…)\`.`,
    };
  }
  const known = [...functions.keys(), "matches", ...macros, ...timeMethods];
  const nearest = nearestName(name, known);
  return {
    message: `there is no function \`${name}\``,
    hint: nearest === undefined ? `There is ${known.join(", ")}.` : `Did you mean \`${nearest}\`?`,
  };
}
