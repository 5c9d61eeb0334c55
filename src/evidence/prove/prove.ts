import type { RecordReader } from "../../record/index.ts";
import {
  type Checkpoint,
  consistencyProof,
  formatTlogProof,
  inclusionProof,
  leafHash,
  type NoteVerifier,
  parseKeyStatement,
  parseNote,
  parseVerifierKey,
  renameVerifier,
  TileHashes,
  tilePath,
  tileWidth,
  verifyConsistency,
  verifyInclusion,
} from "../../signing/index.ts";
import { readCheckpoint, type SignedCheckpoint } from "../checkpoint-line.ts";
import { type LogFiles, readText, readWhole } from "../log-files.ts";
import type { LogInfo } from "../log-info.ts";
import { listNumbers } from "../segments.ts";
import { NeededHashes } from "./needed-hashes.ts";
import { BrokenLogError, firstSeq, readLog } from "./read-log.ts";

/** Records proven at once; each keeps its line and path. */
const proofsMax = 100_000;

/** One record and what convinces anyone of it who knows the root key. */
export interface RecordProof {
  readonly log: string;
  readonly seq: number;
  /** Its line, without line feed. */
  readonly record: Buffer;
  /** A C2SP tlog-proof; undefined where no checkpoint covers the record yet. */
  readonly proof: string | undefined;
}

interface PickedRecord {
  readonly seq: number;
  readonly record: Buffer;
  readonly checkpoint: SignedCheckpoint | undefined;
}

/**
 * Proofs of the records whose `id` or `exchange` is `id`, in the order of the log (audit-and-operations
 * 4.5): under the oldest anchored checkpoint that covers the record, else under the latest. Throws
 * `BrokenLogError` where the log does not give what its checkpoints say.
 */
export function proveRecords(files: LogFiles, info: LogInfo, id: string): readonly RecordProof[] {
  return proveWhere(files, info, (record) => record.id === id || record.exchange === id);
}

/** As `proveRecords`, of the records picked; at most 100,000, or it throws `BrokenLogError`. */
export function proveWhere(
  files: LogFiles,
  info: LogInfo,
  isPicked: (record: RecordReader) => boolean,
): readonly RecordProof[] {
  const found: { seq: number; record: Buffer }[] = [];
  let latest: SignedCheckpoint | undefined;
  readLog(files, info, {
    record: (record, line) => {
      if (!isPicked(record)) return;
      if (found.length === proofsMax) throw new BrokenLogError(`more than ${proofsMax} records`);
      found.push({ seq: record.seq, record: Buffer.from(line) });
    },
    checkpoint: (checkpoint) => {
      latest = checkpoint;
    },
  });
  const anchors = listAnchors(files, info.origin);
  const picked = found.map((one) => ({
    ...one,
    checkpoint: anchors(one.seq) ?? (covers(latest, one.seq) ? latest : undefined),
  }));
  return withProofs(files, info, picked);
}

/**
 * The body that shows a witness that the log of `from` records is the beginning of that of `to`
 * records: `old <from>`, hashes, an empty line, the checkpoint of size `to` (C2SP tlog-witness).
 * Undefined where one of the sizes has no checkpoint in the segments that are there.
 */
export function proveConsistency(
  files: LogFiles,
  info: LogInfo,
  from: number,
  to: number,
): string | undefined {
  const needed = new NeededHashes(tilesOf(files));
  consistencyProof(from, to, needed);
  needed.gatherFrom(firstSeq(files));
  const found = new Map<number, SignedCheckpoint>();
  readLog(
    files,
    { origin: info.origin, subtrees: needed },
    {
      checkpoint: (checkpoint) => {
        if (checkpoint.size === from || checkpoint.size === to)
          found.set(checkpoint.size, checkpoint);
      },
    },
  );
  const [older, newer] = [found.get(from), found.get(to)];
  if (older === undefined || newer === undefined) return undefined;
  const proof = consistencyProof(from, to, needed);
  if (proof === undefined || !verifyConsistency(older, newer, proof)) {
    throw new BrokenLogError(
      "expected tiles that give the roots of the checkpoints; verify the log",
    );
  }
  const hashes = proof.map((hash) => `${hash.toString("base64")}\n`).join("");
  return `old ${from}\n${hashes}\n${newer.note}`;
}

function withProofs(
  files: LogFiles,
  info: LogInfo,
  picked: readonly PickedRecord[],
): readonly RecordProof[] {
  const needed = new NeededHashes(tilesOf(files));
  for (const { seq, checkpoint } of picked) {
    if (checkpoint !== undefined) inclusionProof(seq, checkpoint.size, needed);
  }
  needed.gatherFrom(firstSeq(files));
  if (picked.some(({ checkpoint }) => checkpoint !== undefined)) {
    readLog(files, { origin: info.origin, subtrees: needed }, {});
  }
  return picked.map(({ seq, record, checkpoint }) => ({
    log: info.origin,
    seq,
    record,
    proof: checkpoint && prove({ seq, record, checkpoint }, info, needed),
  }));
}

function prove(
  { seq, record, checkpoint }: PickedRecord & { readonly checkpoint: SignedCheckpoint },
  info: LogInfo,
  needed: NeededHashes,
): string {
  const { note, root, size } = checkpoint;
  const path = inclusionProof(seq, size, needed);
  const claim = { index: seq, size, leaf: leafHash(record), root };
  if (path === undefined || !verifyInclusion(claim, path)) {
    throw new BrokenLogError(`expected tiles that give the root of size ${size}; verify the log`);
  }
  return formatTlogProof({
    extra: statementFor(checkpoint, info),
    index: seq,
    path,
    checkpoint: note,
  });
}

/** The statement that introduces the key of a checkpoint; none where the root itself signed it. */
function statementFor(checkpoint: SignedCheckpoint, { keys, root }: LogInfo): Buffer | undefined {
  const rootKey = root === undefined ? undefined : parseVerifierKey(root);
  if (rootKey !== undefined && isSignedBy(checkpoint, renameVerifier(rootKey, checkpoint.origin))) {
    return undefined;
  }
  const statement = keys.findLast((note) => {
    const said = parseKeyStatement(parseNote(note)?.text ?? "");
    return said?.event === "introduce" && said.at < checkpoint.size;
  });
  return statement === undefined ? undefined : Buffer.from(statement);
}

function isSignedBy({ signed }: SignedCheckpoint, key: NoteVerifier): boolean {
  return signed.signatures.some(({ name, keyId }) => name === key.name && keyId.equals(key.keyId));
}

/** Finds the oldest checkpoint in `anchors/` that covers a record. */
function listAnchors(
  files: LogFiles,
  origin: string,
): (seq: number) => SignedCheckpoint | undefined {
  const anchors = files
    .list("anchors")
    .flatMap((name) =>
      listNumbers(files, `anchors/${name}`, /^([0-9]{12})\.checkpoint$/).map((size) => ({
        size,
        path: `anchors/${name}/${String(size).padStart(12, "0")}.checkpoint`,
      })),
    )
    .sort((one, other) => one.size - other.size);
  return (seq) => {
    const anchor = anchors.find(({ size }) => size > seq);
    const checkpoint = anchor && readCheckpoint(readText(files, anchor.path) ?? "");
    return checkpoint?.origin === origin && checkpoint.size > seq ? checkpoint : undefined;
  };
}

function covers(checkpoint: Checkpoint | undefined, seq: number): boolean {
  return checkpoint !== undefined && checkpoint.size > seq;
}

/** The hashes of tiles on the disk, full or partial. */
function tilesOf(files: LogFiles): TileHashes {
  return new TileHashes((level, index) => {
    const path = tilePath(level, index);
    const widths = listNumbers(files, `${path}.p`, /^([1-9][0-9]{0,2})$/);
    const partial = widths.findLast((width) => width < tileWidth);
    return (
      readWhole(files, path) ??
      (partial === undefined ? undefined : readWhole(files, `${path}.p/${partial}`))
    );
  });
}
