import { folds, gap, isUnspaced, unseen } from "../text/folds.ts";
import { letterKinds, scriptOf, wordUnitAt } from "./letters.ts";
import { isGreekOrCyrillic, leetLetters, looksLike } from "./look-alikes.ts";
import { rolesMask, unspacedUnitsMax, vocabulary, wordExtras } from "./role-table.ts";
import { hashStart, hashStep } from "./word-hash.ts";

/** How many units at the beginning of a word its stem has. */
export const stemUnits = 5;
const stemUnitsMin = 2;
/** A shorter word with digits in it is one of those that have digits. */
const leetUnitsMin = 4;

// The engine reads what is imported again each time, and knows what is declared here.
const foldOf = folds;
const nothing = gap;
const passed = unseen;
const noHash = hashStart;
const { stems, unspaced, unspacedStarts, words } = vocabulary;

/** A word that is not written as nearly all are, and what it is read as. */
export interface OddWord {
  readonly hash: number;
  readonly stem: number;
  /** Behind its last letter. */
  readonly end: number;
  /** Where reading goes on. */
  readonly next: number;
  /** Its roles, and what else it is as written. */
  readonly bits: number;
  /** Written with look-alike letters of another script. */
  readonly isMixed: boolean;
}

/** Reads a word with marks that nobody sees, signs for letters or several scripts. */
export function readOddWord(text: string, from: number, to: number): OddWord {
  let hash = noHash;
  let stem = noHash;
  let bits = 0;
  let units = 0;
  let next = from;
  let end = from;
  let scripts = 0;
  for (; next < to; next += 1) {
    const unit = wordUnitAt(text, next);
    if (unit === nothing) break;
    if (unit === passed) continue;
    hash = hashStep(hash, unit);
    units += 1;
    end = next + 1;
    if (units <= stemUnits) stem = hash;
    if (units >= stemUnitsMin) bits |= stems.of(hash);
    scripts |= scriptOf(unit);
  }
  bits |= words.of(hash);
  const word = { hash, stem, end, next, bits, isMixed: false };
  return isDisguise(scripts, units) ? undisguised(text, from, word, scripts) : word;
}

/** Reads a known word of a script without spaces, or a single character of it. */
export function readUnspaced(text: string, from: number, to: number): OddWord {
  let hash = noHash;
  let units = 0;
  let bits = 0;
  let foundHash = 0;
  let end = from + 1;
  for (let at = from; at < to && units < unspacedUnitsMax; at += 1) {
    const fold = foldOf[text.charCodeAt(at)] as number;
    if (fold === passed) continue;
    if (!isUnspaced(fold)) break;
    hash = hashStep(hash, fold);
    units += 1;
    if (units === 1) foundHash = hash;
    const found = unspaced.of(hash);
    if (found !== 0) {
      bits = found;
      foundHash = hash;
      end = at + 1;
    }
    if (unspacedStarts.of(hash) === 0) break;
  }
  return { hash: foundHash, stem: foundHash, end, next: end, bits, isMixed: false };
}

/** Whether a word of these scripts may be one that was written with others. */
function isDisguise(scripts: number, units: number): boolean {
  const letters = scripts & (letterKinds.latin | letterKinds.foreign);
  if (letters === 0) return false;
  if (letters === (letterKinds.latin | letterKinds.foreign)) return true;
  return (scripts & letterKinds.digit) !== 0 && units >= leetUnitsMin;
}

/** The word that one written with look-alikes, or with digits for letters, is read as. */
function undisguised(text: string, from: number, word: OddWord, scripts: number): OddWord {
  const isMixed = (scripts & letterKinds.latin) !== 0 && (scripts & letterKinds.foreign) !== 0;
  const stands = isMixed ? looksLike : leetLetters;
  let hash = noHash;
  let stem = noHash;
  let units = 0;
  let bits = 0;
  for (let at = from; at < word.end; at += 1) {
    const unit = wordUnitAt(text, at);
    if (unit === passed) continue;
    const plain = stands.get(unit) ?? unit;
    if (isGreekOrCyrillic(plain)) return word;
    hash = hashStep(hash, plain);
    units += 1;
    if (units <= stemUnits) stem = hash;
    if (units > stemUnitsMin) bits |= stems.of(hash);
  }
  const whole = words.of(hash);
  bits |= whole & rolesMask;
  if (bits === 0 && (!isMixed || units < leetUnitsMin)) return word;
  const phrase = whole & wordExtras.phrase;
  return { ...word, hash, stem, bits: (word.bits & ~wordExtras.phrase) | bits | phrase, isMixed };
}
