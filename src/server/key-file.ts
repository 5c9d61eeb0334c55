import { randomBytes } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

/**
 * Random bytes in a file that is made where it is missing, for the owner alone; whoever makes it at
 * the same time gets the same. Throws what the disk says, and where the file has another length.
 */
export function loadKey(folder: string, name: string, bytes: number): Uint8Array {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, name);
  const key = readKey(path) ?? makeKey(path, bytes);
  if (key.length === bytes) return key;
  throw new Error(`expected a key of ${bytes} bytes in ${name}, found ${key.length}`);
}

function readKey(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Written whole under a name of its own first: another process may be making the same key. */
function makeKey(path: string, bytes: number): Uint8Array {
  const draft = `${path}.${process.pid}`;
  const file = openSync(draft, "w", 0o600);
  try {
    writeSync(file, randomBytes(bytes));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    unlinkSync(draft);
  }
  return readFileSync(path);
}
