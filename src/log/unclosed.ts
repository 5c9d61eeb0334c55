import { LineReader, type LogFiles, listSegments, segmentPath } from "../evidence/index.ts";
import { RecordReader } from "../record/index.ts";

/** A decision whose exchange has no closing. */
export interface UnclosedDecision {
  readonly seq: number;
  readonly exchange: string;
  readonly tenant?: string | undefined;
  readonly app?: string | undefined;
  readonly route?: string | undefined;
}

/**
 * The decisions of a log that wait for a closing, in order: looked for from the last `beat`'s
 * `oldestOpen` on, or the last `open` where no `beat` came after it (audit-and-operations 4.4). The
 * lines must have been checked before.
 */
export function findUnclosed(files: LogFiles): readonly UnclosedDecision[] {
  const segments = listSegments(files);
  const from = findStart(files, segments);
  const open = new Map<string, UnclosedDecision>();
  for (const [index, first] of segments.entries()) {
    if ((segments[index + 1] ?? Number.POSITIVE_INFINITY) <= from) continue;
    readRecords(files, first, (record) => note(record, from, open));
  }
  return [...open.values()].sort((one, other) => one.seq - other.seq);
}

function note(record: RecordReader, from: number, open: Map<string, UnclosedDecision>): void {
  const { exchange, kind, seq } = record;
  if (seq < from || exchange === undefined) return;
  if (kind === "closing") {
    open.delete(exchange);
  } else if (kind === "decision" && !record.isFinal) {
    const { app, route, tenant } = record.json();
    open.set(exchange, {
      seq,
      exchange,
      tenant: nameOf(tenant),
      app: nameOf(app),
      route: nameOf(route),
    });
  }
}

/** The `seq` before which everything is closed; segments are read from the last one back. */
function findStart(files: LogFiles, segments: readonly number[]): number {
  for (const first of segments.toReversed()) {
    let start: number | undefined;
    readRecords(files, first, (record) => {
      if (record.kind === "open") start = record.seq;
      if (record.kind !== "beat") return;
      const { oldestOpen } = record.json();
      start = typeof oldestOpen === "number" ? oldestOpen : record.seq;
    });
    if (start !== undefined) return start;
  }
  return segments[0] ?? 0;
}

function readRecords(files: LogFiles, first: number, take: (record: RecordReader) => void): void {
  const reader = new LineReader(files, segmentPath(first));
  const record = new RecordReader();
  while (reader.next()) {
    if (record.read(reader.bytes, reader.start, reader.end)) take(record);
  }
}

function nameOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
