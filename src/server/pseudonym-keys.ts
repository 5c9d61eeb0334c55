import { createSecretKey } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import { type Clock, Fault } from "../base/index.ts";
import type { PseudonymKey } from "../identity/index.ts";
import { monthKeyFile, pseudonymFolder } from "./erase-pseudonyms.ts";
import { loadKey } from "./key-file.ts";

const keyBytes = 32;
/** How soon a key that was erased is forgotten. */
const lookMicros = 1_000_000;

/** Keys by tenant; a new one each calendar month in UTC. */
export type MonthKeys = (tenant: string) => PseudonymKey;

interface KeptKey {
  readonly key: PseudonymKey;
  /** Of the file it was read from. */
  readonly stamp: string | undefined;
  lookedMicros: number;
}

/**
 * Gives the key of a tenant's pseudonyms for the current month, and makes it where there is none:
 * 32 random bytes in a file of their own (audit-and-operations 3), shared by all processes over one
 * folder. Its number is the month's, such as 202611. Who destroys the file of a month unlinks what
 * was recorded in it; in the month that runs another key then takes its place within a second. Fault
 * audit_unavailable where a file cannot be read or made, since a record would else have to name
 * people or leave them out.
 */
export function createPseudonymKeys(stateDir: string, clock: Clock): MonthKeys {
  return createMonthKeys(pseudonymFolder(stateDir), clock);
}

/** Gives the keys of content digests in the same way, in files that a tenant may be given. */
export function createContentKeys(stateDir: string, clock: Clock): MonthKeys {
  return createMonthKeys(join(stateDir, "keys", "content"), clock);
}

function createMonthKeys(folder: string, clock: Clock): MonthKeys {
  let month = { number: 0, endsMicros: Number.NEGATIVE_INFINITY };
  let keys = new Map<string, KeptKey>();
  return (tenant) => {
    const now = clock.nowMicros();
    if (now >= month.endsMicros) {
      month = monthOf(now);
      keys = new Map();
    }
    const name = monthKeyFile(tenant, month.number);
    const kept = keys.get(tenant);
    if (kept !== undefined && isStill(kept, name, now)) return kept.key;
    // Should the file change in between, the next look finds another stamp and reads it again.
    const stamp = stampOf(folder, name);
    const key = { number: month.number, secret: createSecretKey(load(folder, name)) };
    keys.set(tenant, { key, stamp: stamp ?? stampOf(folder, name), lookedMicros: now });
    return key;
  };

  /** Whether a key in memory is still that of the file, looked up now and then. */
  function isStill(kept: KeptKey, name: string, now: number): boolean {
    if (now >= kept.lookedMicros && now - kept.lookedMicros < lookMicros) return true;
    kept.lookedMicros = now;
    return stampOf(folder, name) === kept.stamp;
  }
}

/** What tells one key from another that takes its place; undefined where there is none. */
function stampOf(folder: string, name: string): string | undefined {
  const found = statSync(join(folder, name), { throwIfNoEntry: false });
  return found && `${found.ino} ${found.ctimeMs}`;
}

function load(folder: string, name: string): Uint8Array {
  try {
    return loadKey(folder, name, keyBytes);
  } catch (cause) {
    throw new Fault("audit_unavailable", "expected to read or make a key of a month", { cause });
  }
}

function monthOf(micros: number): { readonly number: number; readonly endsMicros: number } {
  const date = new Date(micros / 1000);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return { number: year * 100 + month + 1, endsMicros: Date.UTC(year, month + 1) * 1000 };
}
