import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { LogSource } from "../log-source.ts";

/** What a seal says, as far as it is needed here. */
export interface SealHead {
  readonly first: number;
  readonly count: number;
  readonly bytes: number;
  /** In hex. */
  readonly sha256: string;
  readonly checkpoint: string;
  readonly retainUntil?: string;
}

/** The path of a segment below its log, which its object has too. */
export function segmentPathOf(first: number): string {
  return `segments/${String(first).padStart(12, "0")}.jsonl`;
}

/** The path of its seal. */
export function sealPathOf(first: number): string {
  return `segments/${String(first).padStart(12, "0")}.seal.json`;
}

/** The segments of a log that have a seal, in order. Rejects with what the disk says. */
export async function listSealed({ folder }: LogSource): Promise<readonly number[]> {
  const names = await readdir(join(folder, "segments"));
  return names
    .filter((name) => /^[0-9]{12}\.seal\.json$/.test(name))
    .map((name) => Number(name.slice(0, 12)))
    .sort((one, other) => one - other);
}

/** Rejects where there is none. */
export async function readSealHead({ folder }: LogSource, first: number): Promise<SealHead> {
  return JSON.parse(await readFile(join(folder, sealPathOf(first)), "utf8")) as SealHead;
}

const dayMs = 86_400_000;

/** The end of the last day that a record is kept to, in milliseconds since 1970; 0 for no day. */
export function endOfRetention({ retainUntil = "" }: Pick<SealHead, "retainUntil">): number {
  const day = Date.parse(`${retainUntil}T00:00:00Z`);
  return Number.isNaN(day) ? 0 : day + dayMs;
}
