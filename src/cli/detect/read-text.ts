import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import type { Io } from "../io.ts";
import { UsageError } from "../usage-error.ts";

/** UTF-16 units of a text that is read as a whole: as much as two of the largest bodies. */
export const textUnitsMax = 16_777_216;

/**
 * The text of a file, or of standard input for `-`, as it comes; what is no UTF-8 comes as U+FFFD.
 * Throws `UsageError` where it cannot be read.
 */
export async function* openText(io: Io, path: string): AsyncIterable<string> {
  if (path === "-") {
    yield* io.openStdin();
    return;
  }
  try {
    yield* createReadStream(resolve(io.cwd, path), "utf8");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown error";
    throw new UsageError(`Cannot read ${path}: ${reason}.`, "Check the path; - is standard input.");
  }
}

/** All of it. Throws `UsageError` where it cannot be read or is longer than `textUnitsMax`. */
export async function readText(io: Io, path: string): Promise<string> {
  const pieces: string[] = [];
  let units = 0;
  for await (const piece of openText(io, path)) {
    units += piece.length;
    if (units > textUnitsMax) {
      throw new UsageError(
        `${nameOf(path)} has more than ${textUnitsMax} characters.`,
        "Split it, or give many texts as lines with --lines, which has no bound on their number.",
      );
    }
    pieces.push(piece);
  }
  return pieces.join("");
}

/** Its lines one by one, without their ends. Throws `UsageError` as `readText` does, for each line. */
export async function* readLines(io: Io, path: string): AsyncIterable<string> {
  let rest = "";
  for await (const piece of openText(io, path)) {
    const lines = piece.split("\n");
    lines[0] = rest + lines[0];
    rest = lines.pop() ?? "";
    yield* lines;
    if (rest.length > textUnitsMax) {
      throw new UsageError(
        `A line of ${nameOf(path)} has more than ${textUnitsMax} characters.`,
        'With --lines each line is one JSON object such as {"id":"1","text":"…"}; split longer texts.',
      );
    }
  }
  if (rest !== "") yield rest;
}

/** What messages call it. */
export function nameOf(path: string): string {
  return path === "-" ? "Standard input" : path;
}
