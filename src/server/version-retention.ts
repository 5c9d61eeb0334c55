import { stat } from "node:fs/promises";
import { join } from "node:path";
import { findOldestRecord, type OldestOptions, takeSlotLock } from "../log/index.ts";
import { type IdleVersion, slackMs, VersionRetention } from "../stores/index.ts";
import { readStandingSwitches } from "./kill-switch-keeper.ts";
import { readLastGood } from "./last-good-store.ts";
import { adminSlot } from "./legal-holds.ts";
import { digestsOf } from "./versioned-layers.ts";

/** What went of a store of versions, or would. */
export interface PrunedVersions {
  readonly layers: number;
  readonly killSwitches: number;
  /** Another process is at it, so nothing was looked at. */
  readonly isBusy?: boolean;
}

/** How versions are pruned. */
export interface VersionPruning {
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** Only count what would go. */
  readonly isDry?: boolean;
  /** Segments that would be gone by then. */
  readonly isGoing?: OldestOptions["isGoing"];
}

/**
 * Takes away the versions of a state directory that no record can name any more (audit-and-operations
 * 2.4): those that were last in force a day before the oldest record was made that a log still has. A
 * legal hold keeps records, and by them their versions. Nothing goes that stands or is the last good,
 * whatever its age. Rejects where a log or the store cannot be read; what is not known to be unnamed
 * stays.
 */
export async function pruneVersions(
  stateDir: string,
  pruning: VersionPruning,
): Promise<PrunedVersions> {
  const { isDry = false, nowMs } = pruning;
  const folder = join(stateDir, "snapshots");
  if (!(await isFolder(folder))) return count([]);
  const retention = new VersionRetention(folder);
  if (isDry) return count(await findUnnamed(stateDir, retention, pruning));
  const lock = takeSlotLock(join(folder, "retention.lock"));
  if (lock === undefined) return { ...count([]), isBusy: true };
  try {
    await retention.recover(nowMs);
    const gone: IdleVersion[] = [];
    for (const version of await findUnnamed(stateDir, retention, pruning)) {
      if (await retention.remove(version)) gone.push(version);
    }
    return count(gone);
  } finally {
    lock.release();
  }
}

async function findUnnamed(
  stateDir: string,
  retention: VersionRetention,
  { isDry, isGoing, nowMs }: VersionPruning,
): Promise<readonly IdleVersion[]> {
  const standing = new Set([
    ...digestsOf(await readLastGood(stateDir)),
    ...(await readStandingSwitches(stateDir)),
  ]);
  const idle = await retention.findIdle(nowMs, isDry);
  let unnamed = idle.filter(({ name }) => !standing.has(name));
  // Reading a whole segment of each log takes its time; mostly its first record says no already.
  for (const isExact of [false, true]) {
    if (unnamed.length === 0) break;
    // What people do stands in that slot, and names no version.
    const options = { without: [adminSlot], isGoing, isExact };
    const oldestMs = await findOldestRecord(stateDir, options);
    // Where there is no record at all, the records are elsewhere.
    if (oldestMs === undefined) return [];
    unnamed = unnamed.filter(({ servedMs }) => servedMs < oldestMs - slackMs);
  }
  return unnamed;
}

function count(versions: readonly IdleVersion[]): PrunedVersions {
  const layers = versions.filter(({ kind }) => kind === "layer").length;
  return { layers, killSwitches: versions.length - layers };
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  return found?.isDirectory() ?? false;
}
