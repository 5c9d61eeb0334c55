import { kindOf, wordBits } from "../../text/character-kind.ts";
import type { Topic } from "../topics.ts";
import { units } from "../units.ts";
import type { Label } from "./label.ts";
import { capitalFlag, letters, markEntry } from "./letters.ts";
import { roles, roleTable } from "./roles.ts";
import type { TopicSet } from "./topic-set.ts";
import {
  emptyHash,
  entryOf,
  flagsOf,
  hashLetter,
  hashPhrase,
  hashPrime,
  mayBeKnown,
  mayBePart,
  partOfPhrase,
  phraseWordsMax,
  topicsOf,
  unknownWord,
  unspacedEndingWith,
  wordFlags,
} from "./word-table.ts";

/** Words that are remembered; more than the reach of any context holds. */
const wordsMax = 128;
/** Columns behind the one of starts. */
const endColumn = wordsMax;
const entryColumn = 2 * wordsMax;
const hashColumn = 3 * wordsMax;
/** The longest phrase. */
const phraseUnitsMax = 64;
/** The longest run of letters that is looked up as one word besides its humps. */
const runUnitsMax = 32;
const unset = -1;
/** Flags of words that may run into a value. */
const runningFlags = wordFlags.speaks | wordFlags.joins;
/** How far a word that speaks against a number may stand from it. */
const besideUnitsMax = 16;
/** Unknown words a label may have behind its last word that says something. */
const labelWordsMax = 3;

/**
 * The last words of a text, with what each is known to speak of. Words end at what is no letter and at
 * the humps of camelCase; a run of letters with humps counts as one word too. All offsets are into the
 * whole text. Owned by one scan.
 */
export class WordTrail {
  /**
   * Of each word where it begins, and in further columns where it ends, its entry, and the hash of a
   * plain word; 0 for phrases and runs. One array, since making several is dear to a short text.
   */
  readonly #words = new Int32Array(4 * wordsMax);
  /** Words so far, and those before the line. */
  #count = 0;
  #lineCount = 0;
  /** Where the word begins that is being read, or -1; and what was read of it. */
  #wordStart = unset;
  #hash = emptyHash;
  #isAfterSmall = false;
  /** Where the run of letters begins that it is part of. */
  #runStart = unset;
  /** The word that ended last and may run into a value, or `unknownWord`; whoever sees it clears it. */
  runningWord = unknownWord;

  /** Where the last word ended. */
  get end(): number {
    return this.#count === 0
      ? unset
      : (this.#words[((this.#count - 1) & (wordsMax - 1)) + endColumn] ?? unset);
  }

  /** Letters were read that may go on. */
  get isOpen(): boolean {
    return this.#wordStart !== unset;
  }

  /**
   * Reads words and all that has a role below `roleMin`, from `from` to at most `to`. Gives where it
   * stopped: there, at a mark, or behind a word that may run into a value. Places are those in `units`,
   * which begin at `base`.
   */
  // biome-ignore lint/complexity/noExcessiveCognitiveComplexity: this loop sees each unit of each text, and a call for each word costs as much as the word.
  read(base: number, from: number, to: number, roleMin: number): number {
    // All that the loop reads is at hand, which is worth a third of its time; `hashLetter` is in line.
    const codes = units;
    const table = letters;
    const marks = roleTable;
    const empty = emptyHash;
    const prime = hashPrime;
    const capital = capitalFlag;
    const mark = markEntry;
    let at = from;
    if (this.#wordStart !== unset) {
      at = this.#readOn(base, from, to);
      if (this.runningWord !== unknownWord) return at;
    }
    const words = this.#words;
    let count = this.#count;
    while (at < to) {
      const code = codes[at] as number;
      let letter = table[code] as number;
      if (letter === 0) {
        const role = marks[code] as number;
        if (role >= roleMin && !this.#isWithin(at, role)) break;
        at += 1;
        continue;
      }
      const start = at;
      let hash = empty;
      let isSmall = true;
      // Capitals and small letters after a first one: nearly all words.
      do {
        if (letter !== mark) hash = Math.imul(hash ^ (letter & ~capital), prime);
        isSmall = letter < capital;
        at += 1;
        letter = at < to ? (table[codes[at] as number] as number) : 0;
      } while (letter !== 0 && (letter < capital || !isSmall));
      if (at === to || letter !== 0) {
        this.#count = count;
        this.#open(base + start, hash, isSmall);
        at = this.#readOn(base, at, to);
        count = this.#count;
        if (this.runningWord !== unknownWord) return at;
        continue;
      }
      const entry = mayBeKnown(hash) ? entryOf(hash) : unknownWord;
      const flags = flagsOf(entry);
      const isActive =
        flags !== 0 &&
        ((flags & runningFlags) !== 0 ||
          ((flags & wordFlags.endsPhrase) !== 0 &&
            mayBeInPhrase(words[hashColumn + ((count - 1) & (wordsMax - 1))] as number)));
      if (isActive) {
        this.#count = count;
        this.#add(base + start, base + at, hash, entry);
        count = this.#count;
        if (this.runningWord !== unknownWord) return at;
        continue;
      }
      const slot = count & (wordsMax - 1);
      words[slot] = base + start;
      words[slot + endColumn] = base + at;
      words[slot + entryColumn] = entry;
      words[slot + hashColumn] = hash;
      count += 1;
    }
    this.#count = count;
    return at;
  }

  /** The letters that are open end before the place `end`. */
  close(base: number, end: number): void {
    const runStart = this.#runStart;
    const hasHumps = runStart < this.#wordStart;
    this.#add(this.#wordStart, base + end, this.#hash, entryOf(this.#hash));
    if (hasHumps) this.#addRun(runStart - base, end, base);
    this.#wordStart = unset;
  }

  /** Looks for a word of a script that runs words together, which ends with the unit at `at`. */
  matchUnspaced(text: string, base: number, at: number): void {
    const candidates = unspacedEndingWith(text.charCodeAt(at));
    if (candidates === undefined) return;
    for (const [word, entry] of candidates) {
      const start = at + 1 - word.length;
      if (start < 0 || !text.startsWith(word, start)) continue;
      this.#add(base + start, base + at + 1, 0, entry);
      return;
    }
  }

  /** The line ends: no phrase reaches across. */
  endLine(): void {
    this.#lineCount = this.#count;
  }

  /** Fills `label` with what the words from `from` on say together, before `to`. */
  collect(label: Label, from: number, to: number): void {
    label.clear();
    for (let index = this.#count - 1; index >= this.#floor; index -= 1) {
      const slot = index & (wordsMax - 1);
      if ((this.#words[slot + endColumn] ?? 0) > to) continue;
      const start = this.#words[slot] ?? 0;
      if (start < from || label.unknownWords > labelWordsMax) return;
      this.#addWord(label, this.#words[slot + entryColumn] ?? unknownWord, start);
      if (label.isAgainst) return;
    }
  }

  /** The same, but only the last words, up to the nearest that speak of topics. */
  collectNearest(label: Label, from: number, to: number): void {
    label.clear();
    for (let index = this.#count - 1; index >= this.#floor; index -= 1) {
      const slot = index & (wordsMax - 1);
      const start = this.#words[slot] ?? 0;
      if ((this.#words[slot + endColumn] ?? 0) > to || start < from) return;
      this.#addWord(label, this.#words[slot + entryColumn] ?? unknownWord, start);
      if (label.saysSomething || label.unknownWords > 0) return;
    }
  }

  /**
   * Whether the nearest word before `start`, not before `floor`, that says anything about a topic
   * speaks of it (1) or against any value beside it (-1); else 0.
   */
  judge(topic: Topic, start: number, floor: number): number {
    let isBeside = true;
    for (let index = this.#count - 1; index >= this.#floor; index -= 1) {
      const slot = index & (wordsMax - 1);
      const end = this.#words[slot + endColumn] ?? 0;
      if (end > start) continue;
      if ((this.#words[slot] ?? 0) < floor) return 0;
      const entry = this.#words[slot + entryColumn] ?? unknownWord;
      if (entry === unknownWord) {
        isBeside = false;
        continue;
      }
      if (topicsOf(entry).has(topic)) return 1;
      isBeside &&= start - end <= besideUnitsMax;
      const flags = flagsOf(entry);
      if (isBeside && (flags & wordFlags.against) !== 0) return -1;
      isBeside &&= (flags & (wordFlags.neutral | wordFlags.against)) !== 0;
    }
    return 0;
  }

  /** Adds the topics of the words before `start`, not before `floor`. */
  addNear(near: TopicSet, start: number, floor: number): void {
    for (let index = this.#count - 1; index >= this.#floor; index -= 1) {
      const slot = index & (wordsMax - 1);
      if ((this.#words[slot + endColumn] ?? 0) > start) continue;
      if ((this.#words[slot] ?? 0) < floor) return;
      const entry = this.#words[slot + entryColumn] ?? unknownWord;
      if (entry !== unknownWord) near.addAll(topicsOf(entry));
    }
  }

  /** Whether one of the last `count` words, not before `floor`, has a flag. */
  hasRecent(flag: number, count: number, floor: number): boolean {
    for (let index = this.#count - 1; index >= this.#count - count && index >= this.#floor; ) {
      const slot = index & (wordsMax - 1);
      if ((this.#words[slot] ?? 0) < floor) return false;
      if ((flagsOf(this.#words[slot + entryColumn] ?? unknownWord) & flag) !== 0) return true;
      index -= 1;
    }
    return false;
  }

  /** The same trail for a text that began alike and may go on otherwise. */
  fork(): WordTrail {
    const fork = new WordTrail();
    fork.#words.set(this.#words);
    fork.#count = this.#count;
    fork.#lineCount = this.#lineCount;
    fork.#wordStart = this.#wordStart;
    fork.#hash = this.#hash;
    fork.#isAfterSmall = this.#isAfterSmall;
    fork.#runStart = this.#runStart;
    fork.runningWord = this.runningWord;
    return fork;
  }

  get #floor(): number {
    return Math.max(0, this.#count - wordsMax);
  }

  #addWord(label: Label, entry: number, start: number): void {
    if (entry !== partOfPhrase) label.words += 1;
    if (entry === unknownWord || !this.#addMeaning(label, entry, start)) label.unknownWords += 1;
  }

  // Whether the word is known by itself.
  #addMeaning(label: Label, entry: number, start: number): boolean {
    const flags = flagsOf(entry);
    const topics = topicsOf(entry);
    if (!topics.isEmpty) {
      label.topics.addAll(topics);
      label.start = start;
      return true;
    }
    if ((flags & wordFlags.against) !== 0 && label.topics.isEmpty) {
      label.isAgainst = true;
      label.start = start;
    }
    return (flags & (wordFlags.against | wordFlags.neutral)) !== 0;
  }

  // A digit behind a digit or letter, or a dash behind none: nothing begins there.
  #isWithin(at: number, role: number): boolean {
    if (role === roles.dash) return at > 0 && units[at - 1] !== 0x2d;
    return role === roles.digit && at > 0 && (kindOf(units[at - 1] ?? 0) & wordBits) !== 0;
  }

  #open(start: number, hash: number, isSmall: boolean): void {
    this.#wordStart = start;
    this.#runStart = start;
    this.#hash = hash;
    this.#isAfterSmall = isSmall;
  }

  // Reads on in letters that are open; a hump ends a word and begins another one.
  #readOn(base: number, from: number, to: number): number {
    for (let at = from; at < to; at += 1) {
      const letter = letters[units[at] ?? 0] ?? 0;
      if (letter === 0) {
        this.close(base, at);
        return at;
      }
      const isCapital = letter >= capitalFlag;
      if (isCapital && this.#isAfterSmall) {
        this.#add(this.#wordStart, base + at, this.#hash, entryOf(this.#hash));
        this.runningWord = unknownWord;
        this.#wordStart = base + at;
        this.#hash = emptyHash;
      }
      this.#isAfterSmall = !isCapital;
      this.#hash = hashLetter(this.#hash, letter);
    }
    return to;
  }

  // The word that ended last, and those before it on its line, may be a phrase.
  #addPhrases(end: number): void {
    const last = this.#count - 1;
    let hash = this.#words[(last & (wordsMax - 1)) + hashColumn] ?? 0;
    let words = 1;
    const floor = Math.max(this.#floor, this.#lineCount);
    for (let index = last - 1; index >= floor && words < phraseWordsMax; index -= 1) {
      const slot = index & (wordsMax - 1);
      const word = this.#words[slot + hashColumn] ?? 0;
      if (word === 0) continue;
      if (!mayBePart(word)) return;
      if (end - (this.#words[slot] ?? 0) > phraseUnitsMax) return;
      words += 1;
      hash = hashPhrase(hash, word);
      const entry = entryOf(hash);
      if (entry === unknownWord) continue;
      const start = this.#words[slot] ?? 0;
      this.#markParts(start);
      this.#add(start, end, 0, entry);
    }
  }

  // Words that say nothing by themselves are no strangers in a phrase.
  #markParts(start: number): void {
    for (let index = this.#count - 1; index >= this.#floor; index -= 1) {
      const slot = index & (wordsMax - 1);
      if ((this.#words[slot] ?? 0) < start) return;
      const entry = this.#words[slot + entryColumn] ?? unknownWord;
      const isMeaningful =
        !topicsOf(entry).isEmpty ||
        (flagsOf(entry) & (wordFlags.against | wordFlags.neutral)) !== 0;
      if (!isMeaningful) this.#words[slot + entryColumn] = partOfPhrase;
    }
  }

  #addRun(start: number, end: number, base: number): void {
    const from = Math.max(0, start);
    if (end - from > runUnitsMax) return;
    let hash = emptyHash;
    for (let at = from; at < end; at += 1) {
      hash = hashLetter(hash, letters[units[at] ?? 0] ?? 0);
    }
    const entry = entryOf(hash);
    if (entry !== unknownWord) this.#add(base + start, base + end, 0, entry);
  }

  #add(start: number, end: number, hash: number, entry: number): void {
    const slot = this.#count & (wordsMax - 1);
    this.#words[slot] = start;
    this.#words[slot + endColumn] = end;
    this.#words[slot + entryColumn] = entry;
    this.#words[slot + hashColumn] = hash;
    this.#count += 1;
    if (entry === unknownWord) return;
    const flags = flagsOf(entry);
    if ((flags & runningFlags) !== 0) this.runningWord = entry;
    if (hash !== 0 && (flags & wordFlags.endsPhrase) !== 0) this.#addPhrases(end);
  }
}

// What is no plain word is passed over by whoever looks for phrases.
function mayBeInPhrase(hash: number): boolean {
  return hash === 0 || mayBePart(hash);
}
