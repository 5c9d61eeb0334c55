import { stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { VersionStore } from "../stores/index.ts";
import type { Io } from "./io.ts";
import { UsageError } from "./usage-error.ts";

/**
 * The store of versions that belongs to records: the one named with --store, else the one of the
 * state directory that the path is in. Throws `UsageError` where there is none.
 */
export async function findVersionStore(
  io: Io,
  path: string,
  named: string | undefined,
): Promise<VersionStore> {
  if (named !== undefined) {
    const folder = resolve(io.cwd, named);
    const isStore = await isFolder(join(folder, "sha256"));
    if (isStore) return new VersionStore(folder);
    throw new UsageError(
      `Found no versions of policies at ${named}.`,
      "Give `<stateDir>/snapshots`, or a copy of it, with --store.",
    );
  }
  let folder = resolve(io.cwd, path);
  while (folder !== dirname(folder)) {
    const candidate = join(folder, "snapshots");
    if (await isFolder(join(candidate, "sha256"))) return new VersionStore(candidate);
    folder = dirname(folder);
  }
  throw new UsageError(
    `Found no versions of policies beside ${path}.`,
    "Give `<stateDir>/snapshots`, or a copy of it, with --store.",
  );
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ?? false;
}
