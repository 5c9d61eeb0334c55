import { foldedText, isUnspaced } from "../text/folds.ts";
import { english, lexicons } from "./lexicon/index.ts";
import { type LexiconWords, type RoleName, roles } from "./roles.ts";
import { rotated } from "./rot-13.ts";
import { hashOf, hashPair } from "./word-hash.ts";

/** Longest word of a script without spaces, in units; longest phrase, in words. */
export const unspacedUnitsMax = 12;
export const phraseWordsMax = 5;
/** Slots for each entry of a table, at least: what is not in it is mostly told by the first one. */
const slotsPerEntry = 4;

/** Roles by hash, in slots one after another from the one that the hash names. */
export class RoleTable {
  #count = 0;
  #hashes = new Int32Array(slotsPerEntry);
  /** 0 where a slot is free. */
  #roles = new Int32Array(slotsPerEntry);

  add(hash: number, bits: number): void {
    if ((this.#count + 1) * slotsPerEntry > this.#roles.length) this.#grow();
    const slot = this.#slotOf(hash);
    if (this.#roles[slot] === 0) this.#count += 1;
    this.#hashes[slot] = hash;
    this.#roles[slot] = (this.#roles[slot] ?? 0) | bits;
  }

  /** 0: none. */
  of(hash: number): number {
    return this.#roles[this.#slotOf(hash)] as number;
  }

  /** All that have roles. */
  hashes(): number[] {
    return [...this.#hashes].filter((_, slot) => this.#roles[slot] !== 0);
  }

  /** Where a hash is, or would be. */
  #slotOf(hash: number): number {
    const last = this.#roles.length - 1;
    let slot = hash & last;
    while (this.#roles[slot] !== 0 && this.#hashes[slot] !== hash) slot = (slot + 1) & last;
    return slot;
  }

  #grow(): void {
    const hashes = this.#hashes;
    const bits = this.#roles;
    this.#count = 0;
    this.#hashes = new Int32Array(hashes.length * 2);
    this.#roles = new Int32Array(bits.length * 2);
    bits.forEach((each, slot) => {
      if (each !== 0) this.add(hashes[slot] ?? 0, each);
    });
  }
}

/**
 * Beside the roles of a word: it begins a phrase; it is a known English word, its letters moved by
 * thirteen; or read backwards.
 */
export const wordExtras = { phrase: 1 << 24, rotated: 1 << 25, reversed: 1 << 26 } as const;
/** The bits that are roles. */
export const rolesMask = wordExtras.phrase - 1;

/** All that lexicons say of words. */
export interface Vocabulary {
  /** Whole words, with `wordExtras`. */
  readonly words: RoleTable;
  /** Beginnings of words. */
  readonly stems: RoleTable;
  /** Words inside text without spaces. */
  readonly unspaced: RoleTable;
  /** What such words begin with. */
  readonly unspacedStarts: RoleTable;
  /** Several words in a row, as `hashPair` puts them together. */
  readonly phrases: RoleTable;
  /** The words, one or more, that such a row begins with. */
  readonly phraseStarts: RoleTable;
}

/** Shorter words look like others when they are disguised so. */
const cipheredUnitsMin = 6;
/** Everything the lexicons know, by hash. */
export const vocabulary: Vocabulary = compileLexicons(lexicons);

/** A hash may be that of a stem; of a whole word. */
export const stemBit = 1;
const wordBit = 2;
export const candidatesMask = 0x1ffff;

/** By the low bits of a hash what it may be: nearly all words are nothing, and this is where it ends. */
export const candidates: Uint8Array = buildCandidates();

/** The entries of a lexicon, folded, with their roles. */
export function* entriesOf(words: LexiconWords): Generator<{ entry: string; bits: number }> {
  for (const [role, list] of Object.entries(words)) {
    const bits = roles[role as RoleName];
    for (const entry of list.split(" ")) if (entry !== "") yield { entry, bits };
  }
}

function compileLexicons(all: readonly LexiconWords[]): Vocabulary {
  const made: Vocabulary = {
    words: new RoleTable(),
    stems: new RoleTable(),
    unspaced: new RoleTable(),
    unspacedStarts: new RoleTable(),
    phrases: new RoleTable(),
    phraseStarts: new RoleTable(),
  };
  for (const lexicon of all) {
    for (const { bits, entry } of entriesOf(lexicon)) addEntry(made, entry, bits);
  }
  addCiphered(made.words);
  return made;
}

function addEntry(made: Vocabulary, entry: string, bits: number): void {
  const folded = foldedText(entry.replaceAll("*", "")).trim();
  const parts = folded.split(/ +/u);
  const [first = ""] = parts;
  if (isUnspaced(folded.charCodeAt(0))) {
    made.unspaced.add(hashOf(folded), bits);
    for (let to = 1; to < folded.length; to += 1) {
      made.unspacedStarts.add(hashOf(folded.slice(0, to)), bits);
    }
  } else if (entry.endsWith("*")) made.stems.add(hashOf(first), bits);
  else if (parts.length === 1) made.words.add(hashOf(first), bits);
  else {
    made.words.add(hashOf(first), wordExtras.phrase);
    let chain = hashOf(first);
    for (const part of parts.slice(1)) {
      made.phraseStarts.add(chain, bits);
      chain = hashPair(chain, hashOf(part));
    }
    made.phrases.add(chain, bits);
  }
}

/** Adds the English words that attacks are made of, as they look in simple ciphers. */
function addCiphered(words: RoleTable): void {
  const attacking = roles.override | roles.object | roles.scope | roles.hidden | roles.reveal;
  for (const { bits, entry } of entriesOf(english)) {
    if ((bits & attacking) === 0 || entry.length < cipheredUnitsMin || entry.includes("_"))
      continue;
    words.add(hashOf(rotated(entry)), wordExtras.rotated);
    words.add(hashOf([...entry].reverse().join("")), wordExtras.reversed);
  }
}

function buildCandidates(): Uint8Array {
  const made = new Uint8Array(candidatesMask + 1);
  const { stems, words } = vocabulary;
  for (const hash of stems.hashes()) mark(made, hash, stemBit);
  for (const hash of words.hashes()) mark(made, hash, wordBit);
  return made;
}

function mark(made: Uint8Array, hash: number, bit: number): void {
  const at = hash & candidatesMask;
  made[at] = (made[at] ?? 0) | bit;
}
