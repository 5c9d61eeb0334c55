import type { Topic } from "../topics.ts";
import type { Label } from "./label.ts";
import type { TopicSet } from "./topic-set.ts";
import {
  addTopicsOf,
  hashPhrase,
  hasTopics,
  lookUp,
  mayBePart,
  mayEndPhrase,
  partOfPhrase,
  phraseWordsMax,
  speaksOf,
  unknownWord,
  withFlags,
  wordFlags,
} from "./word-table.ts";

/** Words that are remembered; more than the reach of any context holds. A power of two. */
const wordsMax = 128;
/** Columns behind the one of starts. */
const endColumn = wordsMax;
const foundColumn = 2 * wordsMax;
const hashColumn = 3 * wordsMax;
/** The longest phrase. */
const phraseUnitsMax = 64;
const unset = -1;
/** The entry in what `lookUp` says. */
const entryMask = 0xffff;
/** Flags of words that may run into a value, and of those that may be more than a word. */
const runningFlags = wordFlags.speaks | wordFlags.joins;
const moreFlags = (runningFlags | wordFlags.endsPhrase) << 16;
/** Flags of words that say something, and of those that speak against a number. */
const tellsFlag = wordFlags.tells << 16;
const againstFlag = wordFlags.against << 16;
/** Of words that may stand between a number and what speaks against it, and of those known at all. */
const besideFlags = againstFlag | (wordFlags.neutral << 16);
const knownFlags = tellsFlag | (wordFlags.neutral << 16);
/** How far a word that speaks against a number may stand from it. */
const besideUnitsMax = 16;
/** Unknown words a label may have behind its last word that says something. */
const labelWordsMax = 3;

/** Columns of trails that are over: taking one is a fraction of the price of making one. */
const spare: Int32Array[] = [];
const sparesMax = 8;
const none = new Int32Array(0);

/**
 * The last words of a text, with what each is known to speak of. All offsets are into the whole text.
 * Owned by one scan; a `WordReader` adds the words.
 */
export class WordTrail {
  /**
   * Of each word where it begins, and in further columns where it ends, what `lookUp` says of it, and
   * the hash of a plain word; 0 for phrases and runs. One array, since making several is dear to a short text; it may
   * hold words of another text behind those of this one, which nobody counts.
   */
  #columns = spare.pop() ?? new Int32Array(4 * wordsMax);
  /** Words so far: word n stands in row n modulo `wordsMax`. */
  #count = 0;
  /** Words before the line. */
  #lineCount = 0;
  /** The word that ended last and may run into a value, or `unknownWord`; whoever sees it clears it. */
  runningWord = unknownWord;

  /** Where the last word begins that says something. */
  #toldFrom = unset;

  /** Where the last word ended. */
  get end(): number {
    return this.#count === 0
      ? unset
      : (this.#columns[((this.#count - 1) & (wordsMax - 1)) + endColumn] ?? unset);
  }

  /** Whether any word from a place on says something; false is certain for what begins earlier too. */
  tellsSince(from: number): boolean {
    return this.#toldFrom >= from;
  }

  /**
   * A word was read. `hash`: that of a plain word, or 0; `found`: what `lookUp` says of it. Gives whether
   * it, or a phrase that it ends, may run into a value.
   */
  add(start: number, end: number, hash: number, found: number): boolean {
    const isMore = (found & moreFlags) !== 0 && this.#isMore(found >>> 16, hash);
    if ((found & tellsFlag) !== 0 && start > this.#toldFrom) this.#toldFrom = start;
    const columns = this.#columns;
    const row = this.#count & (wordsMax - 1);
    columns[row] = start;
    columns[row + endColumn] = end;
    columns[row + foundColumn] = found;
    columns[row + hashColumn] = hash;
    this.#count += 1;
    return isMore && this.#goOn(end, hash, found);
  }

  /** The line ends: no phrase reaches across. */
  endLine(): void {
    this.#lineCount = this.#count;
  }

  /** Fills `label` with what the words from `from` on say together, before `to`. */
  collect(label: Label, from: number, to: number): void {
    label.clear();
    const columns = this.#columns;
    const floor = this.#floor();
    for (let index = this.#count - 1; index >= floor; index -= 1) {
      const slot = index & (wordsMax - 1);
      if ((columns[slot + endColumn] ?? 0) > to) continue;
      const start = columns[slot] ?? 0;
      if (start < from || label.unknownWords > labelWordsMax) return;
      addWord(label, columns[slot + foundColumn] ?? unknownWord, start);
      if (label.isAgainst) return;
    }
  }

  /** The same, but only the last words, up to the nearest that speak of topics. */
  collectNearest(label: Label, from: number, to: number): void {
    label.clear();
    const columns = this.#columns;
    const floor = this.#floor();
    for (let index = this.#count - 1; index >= floor; index -= 1) {
      const slot = index & (wordsMax - 1);
      const start = columns[slot] ?? 0;
      if ((columns[slot + endColumn] ?? 0) > to || start < from) return;
      addWord(label, columns[slot + foundColumn] ?? unknownWord, start);
      if (label.saysSomething || label.unknownWords > 0) return;
    }
  }

  /**
   * Whether the nearest word before `start`, not before `floor`, that says anything about a topic
   * speaks of it (1) or against any value beside it (-1); else 0.
   */
  judge(topic: Topic, start: number, floor: number): number {
    if (!this.tellsSince(floor)) return 0;
    const columns = this.#columns;
    const first = this.#floor();
    let isBeside = true;
    for (let index = this.#count - 1; index >= first; index -= 1) {
      const slot = index & (wordsMax - 1);
      const end = columns[slot + endColumn] ?? 0;
      if (end > start) continue;
      if ((columns[slot] ?? 0) < floor) return 0;
      const found = columns[slot + foundColumn] ?? unknownWord;
      if (tellsOf(found, topic)) return 1;
      isBeside &&= (found & besideFlags) !== 0 && start - end <= besideUnitsMax;
      if (isBeside && (found & againstFlag) !== 0) return -1;
    }
    return 0;
  }

  /** Adds the topics of the words before `start`, not before `floor`. */
  addNear(near: TopicSet, start: number, floor: number): void {
    if (!this.tellsSince(floor)) return;
    const columns = this.#columns;
    const first = this.#floor();
    for (let index = this.#count - 1; index >= first; index -= 1) {
      const slot = index & (wordsMax - 1);
      if ((columns[slot + endColumn] ?? 0) > start) continue;
      if ((columns[slot] ?? 0) < floor) return;
      const found = columns[slot + foundColumn] ?? unknownWord;
      if ((found & tellsFlag) !== 0) addTopicsOf(found & entryMask, near);
    }
  }

  /** Whether one of the last `count` words, not before `floor`, has a flag. */
  hasRecent(flag: number, count: number, floor: number): boolean {
    const first = Math.max(this.#floor(), this.#count - count);
    for (let index = this.#count - 1; index >= first; index -= 1) {
      const slot = index & (wordsMax - 1);
      if ((this.#columns[slot] ?? 0) < floor) return false;
      if ((((this.#columns[slot + foundColumn] ?? 0) >>> 16) & flag) !== 0) return true;
    }
    return false;
  }

  /** Nobody reads or adds words any more. */
  release(): void {
    if (this.#columns !== none && spare.length < sparesMax) spare.push(this.#columns);
    this.#columns = none;
    this.#count = 0;
  }

  /** The same trail for a text that began alike and may go on otherwise. */
  fork(): WordTrail {
    const fork = new WordTrail();
    fork.#columns.set(this.#columns);
    fork.#count = this.#count;
    fork.#lineCount = this.#lineCount;
    fork.runningWord = this.runningWord;
    fork.#toldFrom = this.#toldFrom;
    return fork;
  }

  // Whether a word may run into a value, as one that joins only does behind what is known, or end a phrase.
  #isMore(flags: number, hash: number): boolean {
    if ((flags & wordFlags.speaks) !== 0) return true;
    const before = (this.#count - 1) & (wordsMax - 1);
    const isBehindKnown = this.#columns[before + foundColumn] !== unknownWord;
    if (isBehindKnown && (flags & wordFlags.joins) !== 0) return true;
    if (hash === 0 || (flags & wordFlags.endsPhrase) === 0) return false;
    // What is no plain word is passed over by whoever looks for phrases.
    const hashBefore = this.#columns[before + hashColumn] ?? 0;
    return hashBefore === 0 || mayEndPhrase(hashBefore, hash);
  }

  #goOn(end: number, hash: number, found: number): boolean {
    const flags = found >>> 16;
    if ((flags & runningFlags) !== 0) this.runningWord = found & 0xffff;
    if (hash !== 0 && (flags & wordFlags.endsPhrase) !== 0) this.#addPhrases(end);
    return this.runningWord !== unknownWord;
  }

  // A method, since a private getter may be asked for slowly.
  #floor(): number {
    return Math.max(0, this.#count - wordsMax);
  }

  // The word that ended last, and those before it on its line, may be a phrase.
  #addPhrases(end: number): void {
    const last = this.#count - 1;
    let hash = this.#columns[(last & (wordsMax - 1)) + hashColumn] ?? 0;
    let words = 1;
    const floor = Math.max(this.#floor(), this.#lineCount);
    for (let index = last - 1; index >= floor && words < phraseWordsMax; index -= 1) {
      const slot = index & (wordsMax - 1);
      const word = this.#columns[slot + hashColumn] ?? 0;
      if (word === 0) continue;
      if (!mayBePart(word)) return;
      if (end - (this.#columns[slot] ?? 0) > phraseUnitsMax) return;
      words += 1;
      hash = hashPhrase(hash, word);
      const found = lookUp(hash);
      if (found === unknownWord) continue;
      const start = this.#columns[slot] ?? 0;
      this.#markParts(start);
      this.add(start, end, 0, found);
    }
  }

  // Words that say nothing by themselves are no strangers in a phrase.
  #markParts(start: number): void {
    const columns = this.#columns;
    const floor = this.#floor();
    for (let index = this.#count - 1; index >= floor; index -= 1) {
      const slot = index & (wordsMax - 1);
      if ((columns[slot] ?? 0) < start) return;
      if (((columns[slot + foundColumn] ?? 0) & knownFlags) === 0) {
        columns[slot + foundColumn] = withFlags(partOfPhrase);
      }
    }
  }
}

function tellsOf(found: number, topic: Topic): boolean {
  return (found & tellsFlag) !== 0 && speaksOf(found & entryMask, topic);
}

function addWord(label: Label, found: number, start: number): void {
  if ((found & entryMask) !== partOfPhrase) label.words += 1;
  if ((found & knownFlags) === 0) label.unknownWords += 1;
  if ((found & tellsFlag) !== 0) addMeaning(label, found, start);
}

// What speaks of topics speaks against nothing, nor does what stands before it.
function addMeaning(label: Label, found: number, start: number): void {
  const entry = found & entryMask;
  const isAgainst = !hasTopics(entry);
  if (isAgainst && !label.topics.isEmpty) return;
  if (isAgainst) label.isAgainst = true;
  else addTopicsOf(entry, label.topics);
  label.start = start;
}
