import { closeSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import type { LogFiles } from "../evidence/index.ts";

/** The files of a folder on the local disk, for who reads logs. */
export function createDiskFiles(folder: string): LogFiles {
  return {
    list: (path) => orMissing(() => readdirSync(join(folder, path))) ?? [],
    read: (path, offset, into) => orMissing(() => readAt(join(folder, path), offset, into)),
  };
}

function readAt(path: string, offset: number, into: Uint8Array): number {
  const descriptor = openSync(path, "r");
  try {
    let filled = 0;
    while (filled < into.length) {
      const read = readSync(descriptor, into, filled, into.length - filled, offset + filled);
      if (read === 0) break;
      filled += read;
    }
    return filled;
  } finally {
    closeSync(descriptor);
  }
}

function orMissing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isNoSuch(error)) return undefined;
    throw error;
  }
}

/** Not there, or no folder where one was asked for. */
function isNoSuch(error: unknown): boolean {
  if (!(error instanceof Error && "code" in error)) return false;
  return error.code === "ENOENT" || error.code === "ENOTDIR";
}
