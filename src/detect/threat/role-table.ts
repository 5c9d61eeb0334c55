import { foldedText, isUnspaced } from "../text/folds.ts";
import { english, lexicons } from "./lexicon/index.ts";
import { type LexiconWords, type RoleName, roles } from "./roles.ts";
import { rotated } from "./rot-13.ts";
import { hashOf, hashPair } from "./word-hash.ts";

/** Longest word of a script without spaces, in units; longest phrase, in words. */
export const unspacedUnitsMax = 12;
export const phraseWordsMax = 5;
const filterMask = 0xffff;

/** Roles by hash, with a filter before the lookup that nearly all words fail. */
export class RoleTable {
  readonly #roles = new Map<number, number>();
  readonly #filter = new Uint8Array(filterMask + 1);

  add(hash: number, bits: number): void {
    this.#roles.set(hash, (this.#roles.get(hash) ?? 0) | bits);
    this.#filter[hash & filterMask] = 1;
  }

  /** 0: none. */
  of(hash: number): number {
    return this.#filter[hash & filterMask] === 0 ? 0 : (this.#roles.get(hash) ?? 0);
  }
}

/** All that lexicons say of words. */
export interface Vocabulary {
  /** Whole words. */
  readonly words: RoleTable;
  /** Beginnings of words. */
  readonly stems: RoleTable;
  /** Words inside text without spaces. */
  readonly unspaced: RoleTable;
  /** What such words begin with. */
  readonly unspacedStarts: RoleTable;
  /** Several words in a row, as `hashPair` puts them together; and the words they begin with. */
  readonly phrases: RoleTable;
  readonly phraseStarts: RoleTable;
}

/** Everything the lexicons know, by hash. */
export const vocabulary: Vocabulary = compileLexicons(lexicons);

/** The word is a known one, its letters moved by thirteen; or read backwards. */
export const rotatedBit = 1;
export const reversedBit = 2;
/** Shorter words look like others when they are disguised so. */
const cipheredUnitsMin = 6;

/** English words that attacks are made of, as they look in simple ciphers. */
export const ciphered: RoleTable = cipherWords();

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
    made.phraseStarts.add(hashOf(first), bits);
    made.phrases.add(parts.map(hashOf).reduce(hashPair), bits);
  }
}

function cipherWords(): RoleTable {
  const table = new RoleTable();
  const attacking = roles.override | roles.object | roles.scope | roles.hidden | roles.reveal;
  for (const { bits, entry } of entriesOf(english)) {
    if ((bits & attacking) === 0 || entry.length < cipheredUnitsMin || entry.includes("_"))
      continue;
    table.add(hashOf(rotated(entry)), rotatedBit);
    table.add(hashOf([...entry].reverse().join("")), reversedBit);
  }
  return table;
}
