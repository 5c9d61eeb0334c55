import { letterMin } from "./classes";
import { hashBase, hashOf } from "./hash";
import {
  answer,
  capitals,
  cells,
  endSieve,
  foreign,
  knownSieve,
  letters,
  marks,
  sieveBits,
  slots,
  units,
  unitTable,
  words,
  wordsMax,
} from "./memory";

/** Why reading stopped: at a mark or the end, behind a word that may be more, or in one that is not plain. */
const plain: u32 = 0;
const more: u32 = 1;
const opens: u32 = 2;

/** Places in `answer`: why it stopped, words so far, where the last begins that tells something. */
const why: usize = answer;
const wordCount: usize = answer + 4;
const toldFrom: usize = answer + 8;
/** Of a word that is opened: where it begins and the hash of what was read. */
const openStart: usize = answer + 12;
const openHash: usize = answer + 16;

/** Flags of what is known of a word, as `word-table.ts` of the engine names them. */
const endsPhrase: u32 = 4 << 16;
const joins: u32 = 8 << 16;
const speaks: u32 = 16 << 16;
const tells: u32 = 128 << 16;

/** Roles and entries of units, as `roles.ts` and `letters.ts` of the engine have them. */
const spaceRole: u32 = 1;
const capitalFlag: u32 = 0x8000;
const accentEntry: u32 = 0x7fff;

/** How far before a number a word begins that it may belong to. */
const numberWordUnits: i32 = 24;
const nowhere: u32 = u32.MAX_VALUE;

/**
 * Reads plain words from `from` to at most `to`, both places in the text that is laid down, which begins
 * at `base` in the whole text, and adds each to the words. `countBefore` of them were read before, the
 * last that tells something at `toldBefore`. Stops at `to`, at a mark, or at a space if `seesSpaces`; in
 * a word that is not plain (capitals and small letters behind them) or not known to end before `to`; and
 * behind a word that may run into a value or end a phrase. Gives where; the rest is in `answer`.
 */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: all of it works on the same few numbers, and what is handed on for each word costs as much as the word.
export function readWords(
  base: u32,
  from: u32,
  to: u32,
  seesSpaces: bool,
  countBefore: u32,
  toldBefore: i32,
): u32 {
  let count = countBefore;
  let told = toldBefore;
  const space = seesSpaces ? nextSpace(from, to) : nowhere;
  let first = from;
  while (first < to) {
    const isLetter = window(letters, first);
    const isCapital = window(capitals, first);
    const odd = window(foreign, first) | (isCapital & ((isLetter & ~isCapital) << 1));
    // Where more is to be done than to add a plain word.
    let special = window(marks, first);
    let starts = isLetter & ~(isLetter << 1);
    let ends = ~isLetter & (isLetter << 1);
    let next: u32 = first + 64;
    const left = to - first;
    let last: u64 = 0;
    if (left <= 64) {
      // A word that reaches the end is not known to end there.
      const isWithin: u64 = left === 64 ? -1 : ((<u64>1) << (<u64>left)) - 1;
      if ((isLetter & isWithin) >>> <u64>(left - 1) !== 0) special |= lastOf(starts & isWithin);
      if (left < 64) special |= (<u64>1) << (<u64>left);
    } else {
      // What goes on behind these units is read with those that follow; a longer word is not.
      last = lastOf(starts) & (0 - (isLetter >>> 63));
      special |= last & 1;
      starts &= ~last | 1;
    }
    if (odd !== 0) special |= startsOf(odd, starts);
    if (space - first < 64) special |= (<u64>1) << (<u64>(space - first));
    for (;;) {
      let open = starts & ~special & (special - 1);
      starts ^= open;
      while (open !== 0) {
        const start = first + <u32>ctz(open);
        const end = first + <u32>ctz(ends);
        open &= open - 1;
        ends &= ends - 1;
        const hash = hashOf(start, end - start);
        const found = knownOf(hash);
        addWord(base + start, base + end, found, hash, count);
        count += 1;
        if ((found & tells) !== 0) told = max(told, <i32>(base + start));
        if ((found & (endsPhrase | joins | speaks)) === 0) continue;
        if (runsOn(found, hash, count - 1)) return stop(more, end, count, told);
      }
      if (special === 0) break;
      const bit = special & (0 - special);
      const at = first + <u32>ctz(special);
      special ^= bit;
      if (at >= to) return stop(plain, to, count, told);
      if ((starts & bit) === 0) {
        if (at !== space && isQuiet(at, <i32>(base + at), told)) continue;
        return stop(plain, at, count, told);
      }
      starts ^= bit;
      const end = readSlowly(at, to);
      const hash = load<u32>(openHash);
      if (load<u32>(why) === opens) return stop(opens, end, count, told);
      if (end - first < 64) ends &= ends - 1;
      else next = end;
      const found = knownOf(hash);
      addWord(base + at, base + end, found, hash, count);
      count += 1;
      if ((found & tells) !== 0) told = max(told, <i32>(base + at));
      if (runsOn(found, hash, count - 1)) return stop(more, end, count, told);
    }
    first = last > 1 ? first + <u32>ctz(last) : next;
  }
  return stop(plain, to, count, told);
}

/** What is known of a word of this hash: its entry and, 16 bits further up, its flags; or 0. */
export function lookUp(hash: u32): u32 {
  return knownOf(hash);
}

/**
 * Whether a word may run into a value or end a phrase, behind `count` others. Of what joins only behind
 * what is known; what is no plain word is passed over by whoever looks for phrases.
 */
export function runsOn(found: u32, hash: u32, count: u32): bool {
  if ((found & speaks) !== 0) return true;
  if (count === 0) return false;
  const before = words + ((<usize>((count - 1) & (wordsMax - 1))) << 4);
  if ((found & joins) !== 0 && load<u32>(before, 8) !== 0) return true;
  if (hash === 0 || (found & endsPhrase) === 0) return false;
  const hashBefore = load<u32>(before, 12);
  return hashBefore === 0 || has(endSieve, mix(hashPhrase(hash, hashBefore)));
}

// As `word-table.ts` of the engine makes it.
function hashPhrase(rest: u32, word: u32): u32 {
  return (((rest ^ 0x5bd1e995) + (word << 1)) * 0x01000193) ^ (word >>> 7);
}

// @inline
function addWord(start: u32, end: u32, found: u32, hash: u32, count: u32): void {
  const row = words + ((<usize>(count & (wordsMax - 1))) << 4);
  store<u32>(row, start);
  store<u32>(row, end, 4);
  store<u32>(row, found, 8);
  store<u32>(row, hash, 12);
}

function stop(reason: u32, at: u32, count: u32, told: i32): u32 {
  store<u32>(why, reason);
  store<u32>(wordCount, count);
  store<i32>(toldFrom, told);
  return at;
}

// The starts of words in which one of some units is.
export function startsOf(some: u64, starts: u64): u64 {
  let found: u64 = 0;
  let rest = some;
  while (rest !== 0) {
    const bit = rest & (0 - rest);
    found |= lastOf(starts & (bit | (bit - 1)));
    rest ^= bit;
  }
  return found;
}

// @inline
function lastOf(bits: u64): u64 {
  return bits === 0 ? 0 : (<u64>1) << (63 - clz(bits));
}

// Unit by unit. Where what is read of the word is all of it, says so; its hash is in `openHash`.
export function readSlowly(start: u32, to: u32): u32 {
  let at = start;
  let hash: u32 = 0;
  let letter = entryAt(at);
  while (letter >= capitalFlag) {
    hash = hash * hashBase + (letter - capitalFlag);
    at += 1;
    letter = at < to ? entryAt(at) : 0;
  }
  while (letter >= letterMin && letter < accentEntry) {
    hash = hash * hashBase + letter;
    at += 1;
    letter = at < to ? entryAt(at) : 0;
  }
  store<u32>(why, at === to || letter >= letterMin ? opens : plain);
  store<u32>(openStart, start);
  store<u32>(openHash, hash);
  return at;
}

// A digit with no word beside it that says something: nothing begins there.
// @inline
function isQuiet(at: u32, place: i32, told: i32): bool {
  return codeAt(at) - 0x30 < 10 && told < place - numberWordUnits && at !== 0;
}

export function nextSpace(from: u32, to: u32): u32 {
  for (let at = from; at < to; at++) {
    if (entryAt(at) === spaceRole) return at;
  }
  return nowhere;
}

// The bits of 64 units from a place on.
// @inline
function window(bits: usize, at: u32): u64 {
  const from = bits + ((<usize>(at >>> 6)) << 3);
  const shift = <u64>(at & 63);
  return (load<u64>(from) >> shift) | ((load<u64>(from, 8) << 1) << (63 - shift));
}

// @inline
function knownOf(hash: u32): u32 {
  const place = mix(hash);
  if (!has(knownSieve, place)) return 0;
  let cell = cells + ((<usize>(place & (slots - 1))) << 3);
  let found = load<u32>(cell, 4);
  // Another word may have taken the slot where this one should stand.
  while (load<u32>(cell) !== hash && found !== 0) {
    cell = cells + ((cell - cells + 8) & (<usize>(slots << 3) - 1));
    found = load<u32>(cell, 4);
  }
  return found;
}

// @inline
function has(sieve: usize, place: u32): bool {
  const bits = load<u32>(sieve + ((<usize>((place & (sieveBits - 1)) >>> 5)) << 2));
  return ((bits >>> (place & 31)) & 1) !== 0;
}

// @inline
function mix(hash: u32): u32 {
  return hash ^ (hash >>> 15);
}

// @inline
function entryAt(at: u32): u32 {
  return <u32>load<u16>(unitTable + ((<usize>codeAt(at)) << 1));
}

// @inline
function codeAt(at: u32): u32 {
  return <u32>load<u16>(units + ((<usize>at) << 1));
}
