import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";

/** The text of a file; undefined where there is none. Rejects where the disk does not say. */
export async function readWhole(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Puts a text in the place of a file, on the disk when done. Which of the two a power cut leaves is
 * certain only once the folder is synced too. Rejects with what the disk says.
 */
export async function replaceWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.draft`;
  {
    await using file = await open(draft, "w", 0o600);
    await file.writeFile(text);
    await file.sync();
  }
  await rename(draft, path);
}

/** Has a folder's names on the disk. Rejects with what that says. */
export async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, "r");
  await folder.sync();
}
