import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { findLogs, type Hold, type HoldBook, readHoldBook } from "../evidence/index.ts";
import { createDiskFiles } from "../log/index.ts";

/** The slot of the command line: what people do to an installation stands in its log. */
export const adminSlot = "admin";

/** The legal holds in force. Throws where there may be some that cannot be read. */
export function holdsOf(stateDir: string): readonly Hold[] {
  return readBook(stateDir).inForce;
}

/**
 * Reads what the admin log says of holds for who asks often: the log itself is read only where its
 * files are others than before. Throws as `holdsOf` does.
 */
export function createHoldReader(stateDir: string): () => HoldBook {
  let last: { readonly files: string; readonly book: HoldBook } | undefined;
  return () => {
    const files = describeFiles(join(stateDir, "log", adminSlot));
    if (last?.files !== files) {
      // Unset until it is read: what cannot be read this time is no more known than before.
      last = undefined;
      last = { files, book: readBook(stateDir) };
    }
    return last.book;
  };
}

function readBook(stateDir: string): HoldBook {
  return readHoldBook(findLogs(createDiskFiles(join(stateDir, "log", adminSlot))));
}

/** Names, sizes and times of what a log's records stand in. */
function describeFiles(slotFolder: string): string {
  const folders = namesIn(slotFolder).map((id) => join(slotFolder, id, "segments"));
  const paths = folders.flatMap((folder) => namesIn(folder).map((name) => join(folder, name)));
  return JSON.stringify(
    [slotFolder, ...folders, ...paths].map((path) => {
      const stat = statSync(path, { throwIfNoEntry: false });
      return [path, stat?.size, stat?.mtimeMs, stat?.ctimeMs, stat?.mode];
    }),
  );
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
}
