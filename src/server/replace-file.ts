import { open, rename } from "node:fs/promises";

/**
 * Puts content in the place of a file, whole or not at all, readable by its owner alone and on disk
 * when it is done. Rejects when the disk says no.
 */
export async function replaceFile(path: string, content: string): Promise<void> {
  const draft = `${path}.${process.pid}`;
  {
    await using handle = await open(draft, "w", 0o600);
    await handle.writeFile(content);
    await handle.sync();
  }
  await rename(draft, path);
}
