import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { CursorFile } from "./cursor-file.ts";

/**
 * What every sink that has a cursor below a state directory has passed, as of now, for who prunes
 * while nobody sends. A sink that is no more holds records back until its cursor is deleted. Rejects
 * where a cursor cannot be read.
 */
export async function readSent(
  stateDir: string,
): Promise<(origin: string, seq: number) => boolean> {
  const names = await readdir(join(stateDir, "sinks")).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const sinks = names.filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -5));
  const cursors = await Promise.all(sinks.map((sink) => new CursorFile(stateDir, sink).read()));
  return (origin, seq) =>
    cursors.every((cursor) => (cursor?.positions.get(origin)?.seq ?? 0) >= seq);
}
