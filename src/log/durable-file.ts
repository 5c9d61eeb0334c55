import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import { open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { syncFolder } from "./segment-file.ts";

/**
 * Puts content in the place of a file: readers see the old one or the new one, never half of it, and
 * so does whoever reads after a power cut. Readable by its owner only. Throws what the disk says.
 */
export function replaceFileNow(path: string, content: string | Uint8Array): void {
  replaceFilesNow([{ path, content }]);
}

/** The same for several files, one after the other; a folder is synced once for all that are in it. */
export function replaceFilesNow(
  files: readonly { readonly path: string; readonly content: string | Uint8Array }[],
): void {
  const folders = new Set<string>();
  for (const { content, path } of files) {
    const folder = dirname(path);
    if (!folders.has(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 });
    folders.add(folder);
    renameSync(writeDraft(path, content), path);
  }
  for (const folder of folders) syncFolder(folder);
}

/** Writes content beside a file, synced, and gives the path of it. */
function writeDraft(path: string, content: string | Uint8Array): string {
  const draft = `${path}.new`;
  const descriptor = openSync(draft, "w", 0o600);
  try {
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    for (let offset = 0; offset < bytes.length; ) {
      offset += writeSync(descriptor, bytes, offset);
    }
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return draft;
}

/**
 * The same without holding up the thread, and without waiting for the name: what a power cut may
 * bring back is the file before. Two at once on one path would meet; callers put them in a row.
 */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  await replace(path, content, true);
}

/** The same for a file that may be lost in a power cut, or be left without its content. */
export async function replaceLightly(path: string, content: string): Promise<void> {
  await replace(path, content, false);
}

async function replace(path: string, content: string | Uint8Array, isSynced: boolean) {
  const draft = `${path}.draft`;
  {
    await using file = await open(draft, "w", 0o600);
    await file.writeFile(content);
    if (isSynced) await file.sync();
  }
  await rename(draft, path);
}

/** The content of a file, undefined where there is none. Throws what else the disk says. */
export function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
