import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Problem } from "../base/index.ts";
import { type Config, type ConfigOverrides, defaultConfig, parseConfig } from "../server/index.ts";
import type { Io } from "./io.ts";
import { createPaint } from "./paint.ts";
import { renderProblems } from "./problem-report.ts";
import { UsageError } from "./usage-error.ts";

/**
 * The configuration of a file with the command line on top, or of the command line alone. Warnings
 * are printed; errors are printed and end in a `UsageError`.
 */
export async function readConfig(
  io: Io,
  path: string | undefined,
  overrides: ConfigOverrides,
): Promise<Config> {
  const { config, problems } =
    path === undefined
      ? defaultConfig(overrides)
      : parseConfig({ path: resolve(io.cwd, path), text: await readText(io, path) }, overrides);
  const shown: readonly Problem[] = problems.map((problem) => ({
    ...problem,
    file: path !== undefined && problem.file === resolve(io.cwd, path) ? path : problem.file,
  }));
  io.stderr.write(renderProblems(shown, createPaint(io), io.isTerminal));
  if (config !== undefined) return config;
  throw new UsageError(
    "The configuration does not hold together; the problems are listed above.",
    "Mend them, then run `chancery check DIR --config FILE` to see that none is left.",
  );
}

async function readText(io: Io, path: string): Promise<string> {
  try {
    return await readFile(resolve(io.cwd, path), "utf8");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown error";
    throw new UsageError(`Cannot read ${path}: ${reason}.`, "Check the path given with --config.");
  }
}
