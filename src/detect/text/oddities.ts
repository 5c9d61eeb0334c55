import { nextBeyondLatin } from "./beyond-latin.ts";
import { disguiseKindOf, disguiseKinds } from "./disguise-characters.ts";
import { mayBeDisguise } from "./disguises.ts";
import { isLatin, isLookAlike } from "./look-alikes.ts";

const lookAlike = 4;
const oddityOf = buildOddities();

/**
 * Where in a text there can first be a disguise or a look-alike, or -1. A text of one script has none
 * but at its end, where more may come. `before`: the end of what came before it; `isLast`: no more
 * text comes.
 */
export function firstOddity(text: string, before: string, isLast: boolean): number {
  const { length } = text;
  let at = nextBeyondLatin(text, 0);
  while (at < length) {
    const kind = oddityOf[text.charCodeAt(at)] ?? 0;
    if (kind === lookAlike) {
      const end = endOfLookAlikes(text, at);
      if (isMixed(text, at, end, before) || (end >= length && !isLast)) return at;
      at = nextBeyondLatin(text, end);
    } else if (kind !== 0 && mayBeDisguise(text, at, kind)) return at;
    else at = nextBeyondLatin(text, at + 1);
  }
  return -1;
}

function isMixed(text: string, start: number, end: number, before: string): boolean {
  const previous = start === 0 ? before.charCodeAt(before.length - 1) : text.charCodeAt(start - 1);
  return isLatin(previous) || isLatin(text.charCodeAt(end));
}

// Look-alikes in a row are a part of one word: where it has Latin letters too, some are beside them.
function endOfLookAlikes(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && oddityOf[text.charCodeAt(end)] === lookAlike) end += 1;
  return end;
}

function buildOddities(): Uint8Array {
  const table = Uint8Array.from(disguiseKindOf);
  for (let code = 0; code < table.length; code += 1) {
    if (table[code] === disguiseKinds.none && isLookAlike(code)) table[code] = lookAlike;
  }
  return table;
}
