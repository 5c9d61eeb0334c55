import { createHash } from "node:crypto";
import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  CheckpointKeys,
  LineReader,
  LogWalk,
  listSeals,
  listSegments,
  readCheckpointLine,
  readSeal,
  type Seal,
  segmentPath,
} from "../evidence/index.ts";
import { CompactRange, type NoteVerifier } from "../signing/index.ts";
import { createDiskFiles } from "./disk-files.ts";
import { readIfThere, replaceFileNow } from "./durable-file.ts";
import { type KnownTrees, readKnownTrees } from "./known-trees.ts";
import type { LogInfo } from "./log-info.ts";
import { LogTally } from "./log-tally.ts";
import { LogTree } from "./log-tree.ts";
import { padSize } from "./segment-name.ts";
import type { SegmentState } from "./segment-writer.ts";

/** A tree as far as it is known by its size and root. */
export interface TreeMark {
  readonly size: number;
  readonly root: Buffer;
}

/** A log as a process finds it: to be gone on with. */
export interface FoundLog {
  readonly tree: LogTree;
  readonly segment: SegmentState | undefined;
  readonly retainUntilDay: number;
  /** The last checkpoint line, or that of the last seal. */
  readonly checkpoint: (TreeMark & { readonly note: string }) | undefined;
  /** Key statements of the log, in order, those that `log.json` does not have yet included. */
  readonly statements: readonly string[];
  /** The kind of the last record; undefined where there is none. */
  readonly lastKind: string | undefined;
  /**
   * What was behind the last line that fits, and is in quarantine now: also where a start before this
   * one cut it off and came to no record of it.
   */
  readonly cut: { readonly bytes: number; readonly sha256: string } | undefined;
}

/** The log contradicts what is known of it, and must not be written any more. */
export class DamagedLogError extends Error {
  override readonly name = "DamagedLogError";
  /** Its last good checkpoint. */
  readonly lastGood: TreeMark | undefined;

  constructor(message: string, lastGood: TreeMark | undefined) {
    super(message);
    this.lastGood = lastGood;
  }
}

/**
 * Reads what a process left of a log (audit-and-operations 4.4): walks from the last seal to the
 * first line that does not fit, and cuts off what is behind it, unless somebody may know more of the
 * log than that: then it is damaged, throws `DamagedLogError` and leaves the files as they are.
 */
export function recoverLog(
  folder: string,
  info: LogInfo,
  options: {
    /** The root, or where there is none the log's own key. */
    readonly trusted: readonly NoteVerifier[];
    readonly retentionDays: number;
  },
): FoundLog {
  return new Recovery(folder, info, options).run();
}

class Recovery {
  readonly #folder: string;
  readonly #info: LogInfo;
  readonly #keys: CheckpointKeys;
  readonly #files;
  readonly #tally: LogTally;
  readonly #known: KnownTrees;
  readonly #statements: string[];
  #lastKind: string | undefined;
  #checkpoint: FoundLog["checkpoint"];

  constructor(folder: string, info: LogInfo, options: Parameters<typeof recoverLog>[2]) {
    this.#folder = folder;
    this.#info = info;
    this.#files = createDiskFiles(folder);
    this.#keys = new CheckpointKeys(info.origin, options.trusted);
    this.#tally = new LogTally(options.retentionDays);
    this.#statements = [...info.keys];
    for (const note of info.keys) {
      const statement = this.#keys.read(note);
      if (statement === undefined) this.#damaged("a key statement that no trusted root signed");
      this.#keys.apply(statement);
    }
    const known = readKnownTrees(folder, info.origin);
    if (known === undefined) this.#damaged("a checkpoint kept beside the segments is none");
    this.#known = known;
  }

  run(): FoundLog {
    const seal = this.#lastSeal();
    const start = seal?.checkpoint.size ?? 0;
    const first = this.#unsealed(start);
    const tree = LogTree.open(this.#folder, seal?.range ?? CompactRange.empty());
    if (tree === undefined) this.#damaged("the tiles do not hold the tree of the last seal");
    if (seal !== undefined) this.#compare(seal.checkpoint.size, Buffer.from(seal.checkpoint.root));
    const end = first === undefined ? 0 : this.#walk(first, tree, seal);
    this.#lookBeyond(tree.size);
    const bytes = first === undefined ? undefined : this.#read(first);
    const rest = bytes?.subarray(end) ?? Buffer.alloc(0);
    this.#lookForSigned(rest, tree.size);
    if (first !== undefined && rest.length > 0) this.#cut(first, end, rest, tree.size);
    const cut = rest.length > 0 ? rest : readIfThere(this.#quarantine(tree.size));
    return {
      tree,
      segment:
        first === undefined || bytes === undefined
          ? undefined
          : this.#stateOf(first, bytes.subarray(0, end), tree.size),
      retainUntilDay: this.#tally.retainUntilDay,
      checkpoint: this.#checkpoint,
      statements: this.#statements,
      lastKind: this.#lastKind,
      cut: cut && { bytes: cut.length, sha256: sha256(cut) },
    };
  }

  /** The seal everything before is taken from. */
  #lastSeal(): Seal | undefined {
    const first = listSeals(this.#files).at(-1);
    if (first === undefined) return undefined;
    const seal = readSeal(this.#files, first);
    if (seal === undefined || seal === "malformed") this.#damaged("the last seal is malformed");
    const { root, signed, size } = seal.checkpoint;
    if (this.#keys.checkOwn(signed, size) !== "signed") {
      this.#damaged("the last seal is not signed by the key in force");
    }
    this.#checkpoint = { size, root: Buffer.from(root), note: seal.checkpoint.note };
    const bytes = this.#files.read(segmentPath(first), seal.bytes - 1, new Uint8Array(2));
    if (bytes !== undefined && bytes !== 1)
      this.#damaged("the last sealed segment has another size");
    return seal;
  }

  /** The segment that is not sealed: at most one, behind the last seal. */
  #unsealed(start: number): number | undefined {
    const seals = new Set(listSeals(this.#files));
    const open = listSegments(this.#files).filter((first) => !seals.has(first));
    const [first] = open;
    if (open.length > 1 || (first !== undefined && first !== start)) {
      this.#damaged("segments do not follow each other");
    }
    return first;
  }

  /** Walks a segment; gives where the last line that fits ends. */
  #walk(first: number, tree: LogTree, seal: Seal | undefined): number {
    const { origin } = this.#info;
    const range = seal?.range.fork() ?? CompactRange.empty();
    const walk = new LogWalk({ origin, range, checkpoint: seal?.checkpoint });
    const reader = new LineReader(this.#files, segmentPath(first));
    let end = 0;
    while (reader.next()) {
      const step = walk.take(reader);
      const fits =
        step === "record"
          ? this.#takeRecord(walk)
          : step === "checkpoint" && this.#takeCheckpoint(walk);
      if (!fits) break;
      if (step === "record") {
        tree.append(reader.line);
        this.#compare(tree.size, walk.range);
      }
      end = reader.offset + (reader.end - reader.start) + 1;
    }
    return end;
  }

  #takeRecord({ record }: LogWalk): boolean {
    const { kind, seq } = record;
    const json = kind === "key" || kind === "decision" || kind === "closing" ? record.json() : {};
    if (kind === "key" && !this.#takeKey(json, seq)) return false;
    const { retainDays } = json;
    this.#tally.written(
      { kind, retainDays: typeof retainDays === "number" ? retainDays : undefined },
      seq,
      record.at,
    );
    this.#lastKind = kind;
    return true;
  }

  #takeKey({ note, verifier }: Readonly<Record<string, unknown>>, seq: number): boolean {
    const statement = typeof note === "string" ? this.#keys.read(note) : undefined;
    if (typeof note !== "string" || statement?.verifier !== verifier) return false;
    if (statement?.event === "introduce" && statement.at !== seq) return false;
    if (statement !== undefined) this.#keys.apply(statement);
    if (!this.#statements.includes(note)) this.#statements.push(note);
    return true;
  }

  #takeCheckpoint({ checkpoint }: LogWalk): boolean {
    if (checkpoint === undefined) return false;
    const { note, root, signed, size } = checkpoint;
    if (this.#keys.checkOwn(signed, size) !== "signed") return false;
    this.#checkpoint = { size, root: Buffer.from(root), note };
    return true;
  }

  /** What is known of the log outside of it must be true of it. */
  #compare(size: number, tree: Buffer | CompactRange): void {
    const known = this.#known.rootOf(size);
    if (known === undefined) return;
    const root = Buffer.isBuffer(tree) ? tree : tree.root();
    if (!root.equals(known)) this.#damaged(`another root is known at size ${size}`);
  }

  #lookBeyond(size: number): void {
    if (this.#known.largest > size) {
      this.#damaged(`size ${this.#known.largest} is known, the log reaches ${size}`);
    }
  }

  /** A checkpoint that was signed may be known to somebody. */
  #lookForSigned(rest: Buffer, size: number): void {
    for (let start = 0; start < rest.length; ) {
      const feed = rest.indexOf(0x0a, start);
      const end = feed < 0 ? rest.length : feed;
      const found = readCheckpointLine(rest.subarray(start, end));
      const isOurs = found?.origin === this.#info.origin;
      if (
        found !== undefined &&
        isOurs &&
        this.#keys.checkOwn(found.signed, found.size) === "signed"
      ) {
        this.#damaged(`a checkpoint of size ${found.size} is signed, the log reaches ${size}`);
      }
      start = end + 1;
    }
  }

  #read(first: number): Buffer {
    return readFileSync(join(this.#folder, segmentPath(first)));
  }

  #cut(first: number, end: number, rest: Buffer, size: number): void {
    replaceFileNow(this.#quarantine(size), rest);
    const descriptor = openSync(join(this.#folder, segmentPath(first)), "r+");
    try {
      ftruncateSync(descriptor, end);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }

  /** Where what was cut off at a size is kept; no log that told of it is of that size any more. */
  #quarantine(size: number): string {
    return join(this.#folder, "quarantine", padSize(size));
  }

  #stateOf(first: number, bytes: Buffer, size: number): SegmentState {
    const digest = createHash("sha256").update(bytes);
    return { first, bytes: bytes.length, records: size - first, digest };
  }

  #damaged(message: string): never {
    throw new DamagedLogError(message, this.#checkpoint);
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
