import { parseArgs } from "node:util";
import { nearestName } from "../base/index.ts";
import type { Command, OptionSpec } from "./command.ts";
import { UsageError } from "./usage-error.ts";

/** What follows a verb on the command line, by the names of its spec. */
export type ParsedArguments =
  | { readonly kind: "help" }
  | { readonly kind: "input"; readonly input: Readonly<Record<string, unknown>> };

/**
 * Reads the arguments of one verb. Throws `UsageError` for whatever the verb does not know, naming
 * what was probably meant.
 */
export function parseArguments(command: Command, argv: readonly string[]): ParsedArguments {
  const { tokens } = parseArgs({
    args: [...argv],
    // Not strict: the parser's own messages neither suggest nor say what to do next.
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: {
      help: { type: "boolean", short: "h" },
      ...Object.fromEntries(
        Object.entries(command.options).map(([key, option]) => [
          toFlag(key),
          {
            type: option.type,
            multiple: option.multiple ?? false,
            ...(option.short !== undefined && { short: option.short }),
          },
        ]),
      ),
    },
  });
  const values = new Map<string, string | boolean | string[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    if (token.name === "help") return { kind: "help" };
    takeOption(command, values, token);
  }
  return {
    kind: "input",
    input: { ...namePositionals(command, positionals), ...completeOptions(command, values) },
  };
}

/** `messageTimeout` is written `--message-timeout`. */
export function toFlag(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function takeOption(
  command: Command,
  values: Map<string, string | boolean | string[]>,
  token: OptionToken,
): void {
  const found = Object.entries(command.options).find(([key]) => toFlag(key) === token.name);
  if (found === undefined) throw unknownOption(command, token);
  const [key, option] = found;
  const isCalledSo = token.rawName.startsWith("--") || token.rawName === `-${option.short}`;
  if (!isCalledSo) throw unknownOption(command, token);
  if (option.type === "boolean") {
    if (token.value !== undefined) {
      throw usage(command, `${token.rawName} takes no value, found "${token.value}"`);
    }
    values.set(key, true);
    return;
  }
  const value = optionValue(command, option, token);
  const earlier = values.get(key);
  if (option.multiple) {
    values.set(key, Array.isArray(earlier) ? [...earlier, value] : [value]);
    return;
  }
  if (earlier !== undefined) throw usage(command, `${token.rawName} is given more than once`);
  values.set(key, value);
}

function optionValue(command: Command, option: OptionSpec, token: OptionToken): string {
  const { value, rawName } = token;
  const isAnotherFlag = !token.inlineValue && value?.startsWith("-") && value !== "-";
  if (value === undefined || value === "" || isAnotherFlag) {
    throw usage(command, `${rawName} needs a value: ${rawName} ${option.placeholder ?? "VALUE"}`);
  }
  if (option.choices !== undefined && !option.choices.includes(value)) {
    const known = option.choices.join(" or ");
    throw usage(command, `${rawName} takes ${known}, found "${value}"`);
  }
  return value;
}

function unknownOption(command: Command, token: OptionToken): UsageError {
  const known = ["help", ...Object.keys(command.options).map(toFlag)];
  const nearest = nearestName(token.name, known);
  return usage(
    command,
    `Unknown option ${token.rawName} of \`chancery ${command.name}\``,
    nearest === undefined ? undefined : `--${nearest}`,
  );
}

function namePositionals(command: Command, given: readonly string[]): Record<string, string> {
  const wanted = Object.entries(command.positionals);
  const named: Record<string, string> = {};
  for (const [index, [key, positional]] of wanted.entries()) {
    const value = given[index];
    if (value === undefined && positional.isOptional) continue;
    if (value === undefined || value === "") {
      throw usage(command, `\`chancery ${command.name}\` needs ${positional.placeholder}`);
    }
    named[key] = value;
  }
  const surplus = given[wanted.length];
  if (surplus !== undefined) throw usage(command, `Unexpected argument "${surplus}"`);
  return named;
}

function completeOptions(
  command: Command,
  values: ReadonlyMap<string, string | boolean | string[]>,
): Record<string, unknown> {
  const complete: Record<string, unknown> = {};
  for (const [key, option] of Object.entries(command.options)) {
    const value = values.get(key) ?? option.default;
    if (value === undefined && option.required) {
      const flag = `--${toFlag(key)} ${option.placeholder ?? "VALUE"}`;
      throw usage(command, `\`chancery ${command.name}\` needs ${flag}`);
    }
    complete[key] = value ?? (option.type === "boolean" ? false : option.multiple ? [] : undefined);
  }
  return complete;
}

function usage(command: Command, message: string, meant?: string): UsageError {
  const help = `run \`chancery ${command.name} --help\` to see what it takes`;
  const hint =
    meant === undefined
      ? `${help[0]?.toUpperCase()}${help.slice(1)}.`
      : `Did you mean ${meant}? If not, ${help}.`;
  return new UsageError(`${message}.`, hint);
}
