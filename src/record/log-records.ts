import { canonicalJson } from "../signing/index.ts";
import type { RecordPosition } from "./parts.ts";

/** The last checkpoint line before a record: how much it covers and its root, in base64. */
export interface TreeState {
  readonly size: number;
  readonly root: string;
}

/** A signing key of the log comes or goes (audit-and-operations 4.3). */
export interface KeyRecord {
  readonly event: "introduced" | "revoked";
  /** The verifier key meant. */
  readonly verifier: string;
  /** The key statement, signed by the root. */
  readonly note: string;
  /** Of a revocation: the size above which its checkpoints no longer count. */
  readonly size?: number;
}

/** A log is opened (audit-and-operations 2.2, 4.4). */
export interface OpenRecord {
  /** How its last writer left it; `replaced`: another log stood in the slot. */
  readonly ended: "first" | "clean" | "crash" | "replaced";
  /** Records behind the last checkpoint line that were taken over, and the `seq` of the first. */
  readonly adopted: number;
  readonly adoptedFrom?: number | undefined;
  /** Bytes that were no records and were cut off, and their SHA-256 in hex. */
  readonly cutBytes: number;
  readonly cutSha256?: string | undefined;
  /** Absent in the very first one only. */
  readonly previous?: TreeState | undefined;
  /** The log that stood in the slot, and its last good checkpoint; size 0 where it has none. */
  readonly replaces?: { readonly log: string; readonly size: number; readonly root?: string };
}

/** The log is alive (audit-and-operations 2.2). */
export interface BeatRecord {
  readonly previous?: TreeState | undefined;
  /** Records by kind since `open`, which it counts too. */
  readonly counts: Readonly<Record<string, number>>;
  /** The lowest `seq` that is still there. */
  readonly minimum: number;
  /** The lowest `seq` of a decision without closing, else the own one. */
  readonly oldestOpen: number;
  /** Since the last beat: records that are in no log, and refusals without a record. */
  readonly lost?: number | undefined;
  readonly refused?: number | undefined;
}

/** The log is closed in order. */
export interface CloseRecord {
  readonly reason: string;
  readonly previous?: TreeState | undefined;
  readonly counts: Readonly<Record<string, number>>;
}

/** Segments are about to be deleted (audit-and-operations 4.7). */
export interface PruneRecord {
  /** The lowest `seq` that stays. */
  readonly minimum: number;
  /** How many of them go. */
  readonly segments: number;
  readonly reason: string;
  readonly actor: string;
}

/** Records that must stay (audit-and-operations 4.7). */
export interface HoldRecord {
  /** Of the hold: lifting one names the same. */
  readonly hold: string;
  readonly event: "set" | "lifted";
  readonly actor: string;
  readonly reason: string;
  readonly tenant?: string | undefined;
  /** RFC 3339 in UTC with six decimals; open where absent. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** A key of pseudonyms is destroyed (audit-and-operations 3); whose it was is not told. */
export interface EraseRecord {
  readonly scope: "tenant_month" | "subject";
  readonly tenant: string;
  /** As in `2026-11`. */
  readonly month?: string | undefined;
  readonly actor: string;
  readonly reason: string;
  /** Although a hold forbids it. */
  readonly override?: true | undefined;
}

/** Somebody read or exported records (audit-and-operations 3, 4.9). */
export interface AccessRecord {
  /** As in `log tail`. */
  readonly command: string;
  readonly actor: string;
  readonly purpose?: string | undefined;
  /** How many records were given out, where that is known. */
  readonly count?: number | undefined;
  /** By the names of the options. */
  readonly filter?: Readonly<Record<string, string>> | undefined;
}

/*
 * Records of the log about itself are few, so that the general canonical form (RFC 8785) does for
 * them. They hold nothing from traffic: nothing is cut.
 */

export function encodeKey(record: KeyRecord, position: RecordPosition): string {
  return encode("key", record, position);
}

export function encodeOpen(record: OpenRecord, position: RecordPosition): string {
  return encode("open", record, position);
}

export function encodeBeat(record: BeatRecord, position: RecordPosition): string {
  return encode("beat", record, position);
}

export function encodeClose(record: CloseRecord, position: RecordPosition): string {
  return encode("close", record, position);
}

export function encodePrune(record: PruneRecord, position: RecordPosition): string {
  return encode("prune", record, position);
}

export function encodeHold(record: HoldRecord, position: RecordPosition): string {
  return encode("hold", record, position);
}

export function encodeErase(record: EraseRecord, position: RecordPosition): string {
  return encode("erase", record, position);
}

export function encodeAccess(record: AccessRecord, position: RecordPosition): string {
  return encode("access", record, position);
}

function encode(kind: string, record: object, { at, id, log, seq }: RecordPosition): string {
  return canonicalJson({ ...record, at, id, kind, log, seq, v: 1 });
}
