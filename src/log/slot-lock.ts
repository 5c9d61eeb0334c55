import { DatabaseSync } from "node:sqlite";

/** SQLite's code for a lock that somebody else holds (sqlite.org/rescode.html, SQLITE_BUSY). */
const sqliteBusy = 5;
/** Two that start at once must not both step back: one of them waits this long. */
const raceTimeoutMs = 20;

/** One process's hold on a slot, until it lets go or dies. */
export interface SlotLock {
  release(): void;
}

/**
 * Takes the lock file of a slot, or returns undefined where a living process has it, at most `waitMs`
 * later.
 *
 * The lock is the kernel's: Node gives no other way to it than SQLite, whose exclusive transaction
 * on a file is a POSIX lock. Unlike a file with a process number in it, it goes away with its owner
 * however that ends, works across containers that share a volume, and has no race to take over.
 */
export function takeSlotLock(path: string, waitMs = raceTimeoutMs): SlotLock | undefined {
  const database = new DatabaseSync(path, { timeout: waitMs });
  try {
    // Nothing is ever stored, so no journal is wanted beside the lock.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
  return { release: () => database.close() };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === sqliteBusy;
}
