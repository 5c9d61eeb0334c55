import { invariant } from "../../../base/index.ts";
import { cells, endSieve, knownSieve, lookUp, sieveBits, wordSlots } from "../../wide/wide.ts";
import { againstWords, neutralWords, topicWords } from "../../words/index.ts";
import { spokenWords } from "../../words/spoken-words.ts";
import type { Topic } from "../topics.ts";
import { capitalFlag, isUnspaced, letters, markEntry } from "./letters.ts";
import { TopicSet } from "./topic-set.ts";

/** What a known word is besides a word of topics, as bits. */
export const wordFlags = {
  /** Speaks against a number beside it. */
  against: 1,
  /** May stand between a label and its value. */
  neutral: 2,
  /** Is the last word of a phrase. */
  endsPhrase: 4,
  /** Joins a label to what follows in a sentence: "is". */
  joins: 8,
  /** Is followed by its value: "my name is", "born on". */
  speaks: 16,
  /** `INTO` and `VALUES` of SQL. */
  into: 32,
  values: 64,
  /** Speaks of a topic, or against a number beside it. */
  tells: 128,
} as const;

/** Words of the longest phrase. */
export const phraseWordsMax = 4;

/** The entry of words nobody knows, and of those that are only part of a phrase. */
export const unknownWord = 0;
export const partOfPhrase = 1;

/** Words that join a label to its value, in several languages. */
const joiningWords = ["is", "was", "ist", "lautet", "es", "est", "é", "è", "jest", "är", "er"];

/** Flags and topics of each entry. */
const flags = new Uint8Array(wordSlots / 2);
const topicSets: TopicSet[] = [new TopicSet(), new TopicSet()];
/** The same sets as bits, with four numbers for each: one line of memory instead of an object. */
const topicBits = new Int32Array(2 * wordSlots);
/** Only to fill the table: entries by the hash of their word. */
const entriesByHash = new Map<number, number>();
/** Words of scripts that run words together, by their last unit. */
const unspaced = new Map<number, (readonly [word: string, entry: number])[]>();
/** Which word a hash was given to, so that no other gets it. */
const owners = new Map<number, string>();

/** Bits by hash: whether a phrase may go on behind a word. Few are wrong. */
const partSieve = new Int32Array(sieveBits / 32);

/** The hash of no letters. */
export const emptyHash = 0;
/** A hash is the value of a polynomial with the letters of a word as coefficients, at this base. */
const hashBase = 0x9e3779b1 | 0;
const phrasePrime = 0x01000193;
const phraseSalt = 0x5bd1e995;

fill();

/** The hash of a word with one more letter, an entry of `letters`. */
export function hashLetter(hash: number, letter: number): number {
  if (letter === markEntry) return hash;
  return (Math.imul(hash, hashBase) + (letter & ~capitalFlag)) | 0;
}

/** The hash of a phrase: its last word is hashed first, then those before it. */
export function hashPhrase(rest: number, word: number): number {
  return Math.imul((rest ^ phraseSalt) + (word << 1), phrasePrime) ^ (word >>> 7);
}

/** The entry of a word or phrase, or `unknownWord`. */
export function entryOf(hash: number): number {
  return lookUp(hash) & 0xffff;
}

/** Whether a word of this hash may be in a phrase, with more words behind it; false is certain. */
export function mayBePart(hash: number): boolean {
  const place = mix(hash);
  return ((partSieve[sieveCell(place)] ?? 0) & (1 << (place & 31))) !== 0;
}

/** An entry with its flags, as `lookUp` gives it. */
export function withFlags(entry: number): number {
  return entry | (flagsOf(entry) << 16);
}

/** What an entry is, as `wordFlags`. */
export function flagsOf(entry: number): number {
  return flags[entry] ?? 0;
}

/** What an entry speaks of. Lent; not to be changed. */
export function topicsOf(entry: number): TopicSet {
  return topicSets[entry] ?? new TopicSet();
}

/** Adds to a set what an entry speaks of. */
export function addTopicsOf(entry: number, topics: TopicSet): void {
  topics.addFrom(topicBits, 4 * entry);
}

/** Whether an entry speaks of a topic. */
export function speaksOf(entry: number, topic: Topic): boolean {
  return ((topicBits[4 * entry + (topic >>> 5)] ?? 0) & (1 << (topic & 31))) !== 0;
}

/** Whether an entry speaks of any topic. */
export function hasTopics(entry: number): boolean {
  const at = 4 * entry;
  return ((topicBits[at] ?? 0) | (topicBits[at + 1] ?? 0) | (topicBits[at + 2] ?? 0)) !== 0;
}

/** Words of scripts that run words together which end with a unit, longest first. */
export function unspacedEndingWith(
  code: number,
): readonly (readonly [word: string, entry: number])[] | undefined {
  return unspaced.get(code);
}

/** The units those words end with. */
export function unspacedEndings(): Iterable<number> {
  return unspaced.keys();
}

function mix(hash: number): number {
  return hash ^ (hash >>> 15);
}

function fill(): void {
  flags[partOfPhrase] = wordFlags.neutral;
  for (const [topic, list] of topicWords) {
    for (const phrase of phrasesOf(list)) topicSetOf(phrase).add(topic);
  }
  for (const [topic, list] of spokenWords) {
    for (const phrase of phrasesOf(list)) {
      topicSetOf(phrase).add(topic);
      addFlag(phrase, wordFlags.speaks);
    }
  }
  for (const phrase of phrasesOf(againstWords)) addFlag(phrase, wordFlags.against);
  for (const phrase of phrasesOf(neutralWords)) addFlag(phrase, wordFlags.neutral);
  for (const word of joiningWords) addFlag(word, wordFlags.joins | wordFlags.neutral);
  addFlag("into", wordFlags.into);
  addFlag("values", wordFlags.values);
  for (const list of unspaced.values()) list.sort(([a], [b]) => b.length - a.length);
  for (let entry = 0; entry < topicSets.length; entry += 1) flagTelling(entry);
  layDownTopics();
  layDownCells();
}

function flagTelling(entry: number): void {
  const isTelling = !topicsOf(entry).isEmpty || (flagsOf(entry) & wordFlags.against) !== 0;
  if (isTelling) flags[entry] = flagsOf(entry) | wordFlags.tells;
}

// Phrases are set off by commas; a list without commas, or its first part, is single words.
function phrasesOf(list: string): readonly string[] {
  const [singles = "", ...phrases] = list.split(",");
  return [...singles.split(" "), ...phrases]
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

function topicSetOf(phrase: string): TopicSet {
  return topicSets[entryFor(phrase)] ?? new TopicSet();
}

function addFlag(phrase: string, flag: number): void {
  const entry = entryFor(phrase);
  flags[entry] = (flags[entry] ?? 0) | flag;
}

function entryFor(phrase: string): number {
  if (isUnspaced(phrase.charCodeAt(0))) return unspacedEntryFor(phrase);
  const words = wordsOf(phrase);
  invariant(words.length > 0 && words.length <= phraseWordsMax, `"${phrase}" has too many words`);
  const [last = "", ...before] = words.toReversed();
  let hash = hashOf(last);
  const lastHash = hash;
  for (const word of before) {
    sieve(partSieve, hashOf(word));
    hash = hashPhrase(hash, hashOf(word));
  }
  const [beforeLast] = before;
  if (beforeLast !== undefined) {
    const entry = entryAt(lastHash, last);
    flags[entry] = (flags[entry] ?? 0) | wordFlags.endsPhrase;
    sieve(endSieve, hashPhrase(lastHash, hashOf(beforeLast)));
  }
  return entryAt(hash, words.join(" "));
}

function unspacedEntryFor(word: string): number {
  const last = word.charCodeAt(word.length - 1);
  const list = unspaced.get(last) ?? [];
  unspaced.set(last, list);
  const known = list.find(([other]) => other === word);
  if (known !== undefined) return known[1];
  const entry = newEntry();
  list.push([word, entry]);
  return entry;
}

function entryAt(hash: number, word: string): number {
  const owner = owners.get(hash);
  invariant(owner === undefined || owner === word, `"${word}" has the hash of "${owner}"`);
  owners.set(hash, word);
  const known = entriesByHash.get(hash);
  if (known !== undefined) return known;
  const entry = newEntry();
  entriesByHash.set(hash, entry);
  return entry;
}

function layDownTopics(): void {
  topicSets.forEach((topics, entry) => {
    const words: number[] = [];
    topics.addTo(words);
    topicBits.set(words, 4 * entry);
  });
}

// Flags are complete once all words are known.
function layDownCells(): void {
  for (const [hash, entry] of entriesByHash) {
    let cell = 2 * (mix(hash) & (wordSlots - 1));
    while (cells[cell + 1] !== 0) cell = (cell + 2) & (2 * wordSlots - 1);
    cells[cell] = hash;
    cells[cell + 1] = withFlags(entry);
    sieve(knownSieve, hash);
  }
}

function sieve(bits: Int32Array, hash: number): void {
  const place = mix(hash);
  const cell = sieveCell(place);
  bits[cell] = (bits[cell] ?? 0) | (1 << (place & 31));
}

function sieveCell(place: number): number {
  return (place & (sieveBits - 1)) >>> 5;
}

function newEntry(): number {
  invariant(topicSets.length < flags.length, "there are too many words");
  topicSets.push(new TopicSet());
  return topicSets.length - 1;
}

// Letters, folded; all else parts words.
function wordsOf(phrase: string): readonly string[] {
  let folded = "";
  for (const letter of phrase.normalize("NFC")) {
    const entry = letters[letter.charCodeAt(0)] ?? 0;
    if (entry === markEntry) continue;
    folded += entry === 0 ? " " : String.fromCharCode(entry & ~capitalFlag);
  }
  return folded.split(" ").filter((word) => word !== "");
}

function hashOf(word: string): number {
  let hash = emptyHash;
  for (let at = 0; at < word.length; at += 1) hash = hashLetter(hash, word.charCodeAt(at));
  return hash;
}
