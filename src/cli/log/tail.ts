import { setTimeout as delay } from "node:timers/promises";
import {
  type FoundLog,
  findLogs,
  LineReader,
  listSegments,
  segmentPath,
} from "../../evidence/index.ts";
import { createDiskFiles } from "../../log/index.ts";
import { type ReadRecord, RecordReader } from "../../record/index.ts";
import { defineCommand } from "../command.ts";
import { formatOption } from "../format-option.ts";
import type { Io } from "../io.ts";
import { createPaint } from "../paint.ts";
import { untilEnded } from "../signals.ts";
import { UsageError } from "../usage-error.ts";
import { findLogPlace, orUnreadable, pathArgument, placeOptions } from "./find-logs.ts";
import { logExitCodes } from "./log-exit-codes.ts";
import { filterOptions, type RecordFilter, readFilter } from "./record-filter.ts";
import { renderRecord } from "./record-line.ts";
import { readingOptions, recordReading } from "./record-reading.ts";

const countDefault = "20";
const countMax = 10_000;
/** How often a log that is followed is looked at. */
const pollMs = 200;

/** Shows the last records. */
export const tail = defineCommand({
  name: "log tail",
  summary: "Show the last records, newest last, and follow what comes",
  positionals: { path: pathArgument },
  options: {
    follow: { type: "boolean", short: "f", summary: "Go on with what is written, until stopped" },
    count: {
      type: "string",
      short: "n",
      placeholder: "NUMBER",
      default: countDefault,
      summary: "How many",
    },
    ...filterOptions,
    ...placeOptions,
    ...readingOptions,
    format: { ...formatOption, summary: "How to print; json is one record a line" },
  },
  exitCodes: [
    [logExitCodes.done, "shown"],
    [logExitCodes.nothing, "there is no such record"],
    [logExitCodes.usage, "the command line was not understood, or something cannot be read"],
  ],
  examples: [
    "chancery log tail --state /var/lib/chancery -f --verdict deny",
    "chancery log tail state/log/0 -n 1000 --format json",
  ],
  async run(input, io) {
    const { actor, purpose } = input;
    const place = await findLogPlace(io, input);
    const filter = readFilter(input);
    const count = toCount(input.count);
    const lines = place.logs.map((log) => new LogLines(log, filter));
    const last = orUnreadable(place.shown, () => lastOf(lines, count));
    const command = input.follow ? "log tail --follow" : "log tail";
    const known = input.follow ? undefined : last.length;
    await recordReading(io, place, { command, actor, purpose, filter, count: known });
    const show = printer(io, input.format);
    for (const line of last) show(line);
    if (input.follow) {
      await follow(place.path, lines, filter, show);
      return logExitCodes.done;
    }
    return last.length === 0 ? logExitCodes.nothing : logExitCodes.done;
  },
});

interface RecordLine {
  readonly record: ReadRecord;
  readonly text: string;
}

/** The lines of one log, the last ones first asked for and then those that come. */
class LogLines {
  readonly #log: FoundLog;
  readonly #filter: RecordFilter;
  readonly #reader = new RecordReader();
  /** Up to where it was read: the segment, and the byte in it. */
  #segment: number | undefined;
  #offset = 0;

  constructor(log: FoundLog, filter: RecordFilter) {
    this.#log = log;
    this.#filter = filter;
  }

  get path(): string {
    return this.#log.path;
  }

  /** The last records that match, oldest first: segments are read from the last one back. */
  last(count: number): readonly RecordLine[] {
    const segments = listSegments(this.#log.files);
    this.#segment = segments.at(-1);
    let found: readonly RecordLine[] = [];
    for (const first of segments.toReversed()) {
      const { end, lines } = this.#read(first, 0, count);
      if (first === this.#segment) this.#offset = end;
      found = [...lines, ...found].slice(-count);
      if (found.length === count) break;
    }
    return found;
  }

  /** The records that came since. */
  news(): readonly RecordLine[] {
    const segments = listSegments(this.#log.files);
    const found: RecordLine[] = [];
    for (const first of segments.filter((one) => one >= (this.#segment ?? 0))) {
      const from = first === this.#segment ? this.#offset : 0;
      const { end, lines } = this.#read(first, from, countMax);
      [this.#segment, this.#offset] = [first, end];
      found.push(...lines);
    }
    return found;
  }

  #read(first: number, offset: number, count: number) {
    const reader = new LineReader(this.#log.files, segmentPath(first), { offset });
    const lines: RecordLine[] = [];
    let end = offset;
    while (reader.next() && !reader.isTorn) {
      end = reader.offset + (reader.end - reader.start) + 1;
      const isRecord = this.#reader.read(reader.bytes, reader.start, reader.end);
      if (!isRecord || !this.#filter.matches(this.#reader)) continue;
      lines.push({ record: this.#reader.toRecord(), text: reader.line.toString() });
      if (lines.length > count) lines.shift();
    }
    return { end, lines };
  }
}

function lastOf(logs: readonly LogLines[], count: number): readonly RecordLine[] {
  return inOrder(logs.flatMap((log) => log.last(count))).slice(-count);
}

/** By time, where they are of several logs; those of one keep their order. */
function inOrder(lines: readonly RecordLine[]): readonly RecordLine[] {
  const isOne = lines.every(({ record }) => record.log === lines[0]?.record.log);
  return isOne
    ? lines
    : lines.toSorted((one, other) => compareTexts(one.record.at, other.record.at));
}

function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

async function follow(
  path: string,
  begun: readonly LogLines[],
  filter: RecordFilter,
  show: (line: RecordLine) => void,
): Promise<void> {
  const logs = [...begun];
  let isEnded = false;
  void untilEnded().first.then(() => {
    isEnded = true;
  });
  while (!isEnded) {
    await delay(pollMs);
    for (const found of findLogs(createDiskFiles(path))) {
      if (!logs.some((log) => log.path === found.path)) logs.push(new LogLines(found, filter));
    }
    for (const line of inOrder(logs.flatMap((log) => log.news()))) show(line);
  }
}

function printer(io: Io, format: string): (line: RecordLine) => void {
  if (format === "json") return ({ text }) => io.stdout.write(`${text}\n`);
  const paint = createPaint(io);
  return ({ record }) => io.stdout.write(renderRecord(record, paint));
}

function toCount(text: string): number {
  const count = Number(text);
  if (/^[1-9]\d*$/.test(text) && count <= countMax) return count;
  throw new UsageError(
    `--count takes a number from 1 to ${countMax}, found "${text}".`,
    "`chancery log export` gives out all of them.",
  );
}
