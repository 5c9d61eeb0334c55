import { classifyForWords } from "../../text/units.ts";
import {
  answer,
  lookUp,
  readWords,
  rowLength,
  rows,
  runsOn,
  stops,
  wordsMax,
} from "../../wide/wide.ts";
import type { Topic } from "../topics.ts";
import type { Label } from "./label.ts";
// Fills the table of units that reading goes by.
import "./roles.ts";
import type { TopicSet } from "./topic-set.ts";
import {
  addTopicsOf,
  hashPhrase,
  hasTopics,
  mayBePart,
  partOfPhrase,
  phraseWordsMax,
  speaksOf,
  unknownWord,
  withFlags,
  wordFlags,
} from "./word-table.ts";

/** Places in a row besides that of the start. */
const endPlace = 1;
const foundPlace = 2;
const hashPlace = 3;
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

/** The trail whose words stand in `rows`, and copies of those of others, to be used again. */
let owner: WordTrail | undefined;
const spare: Int32Array[] = [];
const sparesMax = 8;

/**
 * The last words of a text, with what each is known to speak of. All offsets are into the whole text.
 * Owned by one scan; a `WordReader` adds the words.
 */
export class WordTrail {
  /**
   * While the words of another trail stand in `rows`, which is of more words than any context reaches
   * back: those of this one. Rows may hold words of another text behind those of this one, which nobody counts.
   */
  #kept: Int32Array | undefined;
  /** Words so far. */
  #count = 0;
  /** Words before the line. */
  #lineCount = 0;
  /** The word that ended last and may run into a value, or `unknownWord`; whoever sees it clears it. */
  runningWord = unknownWord;

  /** Where the last word begins that says something. */
  #toldFrom = unset;

  /** Where the last word ended. */
  get end(): number {
    this.#take();
    return this.#count === 0 ? unset : (rows[rowOf(this.#count - 1) + endPlace] ?? unset);
  }

  /** Whether any word from a place on says something; false is certain for what begins earlier too. */
  tellsSince(from: number): boolean {
    return this.#toldFrom >= from;
  }

  /** Makes the text that is laid down ready to be read from a place on. */
  beginReading(from: number): void {
    classifyForWords(from);
    this.#take();
  }

  /**
   * Reads plain words as `readWords` says, behind `beginReading`. Gives where it stopped; `answer` tells
   * whether in a word that is not plain. Places are those in `units`, which begin at `base`.
   */
  read(base: number, from: number, to: number, seesSpaces: boolean): number {
    let at = from;
    do {
      at = readWords(base, at, to, seesSpaces ? 1 : 0, this.#count, this.#toldFrom);
      this.#count = answer[1] ?? 0;
      this.#toldFrom = answer[2] ?? unset;
    } while (answer[0] === stops.more && !this.#goOn());
    return at;
  }

  /** A word was read. `hash`: that of a plain word, or 0; `found`: what `lookUp` says of it. */
  add(start: number, end: number, hash: number, found: number): void {
    this.#take();
    const isMore = (found & moreFlags) !== 0 && runsOn(found, hash, this.#count) !== 0;
    if ((found & tellsFlag) !== 0 && start > this.#toldFrom) this.#toldFrom = start;
    const row = rowOf(this.#count);
    rows[row] = start;
    rows[row + endPlace] = end;
    rows[row + foundPlace] = found;
    rows[row + hashPlace] = hash;
    this.#count += 1;
    if (isMore) this.#goOn();
  }

  /** The line ends: no phrase reaches across. */
  endLine(): void {
    this.#lineCount = this.#count;
  }

  /** Fills `label` with what the words from `from` on say together, before `to`. */
  collect(label: Label, from: number, to: number): void {
    label.clear();
    this.#take();
    const floor = this.#floor();
    for (let index = this.#count - 1; index >= floor; index -= 1) {
      const row = rowOf(index);
      if ((rows[row + endPlace] ?? 0) > to) continue;
      const start = rows[row] ?? 0;
      if (start < from || label.unknownWords > labelWordsMax) return;
      addWord(label, rows[row + foundPlace] ?? unknownWord, start);
      if (label.isAgainst) return;
    }
  }

  /** The same, but only the last words, up to the nearest that speak of topics. */
  collectNearest(label: Label, from: number, to: number): void {
    label.clear();
    this.#take();
    const floor = this.#floor();
    for (let index = this.#count - 1; index >= floor; index -= 1) {
      const row = rowOf(index);
      const start = rows[row] ?? 0;
      if ((rows[row + endPlace] ?? 0) > to || start < from) return;
      addWord(label, rows[row + foundPlace] ?? unknownWord, start);
      if (label.saysSomething || label.unknownWords > 0) return;
    }
  }

  /**
   * Whether the nearest word before `start`, not before `floor`, that says anything about a topic
   * speaks of it (1) or against any value beside it (-1); else 0.
   */
  judge(topic: Topic, start: number, floor: number): number {
    if (!this.tellsSince(floor)) return 0;
    this.#take();
    const first = this.#floor();
    let isBeside = true;
    for (let index = this.#count - 1; index >= first; index -= 1) {
      const row = rowOf(index);
      const end = rows[row + endPlace] ?? 0;
      if (end > start) continue;
      if ((rows[row] ?? 0) < floor) return 0;
      const found = rows[row + foundPlace] ?? unknownWord;
      if (tellsOf(found, topic)) return 1;
      isBeside &&= (found & besideFlags) !== 0 && start - end <= besideUnitsMax;
      if (isBeside && (found & againstFlag) !== 0) return -1;
    }
    return 0;
  }

  /** Adds the topics of the words before `start`, not before `floor`. */
  addNear(near: TopicSet, start: number, floor: number): void {
    if (!this.tellsSince(floor)) return;
    this.#take();
    const first = this.#floor();
    for (let index = this.#count - 1; index >= first; index -= 1) {
      const row = rowOf(index);
      if ((rows[row + endPlace] ?? 0) > start) continue;
      if ((rows[row] ?? 0) < floor) return;
      const found = rows[row + foundPlace] ?? unknownWord;
      if ((found & tellsFlag) !== 0) addTopicsOf(found & entryMask, near);
    }
  }

  /** Whether one of the last `count` words, not before `floor`, has a flag. */
  hasRecent(flag: number, count: number, floor: number): boolean {
    this.#take();
    const first = Math.max(this.#floor(), this.#count - count);
    for (let index = this.#count - 1; index >= first; index -= 1) {
      const row = rowOf(index);
      if ((rows[row] ?? 0) < floor) return false;
      if ((((rows[row + foundPlace] ?? 0) >>> 16) & flag) !== 0) return true;
    }
    return false;
  }

  /** Nobody reads or adds words any more. */
  release(): void {
    if (owner === this) owner = undefined;
    if (this.#kept !== undefined && spare.length < sparesMax) spare.push(this.#kept);
    this.#kept = undefined;
    this.#count = 0;
  }

  /** The same trail for a text that began alike and may go on otherwise. */
  fork(): WordTrail {
    this.#take();
    const fork = new WordTrail();
    fork.#keep();
    fork.#count = this.#count;
    fork.#lineCount = this.#lineCount;
    fork.runningWord = this.runningWord;
    fork.#toldFrom = this.#toldFrom;
    return fork;
  }

  // Makes the words in `rows` those of this trail.
  #take(): void {
    if (owner === this) return;
    if (owner !== undefined) owner.#keep();
    owner = this;
    if (this.#kept === undefined) return;
    rows.set(this.#kept);
    if (spare.length < sparesMax) spare.push(this.#kept);
    this.#kept = undefined;
  }

  #keep(): void {
    this.#kept = spare.pop() ?? new Int32Array(rows.length);
    this.#kept.set(rows);
  }

  // The last word may run into a value, or end a phrase. Gives whether any did.
  #goOn(): boolean {
    const row = rowOf(this.#count - 1);
    const found = rows[row + foundPlace] ?? unknownWord;
    const flags = found >>> 16;
    if ((flags & runningFlags) !== 0) this.runningWord = found & entryMask;
    const isPlain = rows[row + hashPlace] !== 0;
    if (isPlain && (flags & wordFlags.endsPhrase) !== 0)
      this.#addPhrases(rows[row + endPlace] ?? 0);
    return this.runningWord !== unknownWord;
  }

  // A method, since a private getter may be asked for slowly.
  #floor(): number {
    return Math.max(0, this.#count - wordsMax);
  }

  // The word that ended last, and those before it on its line, may be a phrase.
  #addPhrases(end: number): void {
    const last = this.#count - 1;
    let hash = rows[rowOf(last) + hashPlace] ?? 0;
    let words = 1;
    const floor = Math.max(this.#floor(), this.#lineCount);
    for (let index = last - 1; index >= floor && words < phraseWordsMax; index -= 1) {
      const row = rowOf(index);
      const word = rows[row + hashPlace] ?? 0;
      if (word === 0) continue;
      if (!mayBePart(word)) return;
      if (end - (rows[row] ?? 0) > phraseUnitsMax) return;
      words += 1;
      hash = hashPhrase(hash, word);
      const found = lookUp(hash);
      if (found === unknownWord) continue;
      const start = rows[row] ?? 0;
      this.#markParts(start);
      this.add(start, end, 0, found);
    }
  }

  // Words that say nothing by themselves are no strangers in a phrase.
  #markParts(start: number): void {
    this.#take();
    const floor = this.#floor();
    for (let index = this.#count - 1; index >= floor; index -= 1) {
      const row = rowOf(index);
      if ((rows[row] ?? 0) < start) return;
      if (((rows[row + foundPlace] ?? 0) & knownFlags) === 0) {
        rows[row + foundPlace] = withFlags(partOfPhrase);
      }
    }
  }
}

// Word n stands in row n modulo the number of rows.
function rowOf(index: number): number {
  return rowLength * (index & (wordsMax - 1));
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
