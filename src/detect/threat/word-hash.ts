/** Where the hash of a word begins (FNV-1a, 32 bit). */
export const hashStart = 0x811c9dc5 | 0;
const prime = 0x01000193;

/** The hash of a word with one more folded unit. */
export function hashStep(hash: number, fold: number): number {
  return Math.imul(hash ^ fold, prime);
}

/** The hash of a folded word. */
export function hashOf(word: string): number {
  let hash = hashStart;
  for (let at = 0; at < word.length; at += 1) hash = hashStep(hash, word.charCodeAt(at));
  return hash;
}

/** One hash of two, in their order. */
export function hashPair(first: number, second: number): number {
  return hashWith(hashHead(first), second);
}

/** What `hashWith` makes the hash of a pair of: its first one, which may have part in several. */
export function hashHead(first: number): number {
  return Math.imul(first ^ (first >>> 15), 0x2c1b3c6d);
}

/** The hash of a pair of which the first one is known by its head. */
export function hashWith(head: number, second: number): number {
  const mixed = head ^ second;
  return Math.imul(mixed ^ (mixed >>> 13), 0x297a2d39);
}
