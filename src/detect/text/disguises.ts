import { unitReadings } from "./disguise-characters.ts";
import type { OpenSign, Sign, SignFinder } from "./text-layer.ts";

/** The mathematical letters and digits, U+1D400 to U+1D7FF, begin with this unit. */
const mathLead = "\ud835";
/** Tags, U+E0000 to U+E007F, and the further variation selectors do; none of them is seen. */
const unseenLead = "\udb40";
const pairUnits = 2;
/** Second unit of the tags that stand for an ASCII character each, U+E0020 to U+E007E. */
const tagFirst = 0xdc20;
const tagLast = 0xdc7e;
/** How far the second unit of a tag is from its character. */
const tagOffset = 0xdc00;
/** Fewer tags in a row spell no value: they stand there to part one. */
const spellingTagsMin = 6;

/** An at sign as URLs (RFC 3986, section 2.1) and HTML write it, in small letters. */
const atSigns = ["%40", "&#64;", "&#x40;", "&commat;"] as const;
const atSignUnitsMax = 8;

/**
 * The units a disguise can begin with, and some more, as the inside of a character class. Up to sixteen
 * ranges are compared in line, of which a Latin-1 text needs the first two; with one more the engine
 * calls a function for each unit of other texts, ten times slower.
 */
export const disguiseOpenings =
  "%&\\xad\\u034f\\u061c\\u0660-\\u0669\\u06f0-\\u06f9\\u0966-\\u096f\\u115f-\\u180f" +
  "\\u200b-\\u200f\\u202a-\\u206f\\u20e3\\u3164\\ud835\\udb40\\ufe00-\\uffa0";
const openings = new RegExp(`[${disguiseOpenings}]`, "g");

/**
 * Finds what looks like ASCII, or like nothing, and costs a writer nothing to put into a value. Spaces
 * and dashes are left alone: the rules know theirs. One text each, since it remembers whether tags
 * spell something.
 */
export class DisguiseFinder implements SignFinder {
  /** The last sign was a tag that spells something; a tag right after it goes on with it. */
  #isSpelling = false;

  find(text: string, from: number, isLast: boolean): Sign | OpenSign | undefined {
    if (this.#isSpelling && mayTellOfTag(text, from)) this.#isSpelling = isTag(text, from);
    openings.lastIndex = from;
    while (openings.test(text)) {
      const found = this.#signAt(text, openings.lastIndex - 1, isLast);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #signAt(text: string, start: number, isLast: boolean): Sign | OpenSign | undefined {
    const unit = text.charAt(start);
    if (unit === "%" || unit === "&") return atSignAt(text, start, isLast);
    if (unit !== unseenLead && unit !== mathLead) {
      const reading = unitReadings.get(unit);
      return reading === undefined ? undefined : { start, end: start + 1, reading };
    }
    if (start + 1 >= text.length) return isLast ? undefined : { waitsAt: start };
    if (unit === mathLead) return mathAt(text, start);
    return isTag(text, start) ? this.#tagAt(text, start, isLast) : unseenAt(text, start);
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

function mathAt(text: string, start: number): Sign | undefined {
  const end = start + pairUnits;
  const reading = text.slice(start, end).normalize("NFKC");
  return reading.length === 1 ? { start, end, reading } : undefined;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

function atSignAt(text: string, start: number, isLast: boolean): Sign | OpenSign | undefined {
  const rest = text.slice(start, start + atSignUnitsMax).toLowerCase();
  for (const written of atSigns) {
    if (rest.startsWith(written)) return { start, end: start + written.length, reading: "@" };
    if (!isLast && written.startsWith(rest)) return { waitsAt: start };
  }
  return undefined;
}
