import { CompactRange, canonicalJson, decodeBase64 } from "../signing/index.ts";
import { readCheckpoint, type SignedCheckpoint } from "./checkpoint-line.ts";
import { type LogFiles, readText } from "./log-files.ts";
import { listNumbers, sealPath } from "./segments.ts";

/** What is written beside a segment that is complete (audit-and-operations 4.1). */
export interface Seal {
  /** Length of the segment file. */
  readonly bytes: number;
  /** Its SHA-256 in hex. */
  readonly sha256: string;
  /** The last checkpoint, of `first + count` records. */
  readonly checkpoint: SignedCheckpoint;
  readonly count: number;
  readonly first: number;
  /** The tree at that size; it folds to the root of the checkpoint. */
  readonly range: CompactRange;
  /** The latest day a record of it must be kept to, as `2026-11-21`. */
  readonly retainUntil: string | undefined;
}

const names = new Set(["bytes", "checkpoint", "count", "first", "range", "retainUntil", "sha256"]);

/** The first `seq` of each sealed segment, in order, those that are pruned included. */
export function listSeals(files: LogFiles): readonly number[] {
  return listNumbers(files, "segments", /^([0-9]{12})\.seal\.json$/);
}

/**
 * The seal of the segment that begins with `seq`: undefined where there is none, "malformed" where
 * it is not canonical or does not agree with itself.
 */
export function readSeal(files: LogFiles, seq: number): Seal | "malformed" | undefined {
  const path = sealPath(seq);
  const text = readText(files, path);
  if (text === undefined)
    return files.read(path, 0, new Uint8Array(1)) === undefined ? undefined : "malformed";
  const seal = parseSeal(text);
  return seal?.first === seq ? seal : "malformed";
}

function parseSeal(text: string): Seal | undefined {
  const value = parseCanonical(text);
  if (value === undefined || !Object.keys(value).every((name) => names.has(name))) return undefined;
  const { bytes, checkpoint: note, count, first, range: hashes, retainUntil, sha256 } = value;
  if (!isCount(bytes) || !isCount(count) || !isCount(first)) return undefined;
  if (typeof sha256 !== "string" || typeof note !== "string") return undefined;
  if (retainUntil !== undefined && !isDay(retainUntil)) return undefined;
  const checkpoint = readCheckpoint(note);
  if (checkpoint === undefined || checkpoint.size !== first + count) return undefined;
  const range = toRange(checkpoint.size, hashes);
  if (range === undefined || !range.root().equals(checkpoint.root)) return undefined;
  return { bytes, sha256, checkpoint, count, first, range, retainUntil };
}

/** The object in a text that is its RFC 8785 form, else undefined. */
export function parseCanonical(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    return canonicalJson(value) === text ? { ...value } : undefined;
  } catch {
    // Not JSON: not what was written, whatever is wrong with it.
    return undefined;
  }
}

function toRange(size: number, hashes: unknown): CompactRange | undefined {
  if (!Array.isArray(hashes)) return undefined;
  const decoded = hashes.map(decodeBase64).filter((hash) => hash !== undefined);
  return decoded.length === hashes.length ? CompactRange.of(size, decoded) : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isDay(value: unknown): value is string {
  return typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value);
}
