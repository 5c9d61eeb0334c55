import { decodeRun, openingUnits, type RunCoding, startsLikeText } from "./run-decoding.ts";
import type { OpenSign, Sign, SignFinder } from "./text-layer.ts";
import { laidLength, layDown, nextIn, runOpenings, unitAt, units } from "./units.ts";

/**
 * A longer run is read in stretches of this many units, each of which stands for its part of the
 * text. A multiple of what one group of either coding has.
 */
export const stretchUnitsMax = 1024;
/** A line of a run that goes on in the next one is at least this long; a group is never parted. */
const lineUnitsMin = 56;
const groupUnits = 4;
/** Spaces in front of the next line. */
const indentUnitsMax = 16;
const padding = 0x3d;

/** Where the finder stands: outside, behind a stretch of a run, or within something dismissed. */
type Place = "free" | "in_run" | "passing_by";

/** Letters and digits of a run, and its marks. */
const wordUnit = 1;
const markUnit = 2;
const unitKinds = buildUnitKinds();

/**
 * Finds runs of base 64 (RFC 4648, both alphabets, with padding or without, on one line or wrapped)
 * and of hexadecimal digits that stand for text. A run is one sign, which stands for all it says; a
 * long one is several. Runs of anything else, which are digests, images and long names, are dismissed
 * by their first characters; what stands in them behind a mark gets a look of its own. One text each.
 */
export class EncodedRunFinder implements SignFinder {
  #place: Place = "free";
  /** Of the run that goes on at the place being read. */
  #coding: RunCoding = "base64";
  #hasOwnLines = false;
  #lineUnits = 0;

  find(text: string, from: number, isLast: boolean): Sign | OpenSign | undefined {
    layDown(text);
    const length = laidLength();
    let at = from;
    while (at < length) {
      if (this.#place !== "in_run") at = this.#seek(at, length);
      if (at >= length) return undefined;
      const found = this.#foundAt(text, at, isLast);
      if (typeof found !== "number") return found;
      at = found;
    }
    return undefined;
  }

  // Where the next run may begin, which is dismissed if its first letters are no text's.
  #seek(from: number, length: number): number {
    let at = from;
    while (at < length) {
      if (this.#place === "free") {
        at = nextRun(at, length);
        if (at >= length || startsLikeText(at, Math.min(length, at + openingUnits))) return at;
      }
      at = endOfWord(at, length);
      this.#place = at < length ? "free" : "passing_by";
    }
    return at;
  }

  // The sign at `at`, or the end of what was dismissed.
  #foundAt(text: string, at: number, isLast: boolean): Sign | OpenSign | number {
    const isNew = this.#place === "free";
    const { length } = text;
    if (isNew && length - at < openingUnits) return isLast ? length : { waitsAt: at };
    const run = stretchAt(at, length, { lineUnits: isNew ? 0 : this.#lineUnits, isLast });
    if (run === undefined) return { waitsAt: at };
    const written = text.slice(at, run.end);
    const said = isNew ? this.#begin(written) : decodeRun(written, this.#coding);
    if (said !== undefined) return this.#sign(said, at, run, isNew);
    const part = isNew ? unitsToMark(written) : 0;
    const saidByPart = part > 0 ? this.#begin(written.slice(0, part)) : undefined;
    if (saidByPart === undefined) {
      this.#place = run.isWhole ? "free" : "passing_by";
      return run.end;
    }
    return this.#sign(saidByPart, at, { end: at + part, lineUnits: 0, isWhole: true }, true);
  }

  #begin(written: string): string | undefined {
    const coding = isHex(written) ? "hex" : "base64";
    const said = decodeRun(written, coding);
    this.#coding = said === undefined ? "base64" : coding;
    const decoded = said ?? decodeRun(written, "base64");
    this.#hasOwnLines = decoded !== undefined && isStructured(decoded);
    return decoded;
  }

  #sign(said: string, start: number, { end, lineUnits, isWhole }: Stretch, isNew: boolean): Sign {
    this.#place = isWhole ? "free" : "in_run";
    this.#lineUnits = lineUnits;
    return { start, end, reading: this.#framed(said, isNew, isWhole), isText: true };
  }

  // What has a structure of its own must not be taken for a part of the one around it; anything else
  // stands where it is written, behind its label.
  #framed(said: string, isFirst: boolean, isWhole: boolean): string {
    const before = this.#hasOwnLines && isFirst ? "\n" : "";
    if (!isWhole) return before + said;
    return this.#hasOwnLines ? `${before}${said}\n` : said.trimEnd() || " ";
  }
}

interface Stretch {
  readonly end: number;
  /** Units of its last line so far. */
  readonly lineUnits: number;
  /** The run ends there too. */
  readonly isWhole: boolean;
}

// All below read the text that is laid down.

/**
 * Where a run of at least `openingUnits` begins at or after `from`; if there is none, where the text
 * ends in what could become one.
 */
function nextRun(from: number, length: number): number {
  const bits = runOpenings();
  let start = from;
  for (;;) {
    const next = nextIn(bits, start);
    if (next >= length) break;
    const word = endOfMarks(next, length);
    if (word === next) return next;
    start = word;
  }
  let at = length;
  while (at > start && unitKinds[units[at - 1] ?? 0] !== 0) at -= 1;
  return endOfMarks(at, length);
}

function endOfMarks(from: number, length: number): number {
  let at = from;
  while (at < length && unitKinds[units[at] ?? 0] === markUnit) at += 1;
  return at;
}

function endOfWord(from: number, length: number): number {
  let at = from;
  while (at < length && unitKinds[units[at] ?? 0] === wordUnit) at += 1;
  return at;
}

// What of a run is read at once, from `at` on; nothing while more of the text must be seen.
function stretchAt(
  at: number,
  length: number,
  { lineUnits, isLast }: { readonly lineUnits: number; readonly isLast: boolean },
): Stretch | undefined {
  let count = 0;
  let end = at;
  let line = lineUnits;
  for (;;) {
    while (end < length && count < stretchUnitsMax && unitKinds[units[end] ?? 0] !== 0) {
      end += 1;
      count += 1;
      line += 1;
    }
    if (count === stretchUnitsMax) return { end, lineUnits: line, isWhole: false };
    const next = nextLine(end, length, line);
    if (next >= length && !isLast) return undefined;
    if (next === end || unitKinds[unitAt(next)] !== wordUnit) break;
    end = next;
    line = 0;
  }
  const paddedEnd = endOfPadding(end, count);
  if (paddedEnd >= length && !isLast) return undefined;
  return { end: paddedEnd, lineUnits: line, isWhole: true };
}

// Where the next line of a wrapped run would begin; `at` itself if none can.
function nextLine(at: number, length: number, lineUnits: number): number {
  if (lineUnits < lineUnitsMin || lineUnits % groupUnits !== 0) return at;
  let next = at;
  if (unitAt(next) === 0x0d) next += 1;
  if (next < length && unitAt(next) !== 0x0a) return at;
  next += 1;
  const indentEnd = next + indentUnitsMax;
  while (next < indentEnd && unitAt(next) === 0x20) next += 1;
  return next;
}

function endOfPadding(at: number, count: number): number {
  const rest = count % groupUnits;
  const endMax = rest < 2 ? at : at + groupUnits - rest;
  let end = at;
  while (end < endMax && unitAt(end) === padding) end += 1;
  return end;
}

/** Units up to the first mark, which may part a run from what follows it in a path; 0 if too few. */
function unitsToMark(written: string): number {
  const count = written.search(/[-+/_]/);
  return count >= openingUnits ? count : 0;
}

function isHex(written: string): boolean {
  return /^[0-9A-Fa-f\s]*$/.test(written);
}

function isStructured(said: string): boolean {
  return /["<[{\n]/.test(said.trimEnd());
}

function buildUnitKinds(): Uint8Array {
  const table = new Uint8Array(0x10000);
  table.fill(wordUnit, 0x30, 0x3a);
  table.fill(wordUnit, 0x41, 0x5b);
  table.fill(wordUnit, 0x61, 0x7b);
  for (const mark of "+/-_") table[mark.charCodeAt(0)] = markUnit;
  return table;
}
