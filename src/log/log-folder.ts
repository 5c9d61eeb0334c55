import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Fault } from "../base/index.ts";
import { readIfThere, replaceFileNow } from "./durable-file.ts";
import { type LogInfo, writeLogInfo } from "./log-info.ts";
import { type SlotLock, takeSlotLock } from "./slot-lock.ts";

/** More processes than one machine runs; reaching it means that locks are not released. */
const slotsMax = 1024;
const currentName = "current";
/** How often a slot is asked for that another process has. */
const lockPollMs = 50;

/** A slot that is this process's own until the lock is released. */
export interface Slot {
  /** 0, 1, … one for each process; `admin` for the command line. */
  readonly name: string;
  readonly path: string;
  readonly lock: SlotLock;
}

/** Takes the lowest slot that no living process has (audit-and-operations 4.1). */
export function takeSlot(stateDir: string): Slot {
  const logPath = join(stateDir, "log");
  for (let number = 0; number < slotsMax; number += 1) {
    const path = join(logPath, String(number));
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const lock = takeSlotLock(join(path, "lock"));
    if (lock !== undefined) return { name: String(number), path, lock };
  }
  throw new Fault(
    "audit_unavailable",
    `expected a free slot in ${logPath}, found ${slotsMax} taken`,
  );
}

/** A slot that is asked for by its name. */
export interface NamedSlot {
  readonly name: string;
  /** How long to wait for whoever has it. */
  readonly waitMs: number;
}

/** Another process has the slot that was asked for. */
export class SlotTaken extends Fault {
  constructor(path: string) {
    super("audit_unavailable", `expected ${path} to be free, another process has it`);
  }
}

/** Takes a certain slot. Rejects with `SlotTaken` where another process keeps it. */
export async function takeNamedSlot(stateDir: string, { name, waitMs }: NamedSlot): Promise<Slot> {
  const path = join(stateDir, "log", name);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  for (let waited = 0; ; waited += lockPollMs) {
    const lock = takeSlotLock(join(path, "lock"));
    if (lock !== undefined) return { name, path, lock };
    if (waited >= waitMs) break;
    await delay(lockPollMs);
  }
  throw new SlotTaken(path);
}

/** The id of the log that is written in a slot, undefined where there was none yet. */
export function readCurrent({ path }: Slot): string | undefined {
  const id = readIfThere(join(path, currentName))?.toString();
  return id !== undefined && /^[0-9a-f]{8}$/.test(id) ? id : undefined;
}

/** From now on the slot's log is the one with this id. */
export function writeCurrent({ path }: Slot, id: string): void {
  replaceFileNow(join(path, currentName), id);
}

/** A log folder that was made. */
export interface LogFolder {
  readonly id: string;
  readonly path: string;
  readonly info: LogInfo;
}

/**
 * Makes a log folder in a slot, under an origin that belongs to it for ever. Everything is made
 * readable by its owner only.
 */
export function makeLogFolder(
  slot: Slot,
  options: {
    /** First part of the log's name. */
    readonly origin: string;
    readonly created: string;
    readonly root: string | undefined;
    /** Eight hex digits; drawn anew until the slot has none of that name. */
    readonly drawId?: () => string;
  },
): LogFolder {
  const id = makeFolder(slot.path, options.drawId ?? (() => randomBytes(4).toString("hex")));
  const path = join(slot.path, id);
  mkdirSync(join(path, "segments"), { mode: 0o700 });
  const origin = `${options.origin}/${slot.name}/${id}`;
  const info = { created: options.created, origin, root: options.root, keys: [], minimum: 0 };
  writeLogInfo(path, info);
  return { id, path, info };
}

function makeFolder(slotPath: string, drawId: () => string): string {
  for (;;) {
    const id = drawId();
    try {
      mkdirSync(join(slotPath, id), { mode: 0o700 });
      return id;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
  }
}
