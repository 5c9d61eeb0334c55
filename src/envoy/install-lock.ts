import { randomUUID } from "node:crypto";
import { link, readFile, rm, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

/** What came of it: the value, or that others held the lock until the deadline. */
export type Locked<Value> =
  | { readonly kind: "done"; readonly value: Value }
  | { readonly kind: "busy" };

const pollMs = 100;

/**
 * Runs one process at a time per lock file, waiting for its turn until the deadline. The file holds
 * the pid of its owner, and one left by a process that is gone is taken over. Two that take over at
 * the same instant could both run: a lock for saving work, where doing it twice does no harm.
 */
export async function withInstallLock<Value>(
  lockFile: string,
  deadlineMs: number,
  run: () => Promise<Value>,
): Promise<Locked<Value>> {
  const giveUpAt = performance.now() + deadlineMs;
  while (!(await acquire(lockFile))) {
    if (await isAbandoned(lockFile)) await rm(lockFile, { force: true });
    else if (performance.now() >= giveUpAt) return { kind: "busy" };
    else await delay(pollMs);
  }
  try {
    return { kind: "done", value: await run() };
  } finally {
    await rm(lockFile, { force: true });
  }
}

/** Links a file that already holds the pid, so that the lock is never seen without its owner. */
async function acquire(lockFile: string): Promise<boolean> {
  const claim = `${lockFile}.${process.pid}.${randomUUID()}`;
  await writeFile(claim, String(process.pid));
  try {
    await link(claim, lockFile);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  } finally {
    await rm(claim, { force: true });
  }
}

async function isAbandoned(lockFile: string): Promise<boolean> {
  try {
    const pid = Number.parseInt(await readFile(lockFile, "utf8"), 10);
    if (!Number.isInteger(pid) || pid <= 0) return true;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    // No such file: released just now, so its owner was alive.
    return hasCode(error, "ESRCH");
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
