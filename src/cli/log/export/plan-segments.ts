import {
  type FoundLog,
  LineReader,
  type LogFiles,
  listSeals,
  listSegments,
  readCheckpoint,
  readCheckpointLine,
  readSeal,
  sealPath,
  segmentPath,
} from "../../../evidence/index.ts";
import { RecordReader } from "../../../record/index.ts";
import { UsageError } from "../../usage-error.ts";
import type { RecordFilter } from "../record-filter.ts";

/** A segment that goes out, as far as it is signed. */
export interface PlannedSegment {
  readonly first: number;
  /** How much of its file. */
  readonly bytes: number;
}

/** What of a log goes out: whole segments, up to a checkpoint. */
export interface SegmentPlan {
  readonly log: FoundLog;
  readonly segments: readonly PlannedSegment[];
  /** Seals of these segments and of all before them. */
  readonly seals: readonly number[];
  /** The records of the tree that the last checkpoint covers, and its note. */
  readonly size: number;
  readonly checkpoint: string;
  readonly records: number;
  /** When the first record that goes out was made, and the last. */
  readonly from: string;
  readonly to: string;
}

/**
 * The segments of a log with a record in the span of a filter, up to the last durable checkpoint;
 * undefined where there are none. Throws `UsageError` for a log that has no checkpoint yet.
 */
export function planSegments(log: FoundLog, filter: RecordFilter): SegmentPlan | undefined {
  const { files, path } = log;
  // Read first: whatever is written meanwhile lies beyond it.
  const durable = readCheckpoint(readText(files, "checkpoint"));
  if (durable === undefined) {
    throw new UsageError(
      `${path === "" ? "The log" : path} has no checkpoint, so nothing of it could be verified.`,
      "Views of it can be had with --as jsonl.",
    );
  }
  const firsts = listSegments(files).filter((first) => first < durable.size);
  const begins = firsts.map((first) => firstTime(files, first));
  const chosen = firsts.filter((_, index) => {
    const [begin = "", end] = [begins[index], begins[index + 1]];
    if (filter.until !== undefined && begin >= filter.until) return false;
    return filter.since === undefined || end === undefined || end >= filter.since;
  });
  const [first, last] = [chosen.at(0), chosen.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const segments = chosen.map((one) => ({
    first: one,
    bytes: bytesUpTo(files, one, durable.size),
  }));
  const end = endOf(files, last, durable);
  return {
    ...{ log, segments, ...end },
    seals: listSeals(files).filter((one) => sizeOfSeal(files, one) <= end.size),
    records: end.size - first,
    from: begins[firsts.indexOf(first)] ?? "",
    to: lastTime(files, segments.at(-1)),
  };
}

/** The last checkpoint of what goes out. */
function endOf(
  files: LogFiles,
  last: number,
  durable: { readonly size: number; readonly note: string },
): { readonly size: number; readonly checkpoint: string } {
  const seal = readSeal(files, last);
  if (typeof seal === "object" && seal.checkpoint.size <= durable.size) {
    return { size: seal.checkpoint.size, checkpoint: seal.checkpoint.note };
  }
  return { size: durable.size, checkpoint: durable.note };
}

function sizeOfSeal(files: LogFiles, first: number): number {
  const seal = readSeal(files, first);
  return typeof seal === "object" ? seal.checkpoint.size : Number.POSITIVE_INFINITY;
}

/** How long a segment is, up to the checkpoint line of this size where it has that one. */
function bytesUpTo(files: LogFiles, first: number, size: number): number {
  const seal = readSeal(files, first);
  if (typeof seal === "object" && seal.checkpoint.size <= size) return seal.bytes;
  const reader = new LineReader(files, segmentPath(first));
  while (reader.next()) {
    if (readCheckpointLine(reader.line)?.size === size)
      return reader.offset + reader.line.length + 1;
  }
  throw new UsageError(
    `${segmentPath(first)} does not have the checkpoint of size ${size}.`,
    "`chancery log verify` says what of the log holds.",
  );
}

function firstTime(files: LogFiles, first: number): string | undefined {
  const reader = new LineReader(files, segmentPath(first));
  const record = new RecordReader();
  while (reader.next()) {
    if (record.read(reader.bytes, reader.start, reader.end)) return record.at;
  }
  return undefined;
}

function lastTime(files: LogFiles, segment: PlannedSegment | undefined): string {
  const reader = new LineReader(files, segmentPath(segment?.first ?? 0));
  const record = new RecordReader();
  let at = "";
  while (reader.next() && reader.offset < (segment?.bytes ?? 0)) {
    if (record.read(reader.bytes, reader.start, reader.end)) at = record.at;
  }
  return at;
}

/** The files of a plan beside segments and tiles, by their paths. */
export function namedFiles({ log, seals, size }: SegmentPlan): readonly string[] {
  const anchors = log.files.list("anchors").flatMap((name) =>
    log.files
      .list(`anchors/${name}`)
      .filter((file) => Number(/^(\d{12})\.checkpoint$/.exec(file)?.[1] ?? "Infinity") <= size)
      .map((file) => `anchors/${name}/${file}`),
  );
  return ["log.json", ...seals.map(sealPath), ...anchors];
}

function readText(files: LogFiles, path: string): string {
  const bytes = Buffer.alloc(64 * 1024);
  return bytes.subarray(0, files.read(path, 0, bytes) ?? 0).toString();
}
