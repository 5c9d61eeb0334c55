import { randomUUID } from "node:crypto";
import { mkdir, open, rename } from "node:fs/promises";
import { dirname } from "node:path";

/** A name beside `path` that nobody else draws: processes of several machines share the folder. */
export function draftOf(path: string): string {
  return `${path}.${randomUUID()}`;
}

/** Puts a file in its place whole or not at all, with the folders above it. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = draftOf(path);
  {
    await using handle = await open(draft, "w", 0o600);
    await handle.writeFile(content);
    await handle.sync();
  }
  await rename(draft, path);
}

/** Gives nothing where there is no such file or folder; rejects with what else the disk says. */
export async function orMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
