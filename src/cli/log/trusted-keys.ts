import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type NoteVerifier, parseVerifierKey } from "../../signing/index.ts";
import type { Io } from "../io.ts";
import { UsageError } from "../usage-error.ts";

/** The option of every command that verifies. */
export const keyOption = {
  type: "string",
  multiple: true,
  placeholder: "KEY",
  summary: "A verifier key to trust, or a file of such: roots, or keys of logs",
} as const;

/** The keys given, those in files included, one in a line. Throws `UsageError` for what is none. */
export async function readTrustedKeys(
  io: Io,
  given: readonly string[],
): Promise<readonly NoteVerifier[]> {
  const keys = await Promise.all(given.map((text) => readKeys(io, text)));
  return keys.flat();
}

async function readKeys(io: Io, given: string): Promise<readonly NoteVerifier[]> {
  const key = parseVerifierKey(given);
  if (key !== undefined) return [key];
  const text = await readFile(resolve(io.cwd, given), "utf8").catch(() => undefined);
  const lines = (text ?? "").split("\n").map((line) => line.trim());
  const meant = lines.filter((line) => line !== "" && !line.startsWith("#"));
  const found = meant.map((line) => parseVerifierKey(line));
  const good = found.filter((one) => one !== undefined);
  if (good.length === found.length && good.length > 0) return good;
  throw new UsageError(
    `--key takes a verifier key or a file of such, found "${given}".`,
    "`chancery log keys` prints those of a log; get them another way than with the log itself.",
  );
}
