import type { BigIntStats } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

/** What paths looked like at one moment. */
export interface Fingerprint {
  /** Equal while nothing was written, replaced, added or taken away. */
  readonly text: string;
  /** The folders in which a change would show. */
  readonly folders: readonly string[];
}

/** Entries looked at below all paths together, so that a mistaken path is not a walk over a disk. */
const entriesMax = 20_000;
const depthMax = 17;

/**
 * Looks at files and folders without reading them: inode, size and times of every file, hidden ones
 * left out below folders. What cannot be looked at is part of the fingerprint, so this never rejects.
 */
export async function takeFingerprint(paths: readonly string[]): Promise<Fingerprint> {
  const walk: Walk = { lines: [], folders: [], entriesLeft: entriesMax };
  for (const path of paths) {
    const stats = await look(walk, path);
    if (stats?.isDirectory()) await walkFolder(walk, path, 1);
    else walk.folders.push(dirname(path));
  }
  return { text: walk.lines.join("\n"), folders: [...new Set(walk.folders)] };
}

interface Walk {
  readonly lines: string[];
  readonly folders: string[];
  entriesLeft: number;
}

async function walkFolder(walk: Walk, folder: string, depth: number): Promise<void> {
  walk.folders.push(folder);
  for (const name of await list(walk, folder)) {
    if (walk.entriesLeft <= 0) return;
    const path = join(folder, name);
    const stats = await look(walk, path);
    if (stats?.isDirectory() && depth < depthMax) await walkFolder(walk, path, depth + 1);
  }
}

async function list(walk: Walk, folder: string): Promise<readonly string[]> {
  try {
    const names = await readdir(folder);
    return names.filter((name) => !name.startsWith(".")).sort();
  } catch (error) {
    walk.lines.push(`${folder} ${codeOf(error)}`);
    return [];
  }
}

async function look(walk: Walk, path: string): Promise<BigIntStats | undefined> {
  walk.entriesLeft -= 1;
  try {
    const stats = await stat(path, { bigint: true });
    // The times of a folder change with hidden files in it, which are nobody's business here.
    const times = stats.isDirectory() ? "" : `${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}`;
    walk.lines.push(`${path} ${stats.dev} ${stats.ino} ${times}`);
    return stats;
  } catch (error) {
    walk.lines.push(`${path} ${codeOf(error)}`);
    return undefined;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "unknown error";
}
