import { createSecretKey, randomBytes } from "node:crypto";
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
import { type Clock, Fault } from "../base/index.ts";
import type { PseudonymKey } from "../identity/index.ts";

const keyBytes = 32;

/** Keys by tenant; a new one each calendar month in UTC. */
export type PseudonymKeys = (tenant: string) => PseudonymKey;

/**
 * Gives the key of a tenant's pseudonyms for the current month, and makes it where there is none:
 * 32 random bytes in a file of their own (audit-and-operations 3), shared by all processes over one
 * folder. Its number is the month's, such as 202611. Who destroys the file of a month unlinks what
 * was recorded in it. Files are read once a tenant and month; Fault audit_unavailable where that
 * fails, since a record would else have to name people or leave them out.
 */
export function createPseudonymKeys(stateDir: string, clock: Clock): PseudonymKeys {
  const directory = join(stateDir, "keys", "pseudonyms");
  let month = { number: 0, endsMicros: Number.NEGATIVE_INFINITY };
  let keys = new Map<string, PseudonymKey>();
  return (tenant) => {
    const now = clock.nowMicros();
    if (now >= month.endsMicros) {
      month = monthOf(now);
      keys = new Map();
    }
    let key = keys.get(tenant);
    if (key === undefined) {
      const bytes = loadKey(directory, `${tenant}-${month.number}`);
      key = { number: month.number, secret: createSecretKey(bytes) };
      keys.set(tenant, key);
    }
    return key;
  };
}

function monthOf(micros: number): { readonly number: number; readonly endsMicros: number } {
  const date = new Date(micros / 1000);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return { number: year * 100 + month + 1, endsMicros: Date.UTC(year, month + 1) * 1000 };
}

function loadKey(directory: string, name: string): Uint8Array {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const path = join(directory, name);
    const bytes = readKey(path) ?? makeKey(path);
    if (bytes.length === keyBytes) return bytes;
  } catch (cause) {
    throw new Fault("audit_unavailable", "expected to read or make a pseudonym key", { cause });
  }
  throw new Fault("audit_unavailable", `expected a pseudonym key of ${keyBytes} bytes`);
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
function makeKey(path: string): Uint8Array {
  const draft = `${path}.${process.pid}`;
  const file = openSync(draft, "w", 0o600);
  try {
    writeSync(file, randomBytes(keyBytes));
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
