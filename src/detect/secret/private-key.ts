import { asciiWordBits, isSpace, upperBit } from "../text/character-kind.ts";
import { unitAt, unitKindAt } from "../text/units.ts";
import { secretKind } from "./secret-kinds.ts";

/** Confidence of a block, in percent. */
export const privateKeyPct = 99;

/**
 * Private keys in textual encodings (RFC 7468 PEM, RFC 9580 armor), with real or escaped line breaks,
 * indented or on one line. They span lines, so the scan reads them in a mode of its own, of which this
 * file holds the rules.
 */
export const privateKeyKind = secretKind("PRIVATE_KEY", {
  check: "markers, base 64 between them",
  basePct: privateKeyPct,
});

const blockOpening = "-----BEGIN";
const blockOpeningEnd = 0x4e;

/** Answer of a reader when the text so far does not tell. */
export const needsMore = -1;
/** Answer of a reader when there is no such thing here. */
export const isAbsent = 0;

const blockClosing = "-----END";
const markerDashes = "-----";
const labelUnitsMax = 48;
/** White space between two runs of a body; what lies further apart is not one block. */
const gapUnitsMax = 64;
/** A run shorter than this is the last line of a key; a second one is prose. */
const lineUnitsMin = 16;
/** With fewer characters, or fewer different ones, the format is only mentioned: `MII...`. */
const bodyUnitsMin = 32;
const bodyDistinctMin = 8;
/** Fields before the base 64 text (RFC 1421 4.6, RFC 9580 6.2.2). */
const headerFields = ["Proc-Type:", "DEK-Info:", "Version:", "Comment:", "Hash:", "Charset:"];
const headerUnitsMax = 1024;

/** Reading of one block. Owned by its scan, changed by `readBlock`; offsets into the scan's buffer. */
export interface KeyBlock {
  /** First dash of the opening marker. */
  start: number;
  /** End of the opening marker. */
  opened: number;
  /** Next unit to read. */
  at: number;
  /** End of what surely belongs to the block. */
  sureEnd: number;
  /** Start of the run being read, or -1 between runs. */
  runStart: number;
  wasShort: boolean;
  gapUnits: number;
  bodyUnits: number;
  /** Enough was read to call it a key. */
  isKey: boolean;
}

/** A block whose opening marker stands at `start` and ends at `opened`. */
export function openBlock(start: number, opened: number): KeyBlock {
  return {
    start,
    opened,
    at: opened,
    sureEnd: opened,
    runStart: -1,
    wasShort: false,
    gapUnits: 0,
    bodyUnits: 0,
    isKey: false,
  };
}

/** Moves all offsets of a block when the buffer drops its first units. */
export function shiftBlock(block: KeyBlock, units: number): void {
  block.start -= units;
  block.opened -= units;
  block.at -= units;
  block.sureEnd -= units;
  if (block.runStart >= 0) block.runStart -= units;
}

/** Where the opening marker begins whose label follows after a run ending at `end`, or -1. */
export function blockStart(text: string, from: number, end: number): number {
  const start = end - blockOpening.length;
  if (start < from || unitAt(end - 1) !== blockOpeningEnd) return -1;
  return text.startsWith(blockOpening, start) ? start : -1;
}

/** Where a marker ends whose label begins at `at`; `isAbsent` for another label, or `needsMore`. */
export function markerEnd(text: string, at: number): number {
  let end = at;
  while (end - at <= labelUnitsMax && isLabelUnit(end)) end += 1;
  for (let dash = 0; dash < markerDashes.length; dash += 1) {
    if (end + dash >= text.length) return needsMore;
    if (unitAt(end + dash) !== 0x2d) return isAbsent;
  }
  const isPrivate = / PRIVATE KEY(?: BLOCK)?$/.test(text.slice(at, end));
  return isPrivate ? end + markerDashes.length : isAbsent;
}

/**
 * Reads on as far as the text goes. True when the block has ended, at `sureEnd`: after its closing
 * marker, or at the last base 64 character before anything else. `isLast`: no more text comes.
 */
export function readBlock(text: string, block: KeyBlock, isLast: boolean): boolean {
  while (block.at < text.length) {
    const step = block.runStart < 0 ? readGap(text, block) : readRun(text, block);
    if (step === "ended") return true;
    if (step === "waits") return isLast;
  }
  return isLast;
}

type Step = "goes_on" | "waits" | "ended";

function readGap(text: string, block: KeyBlock): Step {
  const code = unitAt(block.at);
  if (code === 0x2d) return readClosing(text, block);
  if (isBodyUnit(block.at))
    return block.bodyUnits === 0 ? readOpening(text, block) : startRun(block);
  if (!isGapUnit(code)) return "ended";
  block.at += 1;
  block.gapUnits += 1;
  return block.gapUnits > gapUnitsMax ? "ended" : "goes_on";
}

function readClosing(text: string, block: KeyBlock): Step {
  const { at } = block;
  const known = text.slice(at, at + blockClosing.length);
  if (!blockClosing.startsWith(known)) return "ended";
  const end = known === blockClosing ? markerEnd(text, at + known.length) : needsMore;
  if (end === needsMore) return "waits";
  if (end !== isAbsent) block.sureEnd = end;
  return "ended";
}

// Before the base 64 text there may be header fields, each to the end of its line.
function readOpening(text: string, block: KeyBlock): Step {
  const { at } = block;
  if (at - block.opened > headerUnitsMax) return "ended";
  const field = headerFields.find((name) => text.startsWith(name, at));
  if (field === undefined) {
    const rest = text.slice(at, at + headerUnitsMax);
    return headerFields.some((name) => name.startsWith(rest)) ? "waits" : startRun(block);
  }
  for (let end = at + field.length; end - block.opened <= headerUnitsMax; end += 1) {
    if (end >= text.length) return "waits";
    if (!isLineEnd(end)) continue;
    block.at = end;
    block.gapUnits = 0;
    return "goes_on";
  }
  return "ended";
}

function startRun(block: KeyBlock): Step {
  block.runStart = block.at;
  block.gapUnits = 0;
  return "goes_on";
}

function readRun(text: string, block: KeyBlock): Step {
  while (isBodyUnit(block.at)) {
    block.at += 1;
    const units = block.at - block.runStart;
    // A short run after a short one is not counted until it is long enough to be a line.
    if (block.wasShort && units < lineUnitsMin) continue;
    block.bodyUnits += block.at - Math.max(block.sureEnd, block.runStart);
    block.sureEnd = block.at;
    if (block.isKey || block.bodyUnits < bodyUnitsMin) continue;
    if (!isVaried(block.opened, block.at)) return "ended";
    block.isKey = true;
  }
  if (block.at >= text.length) return "waits";
  const isShort = block.at - block.runStart < lineUnitsMin;
  if (isShort && block.wasShort) return "ended";
  block.wasShort = isShort;
  block.runStart = -1;
  return "goes_on";
}

function isLabelUnit(at: number): boolean {
  return (unitKindAt(at) & upperBit) !== 0 || unitAt(at) === 0x20;
}

function isBodyUnit(at: number): boolean {
  if ((unitKindAt(at) & asciiWordBits) !== 0) return true;
  const code = unitAt(at);
  return code === 0x2b || code === 0x2f || code === 0x3d;
}

// White space, or a quote mark of a reply.
function isGapUnit(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === 0x3e;
}

function isLineEnd(at: number): boolean {
  const code = unitAt(at);
  return code === 0x0a || code === 0x0d;
}

// Whether there are so many different units between two places, white space apart.
function isVaried(from: number, to: number): boolean {
  const seen = new Set<number>();
  for (let at = from; at < to && seen.size < bodyDistinctMin; at += 1) {
    const code = unitAt(at);
    if (!isWhite(code)) seen.add(code);
  }
  return seen.size >= bodyDistinctMin;
}

function isWhite(code: number): boolean {
  if (isSpace(code) || (code >= 0x09 && code <= 0x0d)) return true;
  return code === 0x2028 || code === 0x2029 || code === 0xfeff;
}
