import { folds, gap, unseen } from "../text/folds.ts";
import { KeyedDigest } from "./keyed-digest.ts";
import type { WordFollower } from "./word-follower.ts";
import { goesOn, isEntry } from "./word-table.ts";

/** A list of values of which only digests with a key are known. */
export interface ValueList {
  /** 16 to 64 bytes, in base64url. */
  readonly key: string;
  /** One after another, each `digestChars` long; white space counts nothing. */
  readonly digests: string;
}

/** 60 bits of HMAC-SHA-256 (RFC 2104) in base64url. */
const digestChars = 10;
/** Taken up in one step: about a millisecond. */
const digestsPerStep = 5000;
/** Letters and digits of a value. */
const valueCharsMin = 5;
const valueCharsMax = 64;
/** Words of each shape. */
const numberWordsMax = 5;
/** Letters that may stand before the groups of a number. */
const prefixCharsMax = 4;
const nameWordsMin = 2;
const nameWordsMax = 4;
const mailWordsMax = 8;
/** What may stand between the groups of a number and between names. */
const joint = /^[-\s./()'\u2010-\u2015]{1,2}$/;
/** What may stand in an e-mail address besides letters and digits. */
const mailJoint = /^[-@._+]$/;
const digit = /^[0-9]$/;

/** The digest of a value, or undefined where it has too few or too many letters and digits. */
export function digestOfValue(value: string, key: Buffer): string | undefined {
  const said = plainValue(value);
  const isFit = valueCharsMin <= said.length && said.length <= valueCharsMax;
  return isFit ? new KeyedDigest(key, valueCharsMax).of(said).slice(0, digestChars) : undefined;
}

/** The digests of a list, in small steps. */
export function* valueDigests({
  digests,
}: Pick<ValueList, "digests">): Generator<undefined, ReadonlySet<string>> {
  const said = digests.replace(/\s+/g, "");
  const list = new Set<string>();
  for (let at = 0; at + digestChars <= said.length; at += digestChars) {
    list.add(said.slice(at, at + digestChars));
    if (list.size % digestsPerStep === 0) yield;
  }
  return list;
}

/**
 * Looks values up that have the shape of one: a number in up to five groups, of which the first may be letters, a name of two to four
 * words in capitals, an e-mail address. They are compared by their letters and digits, small and
 * without accents; only a digest of these is made, and nothing of the list is known in clear.
 */
export class ValueFollower implements WordFollower {
  readonly #digest: KeyedDigest;
  readonly #digests: ReadonlySet<string>;
  #said = "";
  #words = 0;
  /** In the last word, and in any of them. */
  #hasDigit = false;
  #hasNumber = false;
  #isNumber = true;
  #isName = true;
  #isMail = true;
  #hasAt = false;

  constructor(key: Buffer, digests: ReadonlySet<string>) {
    this.#digest = new KeyedDigest(key, valueCharsMax);
    this.#digests = digests;
  }

  begin(): void {
    this.#said = "";
    this.#words = 0;
    this.#hasDigit = false;
    this.#hasNumber = false;
    this.#isNumber = true;
    this.#isName = true;
    this.#isMail = true;
    this.#hasAt = false;
  }

  add(fold: number): void {
    const character = String.fromCharCode(fold);
    this.#said += character;
    this.#hasDigit ||= digit.test(character);
  }

  part(text: string, from: number, to: number): boolean {
    const between = text.slice(from, to);
    if (!joint.test(between)) {
      this.#isNumber = false;
      this.#isName = false;
    }
    this.#isMail &&= mailJoint.test(between);
    this.#hasAt ||= between === "@";
    this.#hasDigit = false;
    return this.#isNumber || this.#isName || this.#isMail;
  }

  flags(text: string, from: number): number {
    this.#words += 1;
    this.#hasNumber ||= this.#hasDigit;
    const isPrefix = this.#words === 1 && this.#said.length <= prefixCharsMax;
    this.#isNumber &&= (this.#hasDigit || isPrefix) && this.#words <= numberWordsMax;
    this.#isName &&= !this.#hasDigit && this.#words <= nameWordsMax && isCapital(text, from);
    this.#isMail &&= this.#words <= mailWordsMax;
    const mayGoOn = this.#said.length <= valueCharsMax;
    if (!mayGoOn || !(this.#isNumber || this.#isName || this.#isMail)) return 0;
    return this.#isFit() && this.#digests.has(this.#digest.of(this.#said).slice(0, digestChars))
      ? goesOn | isEntry
      : goesOn;
  }

  #isFit(): boolean {
    if (this.#said.length < valueCharsMin) return false;
    const isName = this.#isName && this.#words >= nameWordsMin;
    return (this.#isNumber && this.#hasNumber) || isName || (this.#isMail && this.#hasAt);
  }
}

function plainValue(value: string): string {
  let said = "";
  for (let at = 0; at < value.length; at += 1) {
    const fold = folds[value.charCodeAt(at)] ?? gap;
    if (fold !== gap && fold !== unseen) said += String.fromCharCode(fold);
  }
  return said;
}

/** Scripts without capitals have none to begin with. */
function isCapital(text: string, at: number): boolean {
  const first = text.charAt(at);
  return first === first.toUpperCase();
}
