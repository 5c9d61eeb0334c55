import { stat, utimes, writeFile } from "node:fs/promises";
import { orMissing } from "./whole-files.ts";

/**
 * A mark is an empty file whose time says when a version was last known to be in force. It has no
 * content, so there is no half of one; whoever sees none knows nothing and keeps the version.
 */

/** Notes that a version is in force now. Rejects where its folder is gone, with ENOENT. */
export async function mark(path: string, nowMs: number): Promise<void> {
  const at = nowMs / 1000;
  const isThere = await orMissing(utimes(path, at, at).then(() => true));
  if (isThere === true) return;
  await writeFile(path, "", { mode: 0o600 });
  await utimes(path, at, at);
}

/** When a version was last known to be in force, in milliseconds since 1970; undefined: unknown. */
export async function readMark(path: string): Promise<number | undefined> {
  return (await orMissing(stat(path)))?.mtimeMs;
}
