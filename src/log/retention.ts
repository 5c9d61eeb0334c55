import { createReadStream, readdirSync } from "node:fs";
import { unlink } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type HeldRecord, holdsKeep, type LegalHold } from "../evidence/index.ts";
import { readIfThere } from "./durable-file.ts";
import { sealName, segmentName, seqOfName } from "./segment-name.ts";

/** A sealed segment that may go. */
export interface ExpiredSegment {
  /** `seq` of its first record. */
  readonly first: number;
  readonly count: number;
}

/**
 * The sealed segments of a log that no record keeps on the given day (`2026-11-21`) and no hold
 * covers, oldest first: the first that has to stay keeps all behind it. `isSent` says whether every
 * sink has what stands before a `seq`: what one has not, stays. Rejects with what the disk says, and
 * where a seal cannot be read.
 */
export async function findExpired(
  folder: string,
  today: string,
  holds: readonly LegalHold[],
  isSent: (seq: number) => boolean = () => true,
): Promise<readonly ExpiredSegment[]> {
  const path = join(folder, "segments");
  const expired: ExpiredSegment[] = [];
  for (const { count, first, retainUntil } of sealedSegments(path)) {
    if (retainUntil >= today || !isSent(first + count)) break;
    if (await isHeld(join(path, segmentName(first)), holds)) break;
    expired.push({ first, count });
  }
  return expired;
}

/** In order, up to the first that has no seal. */
function* sealedSegments(path: string) {
  const firsts = readdirSync(path).flatMap((name) => seqOfName(name, ".jsonl") ?? []);
  for (const first of firsts.sort((a, b) => a - b)) {
    const seal = readSeal(join(path, sealName(first)));
    if (seal === undefined) return;
    yield { ...seal, first };
  }
}

/** How many sealed segments of a log a hold keeps beyond their time. Rejects as `findExpired` does. */
export async function countHeld(
  folder: string,
  today: string,
  holds: readonly LegalHold[],
): Promise<number> {
  let held = 0;
  for (const { first, retainUntil } of sealedSegments(join(folder, "segments"))) {
    const path = join(folder, "segments", segmentName(first));
    if (retainUntil < today && (await isHeld(path, holds))) held += 1;
  }
  return held;
}

/** Deletes segments; their seals and the tiles stay. */
export async function deleteSegments(
  folder: string,
  segments: readonly ExpiredSegment[],
): Promise<void> {
  for (const { first } of segments) await unlink(join(folder, "segments", segmentName(first)));
}

function readSeal(
  path: string,
): { readonly retainUntil: string; readonly count: number } | undefined {
  const bytes = readIfThere(path);
  if (bytes === undefined) return undefined;
  const { count, retainUntil } = JSON.parse(bytes.toString()) as Record<string, unknown>;
  if (typeof count !== "number" || typeof retainUntil !== "string") {
    throw new Error(`expected a seal in ${path}`);
  }
  return { count, retainUntil };
}

async function isHeld(path: string, holds: readonly LegalHold[]): Promise<boolean> {
  if (holds.length === 0) return false;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    if (holdsKeep(holds, JSON.parse(line) as HeldRecord)) return true;
  }
  return false;
}
