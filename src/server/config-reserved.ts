import { isDeepStrictEqual } from "node:util";
import type { Problem } from "../base/index.ts";
import { type ConfigPath, renderPath } from "./config-document.ts";

/**
 * Keys of audit-and-operations 16 whose features this version does not have, with the defaults the
 * document gives them. Saying the default changes nothing and is accepted; anything else would be a
 * promise that nobody keeps. A feature that arrives takes its line from here into the schema.
 */
const reservedDefaults: readonly (readonly [path: string, value: unknown])[] = [
  ["content.opaque", "flag"],
  ["routes.*.content", undefined],
  ["routes.*.deadlines", undefined],
  ["routes.*.onOverload", undefined],
];

/** A reserved key that says something else than its default. */
export interface ReservedKey {
  readonly path: ConfigPath;
  readonly onlyValue: unknown;
}

/**
 * Takes the reserved keys out of a configuration's plain data, which it owns and changes, and gives
 * those that ask for what is not there.
 */
export function takeReservedKeys(value: unknown): readonly ReservedKey[] {
  const found: ReservedKey[] = [];
  for (const [path, onlyValue] of reservedDefaults) {
    for (const place of expand(value, path.split("."))) {
      const given = take(value, place);
      if (!isDeepStrictEqual(given, onlyValue)) found.push({ path: place, onlyValue });
    }
  }
  return found;
}

/** What an author is told about a reserved key. */
export function describeReserved(
  key: ReservedKey,
): Pick<Problem, "code" | "severity" | "message" | "hint"> {
  const { path, onlyValue } = key;
  const instead =
    onlyValue === undefined ? "" : `, or set it to its default, ${JSON.stringify(onlyValue)}`;
  return {
    code: "C03",
    severity: "error",
    message: `\`${renderPath(path)}\` asks for something this version does not have`,
    hint: `Leave it out${instead}.`,
  };
}

/** Reserved names directly below a path, for suggestions. */
export function reservedNames(path: ConfigPath): readonly string[] {
  const prefix = path.map((step) => (typeof step === "number" ? "*" : step));
  return reservedDefaults
    .map(([reserved]) => reserved.split("."))
    .filter((steps) => isDeepStrictEqual(steps.slice(0, -1), prefix))
    .map((steps) => steps.at(-1) ?? "");
}

type Container = Record<string | number, unknown>;

function isContainer(value: unknown): value is Container {
  return typeof value === "object" && value !== null;
}

/** The places of the data that a path names, `*` standing for every entry of a list or mapping. */
function expand(value: unknown, steps: readonly string[]): readonly ConfigPath[] {
  const [step, ...rest] = steps;
  if (step === undefined) return [[]];
  if (!isContainer(value)) return [];
  if (step === "*") {
    const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
    return entries.flatMap(([key, entry]) => expand(entry, rest).map((tail) => [key, ...tail]));
  }
  if (!Object.hasOwn(value, step)) return [];
  return expand(value[step], rest).map((tail) => [step, ...tail]);
}

function parentOf(value: unknown, path: ConfigPath): Container | undefined {
  let parent: unknown = value;
  for (const step of path.slice(0, -1)) parent = isContainer(parent) ? parent[step] : undefined;
  return isContainer(parent) ? parent : undefined;
}

function take(value: unknown, path: ConfigPath): unknown {
  const parent = parentOf(value, path);
  const name = path.at(-1);
  if (parent === undefined || name === undefined) return undefined;
  const taken = parent[name];
  delete parent[name];
  return taken;
}
