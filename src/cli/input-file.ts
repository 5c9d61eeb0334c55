import type { DecisionInput } from "../domain/index.ts";
import { readDecisionInput } from "../policy/index.ts";
import type { Io } from "./io.ts";
import { readInput } from "./read-input.ts";
import { UsageError } from "./usage-error.ts";

/** Inputs of decisions, and whether they came as a list. */
export interface InputFile {
  readonly inputs: readonly DecisionInput[];
  readonly isList: boolean;
}

/**
 * Reads one input object or a JSON array of them (policy-model 12.1); `-` is standard input. Throws
 * `UsageError` that tells everything wrong with the first input that is none.
 */
export async function readInputFile(io: Io, path: string, option: string): Promise<InputFile> {
  const text = path === "-" ? await io.readStdin() : await readInput(io, path, option);
  const name = path === "-" ? "standard input" : path;
  const value = parseJson(text, name);
  const isList = Array.isArray(value);
  const written: readonly unknown[] = isList ? value : [value];
  return {
    isList,
    inputs: written.map((one, index) => toInput(one, isList ? `${name} [${index}]` : name)),
  };
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // What the parser quotes is the input, which may be content.
    const at = /position \d+(?: \(line \d+ column \d+\))?/.exec(String(error))?.[0];
    throw new UsageError(
      `${name} is not JSON${at === undefined ? "" : `, at ${at}`}.`,
      "Write one input object, or an array of them; `chancery explain --help` shows one.",
    );
  }
}

function toInput(value: unknown, name: string): DecisionInput {
  const { input, problems } = readDecisionInput(value);
  if (input !== undefined) return input;
  const lines = problems.map(
    ({ at, message, hint }) => `${at === "" ? "" : `${at}: `}${message}. ${hint}`,
  );
  const [only] = lines;
  throw lines.length === 1
    ? new UsageError(`${name} is not an input: ${only}`, helpHint)
    : new UsageError(
        `${name} is not an input:\n${lines.map((line) => `  ${line}`).join("\n")}`,
        helpHint,
      );
}

const helpHint = "`chancery explain --help` shows what an input looks like.";
