import { decodeRun, openingUnits, type RunCoding, startsLikeText } from "./run-decoding.ts";
import type { OpenSign, Sign, SignFinder } from "./text-layer.ts";

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
    let at = from;
    while (at < text.length) {
      if (this.#place !== "in_run") at = this.#seek(text, at);
      if (at >= text.length) return undefined;
      const found = this.#foundAt(text, at, isLast);
      if (typeof found !== "number") return found;
      at = found;
    }
    return undefined;
  }

  // Where the next run may begin, which is dismissed if its first letters are no text's.
  #seek(text: string, from: number): number {
    let at = from;
    while (at < text.length) {
      if (this.#place === "free") {
        at = nextRun(text, at);
        const known = Math.min(text.length, at + openingUnits);
        if (at >= text.length || startsLikeText(text, at, known)) return at;
      }
      at = endOfWord(text, at);
      this.#place = at < text.length ? "free" : "passing_by";
    }
    return at;
  }

  // The sign at `at`, or the end of what was dismissed.
  #foundAt(text: string, at: number, isLast: boolean): Sign | OpenSign | number {
    const isNew = this.#place === "free";
    if (isNew && text.length - at < openingUnits) return isLast ? text.length : { waitsAt: at };
    const run = stretchAt(text, at, { lineUnits: isNew ? 0 : this.#lineUnits, isLast });
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

/**
 * Where a run of at least `openingUnits` begins at or after `from`; if there is none, where the text
 * ends in what could become one. Looks at every sixteenth character of plain text, more or less.
 */
function nextRun(text: string, from: number): number {
  const { length } = text;
  let start = skipMarks(text, from);
  while (start + openingUnits <= length) {
    const broken = lastBreak(text, start, start + openingUnits);
    if (broken < 0) return start;
    start = skipMarks(text, broken + 1);
  }
  const broken = lastBreak(text, start, length);
  return broken < 0 ? start : skipMarks(text, broken + 1);
}

function lastBreak(text: string, from: number, to: number): number {
  let at = to - 1;
  while (at >= from && unitKinds[text.charCodeAt(at)] !== 0) at -= 1;
  return at < from ? -1 : at;
}

function skipMarks(text: string, from: number): number {
  let at = from;
  while (at < text.length && kindAt(text, at) === markUnit) at += 1;
  return at;
}

function endOfWord(text: string, from: number): number {
  let at = from;
  while (at < text.length && kindAt(text, at) === wordUnit) at += 1;
  return at;
}

// What of a run is read at once, from `at` on; nothing while more of the text must be seen.
function stretchAt(
  text: string,
  at: number,
  { lineUnits, isLast }: { readonly lineUnits: number; readonly isLast: boolean },
): Stretch | undefined {
  let units = 0;
  let end = at;
  let line = lineUnits;
  for (;;) {
    while (end < text.length && units < stretchUnitsMax && kindAt(text, end) !== 0) {
      end += 1;
      units += 1;
      line += 1;
    }
    if (units === stretchUnitsMax) return { end, lineUnits: line, isWhole: false };
    const next = nextLine(text, end, line);
    if (next >= text.length && !isLast) return undefined;
    if (next === end || kindAt(text, next) !== wordUnit) break;
    end = next;
    line = 0;
  }
  const paddedEnd = endOfPadding(text, end, units);
  if (paddedEnd >= text.length && !isLast) return undefined;
  return { end: paddedEnd, lineUnits: line, isWhole: true };
}

// Where the next line of a wrapped run would begin; `at` itself if none can.
function nextLine(text: string, at: number, lineUnits: number): number {
  if (lineUnits < lineUnitsMin || lineUnits % groupUnits !== 0) return at;
  let next = at;
  if (text.charCodeAt(next) === 0x0d) next += 1;
  if (next < text.length && text.charCodeAt(next) !== 0x0a) return at;
  next += 1;
  const indentEnd = next + indentUnitsMax;
  while (next < indentEnd && text.charCodeAt(next) === 0x20) next += 1;
  return next;
}

function endOfPadding(text: string, at: number, units: number): number {
  const rest = units % groupUnits;
  const endMax = rest < 2 ? at : at + groupUnits - rest;
  let end = at;
  while (end < endMax && text.charCodeAt(end) === padding) end += 1;
  return end;
}

/** Units up to the first mark, which may part a run from what follows it in a path; 0 if too few. */
function unitsToMark(written: string): number {
  const units = written.search(/[-+/_]/);
  return units >= openingUnits ? units : 0;
}

function isHex(written: string): boolean {
  return /^[0-9A-Fa-f\s]*$/.test(written);
}

function isStructured(said: string): boolean {
  return /["<[{\n]/.test(said.trimEnd());
}

function kindAt(text: string, at: number): number {
  return unitKinds[text.charCodeAt(at)] ?? 0;
}

function buildUnitKinds(): Uint8Array {
  const table = new Uint8Array(0x10000);
  table.fill(wordUnit, 0x30, 0x3a);
  table.fill(wordUnit, 0x41, 0x5b);
  table.fill(wordUnit, 0x61, 0x7b);
  for (const mark of "+/-_") table[mark.charCodeAt(0)] = markUnit;
  return table;
}
