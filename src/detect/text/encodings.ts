import { layeredReferenceAt, referenceAt } from "./character-references.ts";
import { endOfBackslashes, escapeAt } from "./escapes.ts";
import { layeredPercentAt, percentAt } from "./percent.ts";
import type { OpenSign, Sign, SignFinder } from "./text-layer.ts";
import { layDown, nextIn, openings } from "./units.ts";

/** Backslashes in a row that the innermost layer takes for one. */
const innermostBackslashesMax = 64;
const absent = Number.POSITIVE_INFINITY;

/** Where in a text a character can first be written otherwise than as itself, or -1. */
export function firstEncoding(text: string): number {
  layDown(text);
  const at = nextIn(openings(), 0);
  return at < text.length ? at : -1;
}

/**
 * Finds characters that are written as escapes of JSON, as bytes of a URL or as references of HTML,
 * one layer of them: in JSON inside JSON each layer escapes the backslashes of the one within.
 * Whatever else begins like them stands for itself. One text each.
 */
export class EncodingFinder implements SignFinder {
  readonly #isInnermost: boolean;
  /** Where the next of each opening stands in the text being read; old once that is passed. */
  #backslashAt = -1;
  #percentAt = -1;
  #ampersandAt = -1;

  /**
   * `isInnermost`: the last layer that is undone. What is written in more layers is read as if it were
   * one, so that the at signs, line breaks and quotes of deeper layers are still seen.
   */
  constructor(isInnermost: boolean) {
    this.#isInnermost = isInnermost;
  }

  find(text: string, from: number, isLast: boolean): Sign | OpenSign | undefined {
    if (from === 0) {
      this.#backslashAt = -1;
      this.#percentAt = -1;
      this.#ampersandAt = -1;
    }
    let at = this.#nextOpening(text, from);
    while (at < text.length) {
      const isBackslash = text.charCodeAt(at) === 0x5c;
      const backslashesMax = this.#isInnermost ? innermostBackslashesMax : 1;
      const opened = isBackslash ? endOfBackslashes(text, at, backslashesMax) : at + 1;
      const layered = this.#isInnermost ? layeredAt(text, at, isLast) : undefined;
      const found = layered ?? signAt(text, at, opened, isLast);
      if (found !== undefined && ("reading" in found || !isLast)) return found;
      at = this.#nextOpening(text, opened);
    }
    return undefined;
  }

  #nextOpening(text: string, from: number): number {
    if (this.#backslashAt < from) this.#backslashAt = placeOf("\\", text, from);
    if (this.#percentAt < from) this.#percentAt = placeOf("%", text, from);
    if (this.#ampersandAt < from) this.#ampersandAt = placeOf("&", text, from);
    return Math.min(this.#backslashAt, this.#percentAt, this.#ampersandAt);
  }
}

function placeOf(opening: string, text: string, from: number): number {
  const at = text.indexOf(opening, from);
  return at < 0 ? absent : at;
}

function layeredAt(text: string, at: number, isLast: boolean): Sign | OpenSign | undefined {
  const code = text.charCodeAt(at);
  if (code === 0x25) return known(layeredPercentAt(text, at), isLast);
  return code === 0x26 ? known(layeredReferenceAt(text, at, isLast), isLast) : undefined;
}

// At the end of a text nothing is open.
function known(found: Sign | OpenSign | undefined, isLast: boolean): Sign | OpenSign | undefined {
  return isLast && found !== undefined && "waitsAt" in found ? undefined : found;
}

function signAt(
  text: string,
  at: number,
  opened: number,
  isLast: boolean,
): Sign | OpenSign | undefined {
  switch (text.charCodeAt(at)) {
    case 0x5c:
      return escapeAt(text, at, opened);
    case 0x25:
      return percentAt(text, at);
    default:
      return referenceAt(text, at, isLast);
  }
}
