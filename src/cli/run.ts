import { nearestName } from "../base/index.ts";
import { parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { commands } from "./commands/index.ts";
import { exitCodes } from "./exit-codes.ts";
import { renderCommandHelp, renderProgramHelp } from "./help.ts";
import type { Io } from "./io.ts";
import { createPaint } from "./paint.ts";
import { UsageError } from "./usage-error.ts";
import { packageVersion } from "./version.ts";

/**
 * Runs one command line, without the program's name in front, and gives the exit code. Throws only
 * for a bug of ours.
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    io.stderr.write(`chancery: ${error.message}\n  ${error.hint}\n`);
    return exitCodes.usage;
  }
}

async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  const [verb, ...rest] = argv;
  switch (verb) {
    case undefined:
      io.stderr.write(renderProgramHelp(commands, (_tone, text) => text));
      return exitCodes.usage;
    case "-h":
    case "--help":
      io.stdout.write(renderProgramHelp(commands, createPaint(io)));
      return exitCodes.done;
    case "-V":
    case "--version":
      io.stdout.write(`${packageVersion()}\n`);
      return exitCodes.done;
    default:
      return runCommand(findCommand(verb), rest, io);
  }
}

async function runCommand(command: Command, argv: readonly string[], io: Io): Promise<number> {
  if (command.actions !== undefined) return runAction(command, command.actions, argv, io);
  const parsed = parseArguments(command, argv);
  if (parsed.kind === "input") return command.run(parsed.input, io);
  io.stdout.write(renderCommandHelp(command, createPaint(io)));
  return exitCodes.done;
}

async function runAction(
  group: Command,
  actions: readonly Command[],
  [name, ...rest]: readonly string[],
  io: Io,
): Promise<number> {
  if (name === undefined) {
    io.stderr.write(renderCommandHelp(group, (_tone, text) => text));
    return exitCodes.usage;
  }
  if (name === "-h" || name === "--help") {
    io.stdout.write(renderCommandHelp(group, createPaint(io)));
    return exitCodes.done;
  }
  const action = actions.find((one) => one.name === `${group.name} ${name}`);
  if (action !== undefined) return runCommand(action, rest, io);
  const known = actions.map((one) => one.name.slice(group.name.length + 1));
  const nearest = nearestName(name, known);
  const help = `Run \`chancery ${group.name} --help\` for the list of actions.`;
  throw new UsageError(
    `Unknown action "${name}" of \`chancery ${group.name}\`.`,
    nearest === undefined ? help : `Did you mean \`chancery ${group.name} ${nearest}\`? ${help}`,
  );
}

function findCommand(verb: string): Command {
  const command = commands.find(({ name }) => name === verb);
  if (command !== undefined) return command;
  const isOption = verb.startsWith("-");
  const known = isOption ? ["--help", "--version"] : commands.map(({ name }) => name);
  const nearest = nearestName(verb, known);
  throw new UsageError(
    `Unknown ${isOption ? "option" : "command"} "${verb}".`,
    nearest === undefined
      ? "Run `chancery --help` for the list of commands."
      : `Did you mean \`chancery ${nearest}\`? Run \`chancery --help\` for the list of commands.`,
  );
}
