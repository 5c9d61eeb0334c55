import { folds, gap, isUnspaced } from "../text/folds.ts";
import { foldBits, letterKinds, letters } from "./letters.ts";
import { type OddWord, readOddWord, readUnspaced, stemUnits } from "./odd-words.ts";
import {
  candidates,
  candidatesMask,
  phraseWordsMax,
  rolesMask,
  stemBit,
  vocabulary,
  wordExtras,
} from "./role-table.ts";
import { Units } from "./units.ts";
import { hashPair, hashStart, hashStep } from "./word-hash.ts";

/** A sentence ends before the token. */
export const sentenceFlag = 1;
/** Written with look-alike letters of another script. */
export const mixedFlag = 2;

const startCapacity = 1024;
const lineFeed = 0x0a;
/** A line that is shorter was not broken for want of room: what stands on it stands for itself. */
const wrappedUnitsMin = 40;
/** Scripts that words are disguised with. */
const scriptKinds = letterKinds.latin | letterKinds.foreign | letterKinds.digit;
const unspacedKind = letterKinds.unspaced;
const joiningKind = letterKinds.joining;
const endingKind = letterKinds.ending;
// The engine reads what is imported again each time, and knows what is declared here.
const letterOf = letters;
const candidateOf = candidates;
const lowBits = candidatesMask;
const noHash = hashStart;
const stemMost = stemUnits;
const mayBeStem = stemBit;
const foldOnly = foldBits;
const { phraseStarts, phrases, stems, words } = vocabulary;

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
  /** The tokens that may have roles, in their order: the others have none. */
  marked = new Int32Array(startCapacity);
  markedCount = 0;
  /** Tokens that begin phrases. */
  #starters = new Int32Array(startCapacity);
  #starterCount = 0;
  /** All roles and flags of the text. */
  rolesSeen = 0;
  flagsSeen = 0;
  /** All that was read is ASCII, and it was read from its beginning. */
  isAscii = false;
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
  #kindsSeen = 0;
  /** Flags of the next word, and where the line began. */
  #nextFlags = 0;
  #lineStart = 0;
  readonly #units = new Units();

  /** Reads the text from one offset to another. */
  read(text: string, from: number, to: number): void {
    this.#reset();
    this.#units.read(text, from, to);
    let at = from;
    while (at < to) {
      at = this.#addPlain(at, from, to);
      if (at < to) at = this.#readOdd(text, at, to);
    }
    this.isAscii = from === 0 && (this.#kindsSeen & letterKinds.beyondAscii) === 0;
    this.#findPhrases();
  }

  /** The first mark, from one on, of a token or of those behind it. */
  markAt(token: number, first: number): number {
    let mark = first;
    while (mark < this.markedCount && (this.marked[mark] as number) < token) mark += 1;
    return mark;
  }

  #reset(): void {
    this.count = 0;
    this.markedCount = 0;
    this.#starterCount = 0;
    this.rolesSeen = 0;
    this.flagsSeen = 0;
    this.lettersInRow = 0;
    this.pairsInRow = 0;
    this.longestUnits = 0;
    this.rotatedWords = 0;
    this.reversedWords = 0;
    this.#letters = 0;
    this.#pairs = 0;
    this.#kindsSeen = 0;
    this.#nextFlags = sentenceFlag;
    this.#lineStart = 0;
  }

  #grow(): void {
    const capacity = this.hash.length * 2;
    this.hash = grown(this.hash, new Int32Array(capacity));
    this.stem = grown(this.stem, new Int32Array(capacity));
    this.start = grown(this.start, new Int32Array(capacity));
    this.end = grown(this.end, new Int32Array(capacity));
    this.roles = grown(this.roles, new Int32Array(capacity));
    this.flags = grown(this.flags, new Uint8Array(capacity));
    this.marked = grown(this.marked, new Int32Array(capacity));
    this.#starters = grown(this.#starters, new Int32Array(capacity));
  }

  /**
   * Adds words up to the first that is not plain, and returns where that begins. A plain one is of one
   * script, with spaces, and has no sign or unseen mark behind it; one that there is no room for is not.
   * Nearly all of the time goes by here.
   */
  #addPlain(first: number, from: number, to: number): number {
    if (this.count === this.hash.length) this.#grow();
    const { end, flags, hash, marked, roles, start, stem } = this;
    const { codes } = this.#units;
    const length = to - from;
    const firstMark = this.markedCount;
    let { count, markedCount } = this;
    let at = this.#passGap(first - from, length);
    while (at < length && count < hash.length) {
      const opening = at;
      const stemEnd = at + stemMost;
      let value = noHash;
      let beginning = noHash;
      let kinds = 0;
      let may = 0;
      let letter = letterOf[codes[at] as number] as number;
      do {
        value = hashStep(value, letter & foldOnly);
        kinds |= letter;
        may |= candidateOf[value & lowBits] as number;
        at += 1;
        if (at === stemEnd) beginning = value;
        letter = letterOf[codes[at] as number] as number;
      } while (letter < 0);
      this.#kindsSeen |= kinds;
      if (isOdd(kinds, letter)) {
        at = opening;
        break;
      }
      hash[count] = value;
      stem[count] = at < stemEnd ? value : beginning;
      start[count] = from + opening;
      end[count] = from + at;
      roles[count] = may & mayBeStem;
      flags[count] = this.#nextFlags;
      this.#nextFlags = 0;
      marked[markedCount] = count;
      // One more where either bit is set.
      markedCount += ((may & mayBeStem) + (candidateOf[value & lowBits] as number) + 3) >> 2;
      count += 1;
      this.#noteUnits(at - opening);
      at = this.#passGap(at, length);
    }
    this.count = count;
    this.markedCount = markedCount;
    this.#findRoles(firstMark, from);
    return from + at;
  }

  /** Passes what parts words; returns where the next one begins, or the end of the text. */
  #passGap(first: number, length: number): number {
    const { codes } = this.#units;
    let at = first;
    for (; at < length; at += 1) {
      const letter = letterOf[codes[at] as number] as number;
      if (letter < 0) break;
      this.#kindsSeen |= letter;
      if ((letter & endingKind) !== 0) this.#noteEnding(at);
    }
    return at;
  }

  /** Notes a character that may end a line or a sentence. */
  #noteEnding(at: number): void {
    const { codes } = this.#units;
    const code = codes[at] as number;
    if (code === lineFeed) {
      if (at - this.#lineStart < wrappedUnitsMin) this.#nextFlags = sentenceFlag;
      this.#lineStart = at + 1;
    } else if (endsSentence(code, codes[at + 1] as number)) this.#nextFlags = sentenceFlag;
  }

  /** Finds the roles of marked plain words, from one mark on. */
  #findRoles(firstMark: number, from: number): void {
    const { end, hash, marked, markedCount, roles, start } = this;
    const { codes } = this.#units;
    for (let mark = firstMark; mark < markedCount; mark += 1) {
      const index = marked[mark] as number;
      let found = words.of(hash[index] as number);
      if (roles[index] === mayBeStem)
        found |= stemRoles(codes, (start[index] as number) - from, (end[index] as number) - from);
      this.#note(index, found);
    }
  }

  /** Notes the roles of a token, and what else it is. */
  #note(index: number, bits: number): void {
    this.roles[index] = bits & rolesMask;
    this.rolesSeen |= bits & rolesMask;
    this.rotatedWords += (bits & wordExtras.rotated) === 0 ? 0 : 1;
    this.reversedWords += (bits & wordExtras.reversed) === 0 ? 0 : 1;
    this.#starters[this.#starterCount] = index;
    this.#starterCount += (bits & wordExtras.phrase) === 0 ? 0 : 1;
  }

  /** Reads letters that stand together until they end; returns where. */
  #readOdd(text: string, from: number, to: number): number {
    let at = from;
    let fold = folds[text.charCodeAt(at)] ?? gap;
    while (at < to && fold > gap) {
      const word = isUnspaced(fold) ? readUnspaced(text, at, to) : readOddWord(text, at, to);
      this.#addOdd(word, at);
      this.#noteUnits(word.next - at);
      for (; at < word.next; at += 1) this.#kindsSeen |= letterOf[text.charCodeAt(at)] as number;
      fold = folds[text.charCodeAt(at)] ?? gap;
    }
    return at;
  }

  #addOdd({ bits, end, hash, isMixed, stem }: OddWord, start: number): void {
    if (this.count === this.hash.length) this.#grow();
    const index = this.count;
    const flags = this.#nextFlags | (isMixed ? mixedFlag : 0);
    this.#nextFlags = 0;
    this.count = index + 1;
    this.hash[index] = hash;
    this.stem[index] = stem;
    this.start[index] = start;
    this.end[index] = end;
    this.flags[index] = flags;
    this.flagsSeen |= flags;
    this.marked[this.markedCount++] = index;
    this.#note(index, bits);
  }

  /** Counts without a branch, for short words come anywhere. */
  #noteUnits(units: number): void {
    // All ones where it is one unit, or two.
    const one = (units - 2) >> 31;
    const two = ((units - 3) >> 31) & ~one;
    this.#letters = (this.#letters + 1) & one;
    this.#pairs = (this.#pairs + 1) & two;
    if (this.#letters > this.lettersInRow) this.lettersInRow = this.#letters;
    if (this.#pairs > this.pairsInRow) this.pairsInRow = this.#pairs;
    if (units > this.longestUnits) this.longestUnits = units;
  }

  #findPhrases(): void {
    const { count, hash, roles } = this;
    const starters = this.#starters;
    for (let at = 0; at < this.#starterCount; at += 1) {
      const first = starters[at] as number;
      const end = Math.min(count, first + phraseWordsMax);
      let chain = hash[first] as number;
      for (let next = first + 1; next < end; next += 1) {
        chain = hashPair(chain, hash[next] as number);
        const found = phrases.of(chain);
        roles[first] = (roles[first] as number) | found;
        this.rolesSeen |= found;
        if (phraseStarts.of(chain) === 0) break;
      }
    }
  }
}

/** Whether a word of these kinds, or what stands behind it, needs a closer look. */
function isOdd(kinds: number, behind: number): boolean {
  const scripts = kinds & scriptKinds;
  return ((scripts & (scripts - 1)) | (kinds & unspacedKind) | (behind & joiningKind)) !== 0;
}

/** The roles of all stems that a word begins with; one letter is none. */
function stemRoles(codes: Uint16Array, start: number, end: number): number {
  let roles = 0;
  let hash = noHash;
  for (let at = start; at < end; at += 1) {
    hash = hashStep(hash, (letterOf[codes[at] as number] as number) & foldOnly);
    if (((candidateOf[hash & lowBits] as number) & mayBeStem) !== 0 && at > start)
      roles |= stems.of(hash);
  }
  return roles;
}

/** Whether a character that may end a sentence does before this one. */
function endsSentence(code: number, next: number): boolean {
  return (code !== 0x2e && code !== 0x21 && code !== 0x3f) || next <= 0x20;
}

function grown<T extends Int32Array | Uint8Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
