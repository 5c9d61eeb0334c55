import { randomFillSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { createUuidV7 } from "../base/index.ts";
import { findLogs, type LogInfo, readLogInfo } from "../evidence/index.ts";
import { createDiskFiles, openRecordLog, type RecordLog } from "../log/index.ts";
import type { RootSigner } from "../signing/index.ts";
import { readSent } from "../sinks/index.ts";
import type { Config } from "./config.ts";
import { adminSlot, holdsOf } from "./legal-holds.ts";
import { openAnchors } from "./open-anchors.ts";
import { originOf } from "./open-records.ts";
import { openRootKey } from "./open-root-key.ts";
import { createSystemClock, systemTimers } from "./system-clock.ts";

/** How long the command line waits for another command to be done. */
const adminWaitMs = 10_000;

/** A state directory, and what is configured for it as far as that is known. */
export interface Installation {
  readonly stateDir: string;
  readonly audit: Config["audit"] | undefined;
}

/** A log is signed in the name of a root whose key is not at hand. */
export class RootKeyNeeded extends Error {
  override readonly name = "RootKeyNeeded";
}

/**
 * Opens the log of the command line, which whoever opens it closes right after: `hold`, `erase` and
 * `access` records go there (audit-and-operations 4.1). Rejects with `RootKeyNeeded` where a root
 * signs the logs of this installation and the configuration that names it is not given, with Fault
 * audit_unavailable where the log cannot be written.
 */
export async function openAdminLog(installation: Installation): Promise<RecordLog> {
  const { audit, stateDir } = installation;
  const own = findCurrentLog(join(stateDir, "log", adminSlot));
  const known = own?.info ?? anyInfo(stateDir);
  const origin = audit?.origin ?? (known ? installedOrigin(known) : originOf(hostname()));
  const rootKey =
    audit === undefined
      ? await keyOf(known?.root, installation, origin)
      : await openRootKey(audit.rootKey, origin);
  return open(installation, { name: adminSlot, waitMs: adminWaitMs, origin, rootKey });
}

/**
 * Takes up the log of a slot that no process has, under the name and root it has itself, and leaves
 * it alone where it is damaged. Rejects as `openAdminLog` does.
 */
export async function openIdleSlot(
  installation: Installation,
  name: string,
  info: Pick<LogInfo, "origin" | "root">,
): Promise<RecordLog> {
  const origin = installedOrigin(info);
  const rootKey = await keyOf(info.root, installation, origin);
  return open(installation, { name, waitMs: 0, origin, rootKey });
}

async function open(
  { audit, stateDir }: Installation,
  slot: {
    readonly name: string;
    readonly waitMs: number;
    readonly origin: string;
    readonly rootKey: RootSigner | undefined;
  },
): Promise<RecordLog> {
  const clock = createSystemClock();
  const { name, origin, rootKey, waitMs } = slot;
  return openRecordLog({
    ...{ stateDir, origin, clock, timers: systemTimers, rootKey },
    createId: createUuidV7(() => clock.nowMicros(), randomFillSync),
    anchors: audit === undefined ? [] : await openAnchors(audit, clock),
    ...(audit !== undefined && { retentionDays: audit.retentionDays }),
    slot: { name, waitMs },
    onCorrupt: name === adminSlot ? "continue" : "leave",
    readHolds: async () => holdsOf(stateDir),
    isSent: await readSent(stateDir),
  });
}

/** The key of a root that a log has; undefined where it has none. */
async function keyOf(
  root: string | undefined,
  { audit }: Installation,
  origin: string,
): Promise<RootSigner | undefined> {
  if (root === undefined) return undefined;
  const signer = await openRootKey(audit?.rootKey, origin);
  if (signer?.verifierKey === root) return signer;
  throw new RootKeyNeeded(`the root key ${root} is needed, which the configuration names`);
}

/** The log that is written in a slot; undefined where there is none that says what it is. */
export function findCurrentLog(
  slotFolder: string,
): { readonly id: string; readonly info: LogInfo } | undefined {
  const id = readIfThere(join(slotFolder, "current"));
  if (id === undefined) return undefined;
  const info = readLogInfo(createDiskFiles(join(slotFolder, id)));
  return info && { id, info };
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** What any log of an installation says of itself. */
function anyInfo(stateDir: string): LogInfo | undefined {
  const logs = findLogs(createDiskFiles(join(stateDir, "log")));
  return logs.flatMap(({ files }) => readLogInfo(files) ?? []).at(0);
}

/** The first part of a log's name, without slot and id. */
function installedOrigin({ origin }: Pick<LogInfo, "origin">): string {
  return origin.split("/").slice(0, -2).join("/");
}
