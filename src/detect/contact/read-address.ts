import { foldWithoutMarks } from "../text/fold.ts";
import {
  joiningBit,
  leadingStreetBit,
  plainStreetBit,
  streetBit,
  streetWordBits,
} from "./street-words.ts";

/** An address that a text begins with. Offsets into the text. */
export interface ReadAddress {
  readonly start: number;
  readonly end: number;
  /** A word for streets is among its words. */
  readonly hasStreet: boolean;
  readonly hasNumber: boolean;
  /** Ends in a postcode, or has one before a place. */
  readonly hasPostcode: boolean;
  /** Its parts are set off by commas. */
  readonly hasParts: boolean;
  /** Nothing but marks stands behind it. */
  readonly isWhole: boolean;
}

const wordsMax = 24;
const unitsMin = 7;
/** Words from the number of a house to the word for its street, at most. */
const streetWordsMax = 6;
const abbreviation = /^(?:[#№]? ?\p{L}{1,5}|(?:\p{L}\.){1,3}\p{L}|\p{N}{1,2})\.$/u;

const lead = /[\s"'*(]{0,6}(?:(?:at|in|near|an der|in der)\s)?/y;
/** One word, number or abbreviation of an address. */
const token =
  /[#№]? ?(?:\p{L}[\p{L}\p{M}]*(?:['’./-]\p{L}[\p{L}\p{M}]*)*[\p{N}]*|\p{N}[\p{N}\p{L}]*(?:[-/–]\p{N}*\p{L}?\p{N}*)*)[.ºª°]?/uy;
/** What stands between two words: spaces and commas, a line break behind a comma or in a string. */
const gap = /(?:[,،]? ?(?:\\n|\r?\n)|[,،]|;? ?[–—-](?= )|\/)? ?(?=[\p{L}\p{N}#№])/uy;
const number = /^[#№]? ?\p{N}/u;
const name = /^(?:[#№]? ?(?:\p{Lu}|\p{Lo})|[dl]['’]\p{Lu})/u;
/** Postcodes of the US, UK, Canada, the Netherlands, and of four to six digits, some in two groups. */
const postcode =
  /(?=[\dA-Z,])(?<![\p{L}\p{N}])(?:\d{5}(?:-\d{3,4})?|\d{3} \d{2}|\d{2}-\d{3}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4} ?[A-Z]{2}|\d{6}|[A-Z]{1,2}-\d{4,5}|(?:\b[A-Z]{2,3} |, )\d{4})(?![\p{L}\p{N}])/u;
const rest = /^[\s"'*.,;)\]}<|\\]*(?:$|[\r\n"'}\]<|]|\\n)/u;

/** The address at the beginning of a text: as long as words and numbers of one go on; or nothing. */
export function readAddress(text: string): ReadAddress | undefined {
  const start = isDigit(text.charCodeAt(0)) ? 0 : endOf(lead, text, 0, 0);
  const { end, hasStreet, hasNumber } = readWords(text, start);
  if (end - start < unitsMin || codeBelongs(text, end)) return undefined;
  const read = text.slice(start, end);
  if (!/\p{L}{2}/u.test(read)) return undefined;
  return {
    start,
    end,
    hasStreet,
    hasNumber,
    hasPostcode: read.includes(" ") && postcode.test(read),
    hasParts: read.includes(","),
    isWhole: rest.test(text.slice(end, end + 16)),
  };
}

/**
 * Whether a text begins with the number of a house and the street that has it, "12 Example Street" or
 * "12 rue de Rivoli": few words on there is a word for streets that is one for little else.
 */
export function beginsNumberedStreet(text: string): boolean {
  let at = 0;
  for (let index = 0; index < streetWordsMax && at >= 0; index += 1) {
    const next = tokenEnd(text, at);
    if (next < 0) return false;
    const written = text.slice(at, next);
    const role = roleOf(written);
    if (role === "other" || (role === "number") !== (index === 0)) return false;
    if (role === "street") {
      const wanted = index === 1 ? leadingStreetBit : plainStreetBit;
      return (streetWordBits(foldWithoutMarks(written)) & wanted) !== 0;
    }
    if (withoutDot(written, next) < next) return false;
    at = gapEnd(text, next);
  }
  return false;
}

type Role = "number" | "street" | "name" | "joining" | "other";

interface ReadWords {
  /** Where the last of them ends that is more than a joining word. */
  readonly end: number;
  readonly hasStreet: boolean;
  readonly hasNumber: boolean;
}

function readWords(text: string, start: number): ReadWords {
  let end = start;
  let at = start;
  let hasStreet = false;
  let hasNumber = false;
  for (let words = 0; words < wordsMax && at >= 0; words += 1) {
    const next = tokenEnd(text, at);
    if (next < 0) break;
    const written = text.slice(at, next);
    const role = roleOf(written);
    if (role === "other") break;
    hasStreet ||= role === "street";
    hasNumber ||= role === "number";
    const stop = withoutDot(written, next);
    if (role !== "joining") end = stop;
    if (stop < next) break;
    at = gapEnd(text, next);
  }
  return { end, hasStreet, hasNumber };
}

// Most words are letters alone or digits alone with a space or comma behind; what may be more is for
// the pattern.
function tokenEnd(text: string, at: number): number {
  const isIn = isDigit(text.charCodeAt(at)) ? isDigit : isLetter;
  let end = at;
  while (isIn(text.charCodeAt(end))) end += 1;
  const code = text.charCodeAt(end);
  const isPlain = end > at && (code === 0x20 || code === 0x2c || end === text.length);
  return isPlain ? end : endOf(token, text, at, -1);
}

function gapEnd(text: string, at: number): number {
  const space = text.charCodeAt(at) === 0x2c ? at + 1 : at;
  const code = text.charCodeAt(space + 1);
  const isPlain = text.charCodeAt(space) === 0x20 && (isLetter(code) || isDigit(code));
  return isPlain ? space + 1 : endOf(gap, text, at, -1);
}

function endOf(pattern: RegExp, text: string, at: number, otherwise: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : otherwise;
}

function roleOf(written: string): Role {
  const initial = written.charCodeAt(0);
  if (isDigit(initial) || (!isLetter(initial) && number.test(written))) return "number";
  const bits = streetWordBits(foldWithoutMarks(written));
  if ((bits & streetBit) !== 0) return "street";
  if ((bits & joiningBit) !== 0) return "joining";
  return isCapital(initial) || name.test(written) ? "name" : "other";
}

function isLetter(code: number): boolean {
  return isCapital(code & ~0x20);
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isCapital(code: number): boolean {
  return code >= 0x41 && code <= 0x5a;
}

// An e-mail address, a path or code begins with a word too.
function codeBelongs(text: string, end: number): boolean {
  return end < text.length && "@_:=({[".includes(text.charAt(end));
}

// The dot of an abbreviation or ordinal belongs to it, that of a sentence does not.
function withoutDot(word: string, end: number): number {
  return !word.endsWith(".") || abbreviation.test(word) ? end : end - 1;
}
