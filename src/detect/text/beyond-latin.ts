import { beyondLatin, layDown, nextIn } from "./units.ts";

/**
 * Where in a text, from a place on, the next unit is that can be a disguise or a look-alike: any beyond
 * Latin-1, the soft hyphen and the middle dot. The length of the text if there is none.
 */
export function nextBeyondLatin(text: string, from: number): number {
  layDown(text);
  return nextIn(beyondLatin(), from);
}
