/** Few units of a Latin-1 text to compare, which lets the engine look at many at once. */
const beyond = /[\xad\xb7\u0100-\uffff]/g;
/** In other texts the next one is often close, and asking the engine for one by one is dear. */
const nearUnitsMax = 16;

/**
 * Where in a text, from a place on, the next unit is that can be a disguise or a look-alike: any beyond
 * Latin-1, the soft hyphen and the middle dot. The length of the text if there is none.
 */
export function nextBeyondLatin(text: string, from: number): number {
  const nearEnd = Math.min(text.length, from + nearUnitsMax);
  for (let at = from; at < nearEnd; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 0xff || code === 0xad || code === 0xb7) return at;
  }
  if (nearEnd === text.length) return nearEnd;
  beyond.lastIndex = nearEnd;
  return beyond.test(text) ? beyond.lastIndex - 1 : text.length;
}
