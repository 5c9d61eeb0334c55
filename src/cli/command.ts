import { Bug } from "../base/index.ts";
import type { Io } from "./io.ts";

/** An option such as `--config FILE` or `--strict`. */
export interface OptionSpec {
  readonly type: "boolean" | "string";
  /** The one letter it may be called by instead. */
  readonly short?: string;
  /** May be given more than once; the values come in order. */
  readonly multiple?: true;
  readonly required?: true;
  /** How its value is called in the help, in capitals. */
  readonly placeholder?: string;
  /** The only values it takes. */
  readonly choices?: readonly string[];
  readonly default?: string;
  readonly summary: string;
}

/** An argument told by its position. */
interface PositionalSpec {
  readonly placeholder: string;
  /** May be left out; only the last one can be. */
  readonly isOptional?: true;
  readonly summary: string;
}

type Options = Readonly<Record<string, OptionSpec>>;
type Positionals = Readonly<Record<string, PositionalSpec>>;

type OptionValue<S extends OptionSpec> = S extends { readonly type: "boolean" }
  ? boolean
  : S extends { readonly multiple: true }
    ? readonly string[]
    : S extends { readonly required: true } | { readonly default: string }
      ? string
      : string | undefined;

/** What `run` is given: positionals and options by name, camel-cased like the spec's keys. */
export type InputOf<P extends Positionals, O extends Options> = {
  readonly [K in keyof P]: P[K] extends { readonly isOptional: true } ? string | undefined : string;
} & { readonly [K in keyof O]: OptionValue<O[K]> };

/** What a verb says about itself; its help is rendered from this and nothing else. */
export interface CommandSpec<P extends Positionals, O extends Options> {
  readonly name: string;
  /** One line without a full stop, for the list of commands. */
  readonly summary: string;
  /** Paragraphs below the summary in the verb's own help. */
  readonly details?: readonly string[];
  readonly positionals: P;
  readonly options: O;
  /** What each exit code means, in order. */
  readonly exitCodes: readonly (readonly [code: number, meaning: string])[];
  readonly examples: readonly string[];
  /** Does the work and gives the exit code. Throws `UsageError` for exit code 3. */
  run(input: InputOf<P, O>, io: Io): Promise<number>;
}

/** A verb in the command table, its own argument types forgotten. */
export interface Command extends Omit<CommandSpec<Positionals, Options>, "run"> {
  /** Of a verb that is a group: what can be done, each named `<verb> <action>`. */
  readonly actions?: readonly Command[];
  run(input: Readonly<Record<string, unknown>>, io: Io): Promise<number>;
}

/** Makes a table entry of a verb that does nothing itself; its actions are commands of their own. */
export function defineGroup(
  group: Pick<Command, "details" | "exitCodes" | "examples" | "name" | "summary"> & {
    readonly actions: readonly Command[];
  },
): Command {
  const run = () => Promise.reject(new Bug("a group is run by one of its actions"));
  return { ...group, positionals: {}, options: {}, run };
}

/** Makes a table entry of a verb, with the types of its input taken from its own spec. */
export function defineCommand<const P extends Positionals, const O extends Options>(
  spec: CommandSpec<P, O>,
): Command {
  return {
    ...spec,
    // `parseArguments` builds the input from this very spec, so the types hold.
    run: (input, io) => spec.run(input as InputOf<P, O>, io),
  };
}
