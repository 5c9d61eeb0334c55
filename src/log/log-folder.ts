import { randomBytes } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Fault, toRecordTime } from "../base/index.ts";
import { canonicalJson } from "../signing/index.ts";
import { type SlotLock, takeSlotLock } from "./slot-lock.ts";

/** More processes than one machine runs; reaching it means that locks are not released. */
const slotsMax = 1024;

/** A log folder made for this process, in a slot that is its own until the lock is released. */
export interface LogFolder {
  /** `<origin>/<slot>/<id>`: belongs to this folder for ever. */
  readonly origin: string;
  readonly path: string;
  readonly lock: SlotLock;
}

/**
 * Makes a log folder in the lowest slot that no living process has (audit-and-operations 4.1).
 * Everything is made readable by its owner only.
 */
export function createLogFolder(options: {
  readonly stateDir: string;
  readonly origin: string;
  readonly nowMicros: number;
}): LogFolder {
  const { slot, path: slotPath, lock } = takeSlot(join(options.stateDir, "log"));
  try {
    const id = createFolder(slotPath);
    const origin = `${options.origin}/${slot}/${id}`;
    const path = join(slotPath, id);
    mkdirSync(join(path, "segments"), { mode: 0o700 });
    const created = toRecordTime(options.nowMicros);
    replaceFile(path, "log.json", canonicalJson({ created, format: 1, origin }));
    replaceFile(slotPath, "current", id);
    return { origin, path, lock };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function takeSlot(logPath: string): { slot: number; path: string; lock: SlotLock } {
  for (let slot = 0; slot < slotsMax; slot += 1) {
    const path = join(logPath, String(slot));
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const lock = takeSlotLock(join(path, "lock"));
    if (lock !== undefined) return { slot, path, lock };
  }
  throw new Fault(
    "audit_unavailable",
    `expected a free slot in ${logPath}, found ${slotsMax} taken`,
  );
}

/** Draws the id of a log, and again in the odd case that the slot has one of that name. */
function createFolder(slotPath: string): string {
  for (;;) {
    const id = randomBytes(4).toString("hex");
    try {
      mkdirSync(join(slotPath, id), { mode: 0o700 });
      return id;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
  }
}

/** Readers see the old file or the new one, never half of it. */
function replaceFile(folder: string, name: string, text: string): void {
  const temporary = join(folder, `${name}.new`);
  writeFileSync(temporary, text, { mode: 0o600 });
  renameSync(temporary, join(folder, name));
}
