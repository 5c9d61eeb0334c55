import { hexDigit } from "./percent.ts";
import { unitAt, units } from "./units.ts";

/** How bytes are written as a run of characters. */
export type RunCoding = "base64" | "hex";

/** Units of a run by whose bytes it is told whether it may be text. */
export const openingUnits = 16;
/** Units that are decoded before all of a run is. */
const trialUnits = 128;
/** Of so many characters one may be none of a text. */
const charactersPerFlaw = 8;
/** Bytes by which UTF-16 is told. */
const wideBytesMin = 4;

const notText = -1;
const sextets = buildSextets();

/**
 * Whether what stands between two places of the text that is laid down, at most `openingUnits`, can be
 * the beginning of a run that says a text, in either coding.
 */
export function startsLikeText(from: number, to: number): boolean {
  return startsLikeBase64(from, to) || startsLikeHex(from, to);
}

/**
 * The text that a run stands for, in UTF-8 or UTF-16 (little-endian, as shells of Windows take it);
 * nothing if its bytes are none. White space in it is passed over, as are padding and what is left of
 * a group.
 */
export function decodeRun(run: string, coding: RunCoding): string | undefined {
  // Most that only begins like a text is told by a little more of it.
  const isText = run.length <= trialUnits || decode(run.slice(0, trialUnits), coding) !== undefined;
  return isText ? decode(run, coding) : undefined;
}

function decode(run: string, coding: RunCoding): string | undefined {
  const bytes = Buffer.from(coding === "hex" ? run.replace(/\s+/g, "") : run, coding);
  if (bytes.length === 0) return undefined;
  const said = bytes.toString(isWide(bytes) ? "utf16le" : "utf8");
  let flaws = 0;
  for (let at = 0; at < said.length; at += 1) {
    const code = said.charCodeAt(at);
    if (code === 0xfffd || (code < 0xa0 && !isPrintable(code))) flaws += 1;
  }
  return flaws * charactersPerFlaw <= said.length ? said : undefined;
}

function startsLikeBase64(from: number, to: number): boolean {
  let bits = 0;
  let bitCount = 0;
  let missing = 0;
  let isWideText = true;
  let isHighByte = false;
  for (let at = from; at < to; at += 1) {
    bits = ((bits << 6) | (sextets[units[at] ?? 0] ?? 0)) & 0xffff;
    bitCount += 6;
    if (bitCount < 8) continue;
    bitCount -= 8;
    const byte = (bits >> bitCount) & 0xff;
    missing = missingAfter(byte, missing);
    isWideText &&= isHighByte ? byte === 0 : isPrintable(byte);
    isHighByte = !isHighByte;
    if (missing === notText && !isWideText) return false;
  }
  const next = (bits << (8 - bitCount)) & 0xff;
  const count = 1 << (8 - bitCount);
  if (bitCount === 0 || mayGoOn(next, count, missing)) return true;
  return isWideText && (isHighByte ? next === 0 : mayGoOn(next, count, 0));
}

function startsLikeHex(from: number, to: number): boolean {
  let missing = 0;
  let at = from;
  for (; at + 1 < to && missing !== notText; at += 2) {
    const high = hexDigit(unitAt(at));
    if (high < 0) return false;
    missing = missingAfter(high * 16 + hexDigit(unitAt(at + 1)), missing);
  }
  const high = at < to ? hexDigit(unitAt(at)) : 0;
  if (high < 0 || missing === notText) return false;
  return at >= to || mayGoOn(high * 16, 16, missing);
}

// Whether one of so many bytes from `first` on can be the next of a text.
function mayGoOn(first: number, count: number, missing: number): boolean {
  for (let byte = first; byte < first + count; byte += 1) {
    if (missingAfter(byte, missing) !== notText) return true;
  }
  return false;
}

// Bytes of a UTF-8 sequence that are missing after a byte, or `notText`.
function missingAfter(byte: number, missing: number): number {
  if (missing > 0) return (byte & 0xc0) === 0x80 ? missing - 1 : notText;
  if (missing === notText) return notText;
  if (byte < 0x80) return isPrintable(byte) ? 0 : notText;
  if (byte < 0xc2 || byte > 0xf4) return notText;
  return byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
}

function isPrintable(code: number): boolean {
  return (code >= 0x20 && code < 0x7f) || code === 0x0a || code === 0x09 || code === 0x0d;
}

function isWide(bytes: Buffer): boolean {
  return bytes.length >= wideBytesMin && bytes[0] !== 0 && bytes[1] === 0 && bytes[3] === 0;
}

function buildSextets(): Uint8Array {
  const table = new Uint8Array(128);
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (let value = 0; value < alphabet.length; value += 1) {
    table[alphabet.charCodeAt(value)] = value;
  }
  table[0x2d] = 62;
  table[0x5f] = 63;
  return table;
}
