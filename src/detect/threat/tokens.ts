import { folds, gap, isUnspaced, unseen } from "../text/folds.ts";
import { isGreekOrCyrillic, isLatin, leetLetters, looksLike } from "./look-alikes.ts";
import {
  ciphered,
  phraseWordsMax,
  reversedBit,
  rotatedBit,
  unspacedUnitsMax,
  vocabulary,
} from "./role-table.ts";
import { hashPair, hashStart, hashStep } from "./word-hash.ts";

/** A sentence ends before the token. */
export const sentenceFlag = 1;
/** Written with look-alike letters of another script. */
export const mixedFlag = 4;
/** Written with digits or signs for letters. */
const leetFlag = 8;
/** A single letter. */
const letterFlag = 16;

/** How many units at the beginning of a word its stem has. */
const stemUnits = 5;
const stemUnitsMin = 2;
const lineFeed = 0x0a;
/** A shorter word with digits in it is one of those that have digits. */
const leetUnitsMin = 4;
/** A line that is shorter was not broken for want of room: what stands on it stands for itself. */
const wrappedUnitsMin = 40;
/** What a token starts as of which nothing is known. */
const startCapacity = 1024;

/**
 * The words of a text with what they may be about; of a script without spaces, words that are known
 * and single characters. Owned by one detector and filled anew for each text.
 */
export class Tokens {
  count = 0;
  hash = new Int32Array(startCapacity);
  /** Hash of the first units of a word. */
  stem = new Int32Array(startCapacity);
  start = new Int32Array(startCapacity);
  end = new Int32Array(startCapacity);
  roles = new Int32Array(startCapacity);
  flags = new Uint8Array(startCapacity);
  /** All roles and flags of the text. */
  rolesSeen = 0;
  flagsSeen = 0;
  /** The most words of one letter, and of two, in a row. */
  lettersInRow = 0;
  pairsInRow = 0;
  /** Units of the longest word. */
  longestUnits = 0;
  /** Words that are known ones in ROT13, or backwards. */
  rotatedWords = 0;
  reversedWords = 0;
  #letters = 0;
  #pairs = 0;

  /** Reads the text from one offset to another. */
  read(text: string, from: number, to: number): void {
    this.#reset();
    let at = from;
    let lineStart = from;
    let flags = sentenceFlag;
    while (at < to) {
      const code = text.charCodeAt(at);
      const fold = folds[code] ?? gap;
      if (fold > gap) {
        const start = at;
        at = isUnspaced(fold)
          ? this.#readUnspaced(text, at, to, flags)
          : this.#readWord(text, at, to, flags);
        this.#noteUnits(at - start);
        flags = 0;
        continue;
      }
      if (code === lineFeed) {
        flags |= at - lineStart < wrappedUnitsMin ? sentenceFlag : 0;
        lineStart = at + 1;
      } else if (endsSentence(text, at, code)) flags |= sentenceFlag;
      at += 1;
    }
    this.#findPhrases();
  }

  #reset(): void {
    this.count = 0;
    this.rolesSeen = 0;
    this.flagsSeen = 0;
    this.lettersInRow = 0;
    this.pairsInRow = 0;
    this.longestUnits = 0;
    this.rotatedWords = 0;
    this.reversedWords = 0;
    this.#letters = 0;
    this.#pairs = 0;
  }

  #noteUnits(units: number): void {
    this.#letters = units === 1 ? this.#letters + 1 : 0;
    this.#pairs = units === 2 ? this.#pairs + 1 : 0;
    if (this.#letters > this.lettersInRow) this.lettersInRow = this.#letters;
    if (this.#pairs > this.pairsInRow) this.pairsInRow = this.#pairs;
    if (units > this.longestUnits) this.longestUnits = units;
  }

  #readWord(text: string, from: number, to: number, flagsBefore: number): number {
    let hash = hashStart;
    let stem = hashStart;
    let roles = 0;
    let units = 0;
    let at = from;
    let end = from;
    let scripts = 0;
    for (; at < to; at += 1) {
      const unit = wordUnitAt(text, at);
      if (unit === gap) break;
      if (unit === unseen) continue;
      hash = hashStep(hash, unit);
      units += 1;
      end = at + 1;
      if (units <= stemUnits) stem = hash;
      if (units >= stemUnitsMin) roles |= vocabulary.stems.of(hash);
      scripts |= scriptOf(unit);
    }
    roles |= vocabulary.words.of(hash);
    this.#noteCipher(hash);
    const flags = flagsBefore | (units === 1 ? letterFlag : 0);
    const word = { hash, stem, start: from, end, roles, flags };
    this.#add(isDisguise(scripts, units) ? undisguised(text, word, scripts) : word);
    return at;
  }

  #noteCipher(hash: number): void {
    const cipher = ciphered.of(hash);
    if (cipher === 0) return;
    if ((cipher & rotatedBit) !== 0) this.rotatedWords += 1;
    if ((cipher & reversedBit) !== 0) this.reversedWords += 1;
  }

  #readUnspaced(text: string, from: number, to: number, flags: number): number {
    let hash = hashStart;
    let units = 0;
    let found = 0;
    let foundHash = 0;
    let foundEnd = from + 1;
    for (let at = from; at < to && units < unspacedUnitsMax; at += 1) {
      const fold = folds[text.charCodeAt(at)] ?? gap;
      if (fold === unseen) continue;
      if (!isUnspaced(fold)) break;
      hash = hashStep(hash, fold);
      units += 1;
      if (units === 1) foundHash = hash;
      const roles = vocabulary.unspaced.of(hash);
      if (roles !== 0) {
        found = roles;
        foundHash = hash;
        foundEnd = at + 1;
      }
      if (vocabulary.unspacedStarts.of(hash) === 0) break;
    }
    this.#add({
      hash: foundHash,
      stem: foundHash,
      start: from,
      end: foundEnd,
      roles: found,
      flags,
    });
    return foundEnd;
  }

  #add(token: Token): void {
    const index = this.count;
    if (index === this.hash.length) this.#grow();
    this.hash[index] = token.hash;
    this.stem[index] = token.stem;
    this.start[index] = token.start;
    this.end[index] = token.end;
    this.roles[index] = token.roles;
    this.flags[index] = token.flags;
    this.rolesSeen |= token.roles;
    this.flagsSeen |= token.flags;
    this.count = index + 1;
  }

  #grow(): void {
    const capacity = this.hash.length * 2;
    this.hash = grown(this.hash, new Int32Array(capacity));
    this.stem = grown(this.stem, new Int32Array(capacity));
    this.start = grown(this.start, new Int32Array(capacity));
    this.end = grown(this.end, new Int32Array(capacity));
    this.roles = grown(this.roles, new Int32Array(capacity));
    this.flags = grown(this.flags, new Uint8Array(capacity));
  }

  #findPhrases(): void {
    const { count, hash } = this;
    for (let first = 0; first < count; first += 1) {
      let chain = hash[first] ?? 0;
      if (vocabulary.phraseStarts.of(chain) === 0) continue;
      const end = Math.min(count, first + phraseWordsMax);
      for (let next = first + 1; next < end; next += 1) {
        chain = hashPair(chain, hash[next] ?? 0);
        const roles = vocabulary.phrases.of(chain);
        if (roles === 0) continue;
        this.roles[first] = (this.roles[first] ?? 0) | roles;
        this.rolesSeen |= roles;
      }
    }
  }
}

interface Token {
  readonly hash: number;
  readonly stem: number;
  readonly start: number;
  readonly end: number;
  readonly roles: number;
  readonly flags: number;
}

function grown<T extends Int32Array | Uint8Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}

/** Whether the character between words ends a sentence. */
function endsSentence(text: string, at: number, code: number): boolean {
  switch (code) {
    case 0x3002:
    case 0xff01:
    case 0xff1f:
    case 0x0964:
    case 0x61f:
      return true;
    case 0x2e:
    case 0x21:
    case 0x3f:
      return !(text.charCodeAt(at + 1) > 0x20);
    default:
      return false;
  }
}

/** What stands at an index inside a word: a folded unit, `unseen`, or `gap` where the word is over. */
function wordUnitAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  const fold = folds[code] ?? gap;
  if (fold === gap) return isSignInWord(code, text, at) ? code : gap;
  return isUnspaced(fold) ? gap : fold;
}

/** At and dollar signs inside words stand for letters. */
function isSignInWord(code: number, text: string, at: number): boolean {
  if (code !== 0x40 && code !== 0x24) return false;
  return isLatin(folds[text.charCodeAt(at + 1)] ?? gap);
}

const latinBit = 1;
const foreignBit = 2;
const digitBit = 4;

function scriptOf(unit: number): number {
  if (unit < 0x3a || unit === 0x40) return digitBit;
  if (unit < 0x250) return latinBit;
  return isGreekOrCyrillic(unit) ? foreignBit : 0;
}

/** Whether a word of these scripts may be one that was written with others. */
function isDisguise(scripts: number, units: number): boolean {
  if ((scripts & latinBit) === 0 && (scripts & foreignBit) === 0) return false;
  return (scripts & 3) === 3 || (scripts > 3 && units >= leetUnitsMin);
}

/** The word that one written with look-alikes, or with digits for letters, is read as. */
function undisguised(text: string, word: Token, scripts: number): Token {
  const isMixed = (scripts & 3) === 3;
  const stands = isMixed ? looksLike : leetLetters;
  let hash = hashStart;
  let stem = hashStart;
  let units = 0;
  let roles = 0;
  for (let at = word.start; at < word.end; at += 1) {
    const unit = wordUnitAt(text, at);
    if (unit === unseen) continue;
    const plain = stands.get(unit) ?? unit;
    if (isGreekOrCyrillic(plain)) return word;
    hash = hashStep(hash, plain);
    units += 1;
    if (units <= stemUnits) stem = hash;
    if (units > stemUnitsMin) roles |= vocabulary.stems.of(hash);
  }
  roles |= vocabulary.words.of(hash);
  if (roles === 0 && (!isMixed || units < leetUnitsMin)) return word;
  const flags = word.flags | (isMixed ? mixedFlag : leetFlag);
  return { ...word, hash, stem, roles: word.roles | roles, flags };
}
