import { rmSync } from "node:fs";
import { join } from "node:path";
import { toRecordTime } from "../base/index.ts";
import type { OpenRecord } from "../record/index.ts";
import { CompactRange, emptyRoot, type NoteSigner, parseVerifierKey } from "../signing/index.ts";
import { anchoredSizes, readAnchored } from "./anchoring.ts";
import type { SignedCheckpoint } from "./checkpoint-signer.ts";
import { createDiskFiles } from "./disk-files.ts";
import { makeLogFolder, readCurrent, type Slot, writeCurrent } from "./log-folder.ts";
import { type LogInfo, readLogInfo } from "./log-info.ts";
import { introduce, type LogKeys } from "./log-keys.ts";
import { type LogObserver, type RecoveryResult, silentLogObserver } from "./log-observer.ts";
import type { RecordLogOptions } from "./log-options.ts";
import { LogTree } from "./log-tree.ts";
import { DamagedLogError, type FoundLog, recoverLog, type TreeMark } from "./recovery.ts";
import type { SegmentState } from "./segment-writer.ts";
import { findUnclosed, type UnclosedDecision } from "./unclosed.ts";

/** How long a witness is waited for that may know more of a log than we do. */
const witnessMs = 2_000;

/** A log that was made or taken up, ready to be written. */
export interface TakenLog {
  readonly path: string;
  readonly info: LogInfo;
  readonly signer: NoteSigner;
  /** By which the root introduces the signer with the next record; undefined without a root. */
  readonly introduction: string | undefined;
  readonly tree: LogTree;
  /** The segment to go on with. */
  readonly segment: SegmentState | undefined;
  /** Latest day (since 1970) a record of that segment must be kept to. */
  readonly retainUntilDay: number;
  /** The last checkpoint line. */
  readonly checkpoint: SignedCheckpoint | undefined;
  readonly open: OpenRecord;
  readonly unclosed: readonly UnclosedDecision[];
  /** Nothing may be served: a damaged log was found. */
  readonly isBarred: boolean;
}

/** What a log is taken with. */
export interface TakeParts {
  readonly slot: Slot;
  readonly keys: LogKeys;
  readonly retentionDays: number;
  readonly options: RecordLogOptions;
}

/**
 * Takes up the log of a slot, or makes one where there is none, where it is damaged, or where
 * the configuration asks for another name or root (audit-and-operations 4.1, 4.4).
 */
export async function takeLog(parts: TakeParts): Promise<TakenLog> {
  const { options, slot } = parts;
  const { observer = silentLogObserver } = options;
  const id = readCurrent(slot);
  if (id === undefined) return makeLog(parts, { ended: "first", adopted: 0, cutBytes: 0 }, false);
  try {
    return await takeUp(parts, id, observer);
  } catch (error) {
    if (!(error instanceof DamagedLogError) || options.onCorrupt === "leave") throw error;
    observer.recovered("corrupt");
    observer.troubled("recovery", error);
    const isBarred = options.onCorrupt !== "continue";
    return makeLog(parts, replacing(nameOf(parts, id), error.lastGood), isBarred);
  }
}

async function takeUp(parts: TakeParts, id: string, observer: LogObserver): Promise<TakenLog> {
  const { keys, options, retentionDays, slot } = parts;
  const path = join(slot.path, id);
  const info = readLogInfo(path);
  if (info === undefined) throw new DamagedLogError("log.json is missing or malformed", undefined);
  const isOurs = info.origin === nameOf(parts, id) && info.root === keys.root?.verifierKey;
  const signer = isOurs ? keys.find(info.origin) : undefined;
  if (isOurs && signer === undefined) {
    throw new DamagedLogError("the key of the log is not there any more", undefined);
  }
  // Another root, or another name: that log stays as it is, for `log recover` to close.
  if (signer === undefined) return makeLog(parts, replacing(info.origin, undefined), false);
  const key = parseVerifierKey(info.root ?? signer.verifierKey);
  const found = recoverLog(path, info, { trusted: key === undefined ? [] : [key], retentionDays });
  await askWitnesses(options, path, found);
  observer.recovered(resultOf(found));
  const introduction = await introduced(keys, signer, {
    origin: info.origin,
    seq: found.tree.size,
  });
  return {
    ...{ path, signer, introduction, isBarred: false },
    info: { ...info, keys: found.statements },
    tree: found.tree,
    segment: found.segment,
    retainUntilDay: found.retainUntilDay,
    checkpoint: found.checkpoint,
    open: openOf(found),
    unclosed: findUnclosed(createDiskFiles(path)),
  };
}

/** A witness that holds more than the log has is truncation (audit-and-operations 4.3). */
async function askWitnesses(
  { anchors = [] }: RecordLogOptions,
  path: string,
  { checkpoint, tree }: FoundLog,
): Promise<void> {
  const sizes = anchors.map(async ({ name, sizeOf }) => {
    const size = anchoredSizes(path, name).at(-1);
    const note = size === undefined ? undefined : readAnchored(path, name, size);
    if (note === undefined) return 0;
    // One that does not answer says nothing either way.
    return (await sizeOf?.(note, AbortSignal.timeout(witnessMs)).catch(() => undefined)) ?? 0;
  });
  const largest = Math.max(0, ...(await Promise.all(sizes)));
  if (largest <= tree.size) return;
  throw new DamagedLogError(
    `a witness knows size ${largest}, the log has ${tree.size}`,
    checkpoint,
  );
}

/** Makes a log. Where its key cannot be introduced it goes again, and the slot is as it was. */
async function makeLog(parts: TakeParts, open: OpenRecord, isBarred: boolean): Promise<TakenLog> {
  const { keys, options, slot } = parts;
  const { clock, drawId, origin } = options;
  const folder = makeLogFolder(slot, {
    origin,
    created: toRecordTime(clock.nowMicros()),
    root: keys.root?.verifierKey,
    ...(drawId && { drawId }),
  });
  const signer = keys.create(folder.info.origin);
  const tree = LogTree.open(folder.path, CompactRange.empty());
  if (tree === undefined) throw new Error("expected a tree without records to need no tiles");
  const introduction = await introduced(keys, signer, { origin: folder.info.origin, seq: 0 }).catch(
    (error) => {
      rmSync(folder.path, { recursive: true, force: true });
      throw error;
    },
  );
  writeCurrent(slot, folder.id);
  return {
    ...{ path: folder.path, info: folder.info, signer, introduction, tree, open, isBarred },
    segment: undefined,
    retainUntilDay: 0,
    checkpoint: undefined,
    unclosed: [],
  };
}

async function introduced(
  { root }: LogKeys,
  signer: NoteSigner,
  at: { readonly origin: string; readonly seq: number },
): Promise<string | undefined> {
  return root && introduce(root, signer, at);
}

function nameOf({ options, slot }: TakeParts, id: string): string {
  return `${options.origin}/${slot.name}/${id}`;
}

function replacing(log: string, lastGood: TreeMark | undefined): OpenRecord {
  const { root = emptyRoot, size = 0 } = lastGood ?? {};
  const replaces = { log, size, root: root.toString("base64") };
  return { ended: "replaced", adopted: 0, cutBytes: 0, replaces };
}

function openOf({ checkpoint, cut, lastKind, tree }: FoundLog): OpenRecord {
  const covered = checkpoint?.size ?? 0;
  const adopted = tree.size - covered;
  return {
    ended: lastKind === undefined ? "first" : lastKind === "close" ? "clean" : "crash",
    adopted,
    adoptedFrom: adopted > 0 ? covered : undefined,
    cutBytes: cut?.bytes ?? 0,
    cutSha256: cut?.sha256,
  };
}

function resultOf({ checkpoint, cut, tree }: FoundLog): RecoveryResult {
  if (cut !== undefined) return "cut";
  return tree.size > (checkpoint?.size ?? 0) ? "adopted" : "clean";
}
