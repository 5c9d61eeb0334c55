import { folds, gap, isUnspaced, unseen } from "../text/folds.ts";

/** What is known of a sequence of words: it may go on to be an entry, and it is one. */
export const goesOn = 1;
export const isEntry = 2;

/** Slots for each sequence; more make empty ones likelier to be met first. */
const slotsPerSequence = 2;
const slotsMin = 16;
/** The table in front has a byte for each slot and further ones, so that it rarely says yes wrongly. */
const sieveBytesPerSlot = 2;

/** A hash of 64 bits of a sequence of folded words, which grows word by word. */
export class WordHash {
  low = 0;
  high = 0;

  begin(): void {
    this.low = 0x811c9dc5 | 0;
    this.high = 0x2545f491;
  }

  /** Adds a folded unit, or a gap between two words. */
  add(unit: number): void {
    this.low = Math.imul(this.low ^ unit, 0x01000193);
    this.high = Math.imul(this.high + unit, 0x9e3779b1) ^ (this.high >>> 15);
  }
}

/**
 * A dictionary that holds no words: hashes of its entries and of what they begin with, so that a text
 * is followed word by word only as long as an entry may come of it. An entry is its letters and digits,
 * small, without accents and in plain width; each character of a script without spaces is a word.
 */
export class WordTable {
  readonly #sieve: Uint8Array;
  readonly #lows: Int32Array;
  readonly #highs: Int32Array;
  readonly #flags: Uint8Array;
  readonly #mask: number;
  readonly #sieveMask: number;
  readonly #hash = new WordHash();

  /** Room for so many sequences of words: no more than all words of all entries. */
  constructor(sequences: number) {
    let slots = slotsMin;
    while (slots < sequences * slotsPerSequence) slots *= 2;
    this.#mask = slots - 1;
    this.#lows = new Int32Array(slots);
    this.#highs = new Int32Array(slots);
    this.#flags = new Uint8Array(slots);
    this.#sieve = new Uint8Array(slots * sieveBytesPerSlot);
    this.#sieveMask = this.#sieve.length - 1;
  }

  /** Adds an entry; one without letters and digits is none. */
  add(entry: string): void {
    const hash = this.#hash;
    let words = 0;
    let isInWord = false;
    for (let at = 0; at < entry.length; at += 1) {
      const fold = folds[entry.charCodeAt(at)] ?? gap;
      if (fold === unseen) continue;
      if (fold === gap) {
        isInWord = false;
        continue;
      }
      const isWhole = isUnspaced(fold);
      if (!isInWord || isWhole) {
        if (words === 0) hash.begin();
        else {
          this.#note(hash, goesOn);
          hash.add(gap);
        }
        words += 1;
      }
      hash.add(fold);
      isInWord = !isWhole;
    }
    if (words > 0) this.#note(hash, isEntry);
  }

  /** `goesOn` and `isEntry` of a sequence of words, of which nearly always neither holds. */
  flagsOf({ high, low }: WordHash): number {
    if (this.#sieve[(low ^ (low >>> 15)) & this.#sieveMask] === 0) return 0;
    for (let slot = this.#slotOf(high); ; slot = (slot + 1) & this.#mask) {
      const flags = this.#flags[slot] ?? 0;
      if (flags === 0) return 0;
      if (this.#lows[slot] === low && this.#highs[slot] === high) return flags;
    }
  }

  #note({ high, low }: WordHash, flag: number): void {
    let slot = this.#slotOf(high);
    while (this.#flags[slot] !== 0 && !(this.#lows[slot] === low && this.#highs[slot] === high)) {
      slot = (slot + 1) & this.#mask;
    }
    this.#lows[slot] = low;
    this.#highs[slot] = high;
    this.#flags[slot] = (this.#flags[slot] ?? 0) | flag;
    this.#sieve[(low ^ (low >>> 15)) & this.#sieveMask] = 1;
  }

  #slotOf(high: number): number {
    return (high ^ (high >>> 16)) & this.#mask;
  }
}

/** Words of a text as a `WordTable` counts them, at the most. */
export function wordCount(text: string): number {
  let words = 0;
  let isInWord = false;
  for (let at = 0; at < text.length; at += 1) {
    const fold = folds[text.charCodeAt(at)] ?? gap;
    if (fold === unseen) continue;
    const isWhole = fold !== gap && isUnspaced(fold);
    if (fold !== gap && (!isInWord || isWhole)) words += 1;
    isInWord = fold !== gap && !isWhole;
  }
  return words;
}
