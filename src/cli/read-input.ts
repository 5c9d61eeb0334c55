import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Io } from "./io.ts";
import { UsageError } from "./usage-error.ts";

/** The text of a file named on the command line. Throws `UsageError` naming the option it came by. */
export async function readInput(io: Io, path: string, option: string): Promise<string> {
  try {
    return await readFile(resolve(io.cwd, path), "utf8");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown error";
    throw new UsageError(`Cannot read ${path}: ${reason}.`, `Check the path given with ${option}.`);
  }
}
