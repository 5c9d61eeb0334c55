import { nextBeyondLatin } from "./beyond-latin.ts";
import {
  disguiseKindOf,
  disguiseKinds,
  jointReadings,
  unitReadings,
} from "./disguise-characters.ts";
import type { OpenSign, Sign, SignFinder } from "./text-layer.ts";

/** Tags, U+E0000 to U+E007F, and the further variation selectors begin with it; none is seen. */
const unseenLead = "\udb40";
const pairUnits = 2;
/** Second unit of the tags that stand for an ASCII character each, U+E0020 to U+E007E. */
const tagFirst = 0xdc20;
const tagLast = 0xdc7e;
/** How far the second unit of a tag is from its character. */
const tagOffset = 0xdc00;
/** Fewer tags in a row spell no value: they stand there to part one. */
const spellingTagsMin = 6;

/** Enclosed letters, U+1F100 to U+1F1FF, and segmented digits, U+1FBF0, among symbols and faces. */
const enclosedLead = 0xd83c;
const enclosedEnd = 0xde00;
const segmentedLead = 0xd83e;
const segmentedFirst = 0xdff0;

/** Where in a text a character can first be another than it looks like, or -1. */
function firstDisguise(text: string, from: number): number {
  const { length } = text;
  for (let at = nextBeyondLatin(text, from); at < length; at = nextBeyondLatin(text, at + 1)) {
    const kind = disguiseKindOf[text.charCodeAt(at)] ?? 0;
    if (kind !== disguiseKinds.none && mayBeDisguise(text, at, kind)) return at;
  }
  return -1;
}

/**
 * Whether the unit at a place can be a disguise, of the kind that its unit has: most of what joins
 * digits elsewhere ends sentences, and most pairs are faces, which the next unit tells.
 */
export function mayBeDisguise(text: string, at: number, kind: number): boolean {
  if (kind === disguiseKinds.read || at + 1 >= text.length) return true;
  const next = text.charCodeAt(at + 1);
  if (kind === disguiseKinds.joint) return isDigit(next);
  switch (text.charCodeAt(at)) {
    case enclosedLead:
      return next < enclosedEnd;
    case segmentedLead:
      return next >= segmentedFirst;
    default:
      return true;
  }
}

/**
 * Finds what looks like ASCII, or like nothing, and costs a writer nothing to put into a value. Spaces
 * and dashes are left alone: the rules know theirs. One text each, since it remembers whether tags
 * spell something.
 */
export class DisguiseFinder implements SignFinder {
  /** The last sign was a tag that spells something; a tag right after it goes on with it. */
  #isSpelling = false;
  /** The unit before the text being read, and the one before what is read next. */
  #before: number;
  #last: number;

  /** `before`: the end of the text before the one it finds signs in. */
  constructor(before: string) {
    this.#before = before.charCodeAt(before.length - 1);
    this.#last = this.#before;
  }

  find(text: string, from: number, isLast: boolean): Sign | OpenSign | undefined {
    if (from === 0) this.#before = this.#last;
    if (this.#isSpelling && mayTellOfTag(text, from)) this.#isSpelling = isTag(text, from);
    const found = this.#next(text, from, isLast);
    const read = found !== undefined && "waitsAt" in found ? found.waitsAt : text.length;
    if (read > 0) this.#last = text.charCodeAt(read - 1);
    return found;
  }

  #next(text: string, from: number, isLast: boolean): Sign | OpenSign | undefined {
    let at = firstDisguise(text, from);
    while (at >= 0) {
      const found = this.#signAt(text, at, isLast);
      if (found !== undefined) return found;
      at = firstDisguise(text, at + 1);
    }
    return undefined;
  }

  #signAt(text: string, start: number, isLast: boolean): Sign | OpenSign | undefined {
    const unit = text.charAt(start);
    const kind = disguiseKindOf[unit.charCodeAt(0)];
    if (kind === disguiseKinds.read) {
      return { start, end: start + 1, reading: unitReadings.get(unit) ?? "" };
    }
    if (start + 1 >= text.length) return isLast ? undefined : { waitsAt: start };
    if (kind === disguiseKinds.joint) return this.#jointAt(text, start);
    if (unit !== unseenLead) return pairAt(text, start);
    return isTag(text, start) ? this.#tagAt(text, start, isLast) : unseenAt(text, start);
  }

  #jointAt(text: string, start: number): Sign | undefined {
    const before = start === 0 ? this.#before : text.charCodeAt(start - 1);
    if (!isDigit(before) || !isDigit(text.charCodeAt(start + 1))) return undefined;
    return { start, end: start + 1, reading: jointReadings.get(text.charAt(start)) ?? "" };
  }

  #tagAt(text: string, start: number, isLast: boolean): Sign | OpenSign {
    const end = this.#isSpelling ? start : endOfTags(text, start);
    const mayGoOn = !isLast && end > start && !mayTellOfTag(text, end);
    const tags = (end - start) / pairUnits;
    if (!this.#isSpelling && tags < spellingTagsMin) {
      return mayGoOn ? { waitsAt: start } : { start, end, reading: "" };
    }
    this.#isSpelling = true;
    const reading = String.fromCharCode(text.charCodeAt(start + 1) - tagOffset);
    return { start, end: start + pairUnits, reading };
  }
}

function isTag(text: string, at: number): boolean {
  const second = text.charCodeAt(at + 1);
  return text.charAt(at) === unseenLead && second >= tagFirst && second <= tagLast;
}

/** Whether the text goes on far enough to tell a tag at this place from anything else. */
function mayTellOfTag(text: string, at: number): boolean {
  return at + 1 < text.length || (at < text.length && text.charAt(at) !== unseenLead);
}

// Where the tags end that begin at `start`, as far as their number matters.
function endOfTags(text: string, start: number): number {
  const endMax = start + spellingTagsMin * pairUnits;
  let end = start;
  while (end < endMax && isTag(text, end)) end += pairUnits;
  return end;
}

function unseenAt(text: string, start: number): Sign | undefined {
  return isLowSurrogate(text.charCodeAt(start + 1))
    ? { start, end: start + pairUnits, reading: "" }
    : undefined;
}

const pairDigit = /^\p{Nd}$/u;

// Mathematical, squared and circled letters and digits, and digits of further scripts.
function pairAt(text: string, start: number): Sign | undefined {
  if (!isLowSurrogate(text.charCodeAt(start + 1))) return undefined;
  const end = start + pairUnits;
  const pair = text.slice(start, end);
  const reading = pair.normalize("NFKC");
  if (reading.length === 1) return { start, end, reading };
  return pairDigit.test(pair) ? { start, end, reading: digitOf(pair) } : undefined;
}

// Each script has its ten digits in a row; a script with two such rows has them side by side.
function digitOf(pair: string): string {
  const code = pair.codePointAt(0) ?? 0;
  let zero = code;
  while (pairDigit.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String((code - zero) % 10);
}

function isDigit(code: number): boolean {
  if (code < 0x80) return code >= 0x30 && code <= 0x39;
  const reading = unitReadings.get(String.fromCharCode(code)) ?? "";
  return reading >= "0" && reading <= "9";
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
