import { invariant } from "../../../base/index.ts";
import { againstWords, neutralWords, topicWords } from "../../words/index.ts";
import { spokenWords } from "../../words/spoken-words.ts";
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
} as const;

/** Words of the longest phrase. */
export const phraseWordsMax = 4;

/** The entry of words nobody knows, and of those that are only part of a phrase. */
export const unknownWord = 0;
export const partOfPhrase = 1;

/** Words that join a label to its value, in several languages. */
const joiningWords = ["is", "was", "ist", "lautet", "es", "est", "é", "è", "jest", "är", "er"];

/** Flags and topics of each entry. */
const flags: number[] = [0, wordFlags.neutral];
const topicSets: TopicSet[] = [new TopicSet(), new TopicSet()];
/** Entries by hash, filled once and read for each word: open addressing in two columns. */
const slots = 1 << 14;
const hashes = new Int32Array(slots);
const entries = new Uint16Array(slots);
/** Words of scripts that run words together, by their last unit. */
const unspaced = new Map<number, (readonly [word: string, entry: number])[]>();
/** Which word a hash was given to, so that no other gets it. */
const owners = new Map<number, string>();

/** Bits by hash: whether a word may be known, and whether a phrase may go on behind it. Few are wrong. */
const sieveBits = 16;
const sieveWords = (1 << (sieveBits - 5)) - 1;
const knownSieve = new Int32Array(sieveWords + 1);
const partSieve = new Int32Array(sieveWords + 1);

const hashStart = 0x1505;
/** What a hash is multiplied by for each letter. */
export const hashPrime = 0x01000193;
const phraseSalt = 0x5bd1e995;

fill();

/** The hash of no letters. */
export const emptyHash = hashStart;

/** The hash of a word with one more letter, an entry of `letters`. */
export function hashLetter(hash: number, letter: number): number {
  return letter === markEntry ? hash : Math.imul(hash ^ (letter & ~capitalFlag), hashPrime);
}

/** The hash of a phrase: its last word is hashed first, then those before it. */
export function hashPhrase(rest: number, word: number): number {
  return Math.imul((rest ^ phraseSalt) + (word << 1), hashPrime) ^ (word >>> 7);
}

/** The entry of a word or phrase, or `unknownWord`. */
export function entryOf(hash: number): number {
  let slot = slotOf(hash);
  while (entries[slot] !== 0) {
    if (hashes[slot] === hash) return entries[slot] ?? unknownWord;
    slot = (slot + 1) & (slots - 1);
  }
  return unknownWord;
}

/** Whether a word of this hash may be known; false is certain. */
export function mayBeKnown(hash: number): boolean {
  const place = hash ^ (hash >>> 15);
  return ((knownSieve[(place >>> 5) & sieveWords] ?? 0) & (1 << (place & 31))) !== 0;
}

/** Whether a word of this hash may be in a phrase, with more words behind it; false is certain. */
export function mayBePart(hash: number): boolean {
  const place = hash ^ (hash >>> 15);
  return ((partSieve[(place >>> 5) & sieveWords] ?? 0) & (1 << (place & 31))) !== 0;
}

/** What an entry is, as `wordFlags`. */
export function flagsOf(entry: number): number {
  return flags[entry] ?? 0;
}

/** What an entry speaks of. Lent; not to be changed. */
export function topicsOf(entry: number): TopicSet {
  return topicSets[entry] ?? new TopicSet();
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

function slotOf(hash: number): number {
  return (hash ^ (hash >>> 15)) & (slots - 1);
}

function fill(): void {
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
  if (before.length > 0) {
    const entry = entryAt(lastHash, last);
    flags[entry] = (flags[entry] ?? 0) | wordFlags.endsPhrase;
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
  let slot = slotOf(hash);
  while (entries[slot] !== 0) {
    if (hashes[slot] === hash) return entries[slot] ?? unknownWord;
    slot = (slot + 1) & (slots - 1);
  }
  const entry = newEntry();
  sieve(knownSieve, hash);
  hashes[slot] = hash;
  entries[slot] = entry;
  return entry;
}

function sieve(bits: Int32Array, hash: number): void {
  const place = hash ^ (hash >>> 15);
  const word = (place >>> 5) & sieveWords;
  bits[word] = (bits[word] ?? 0) | (1 << (place & 31));
}

function newEntry(): number {
  invariant(flags.length * 2 < slots, "there are too many words");
  flags.push(0);
  topicSets.push(new TopicSet());
  return flags.length - 1;
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
  let hash = hashStart;
  for (let at = 0; at < word.length; at += 1) hash = hashLetter(hash, word.charCodeAt(at));
  return hash;
}
