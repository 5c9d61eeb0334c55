import {
  addCandidate,
  type Candidate,
  type LabelledFamily,
  type LabelledValue,
} from "../scan/family.ts";
import { isCovered } from "../scan/overlap.ts";
import { topics } from "../scan/topics.ts";
import { labelPct } from "../shapes/labelled-place.ts";
import { digitBit, lowerBit, upperBit } from "../text/character-kind.ts";
import { unitAt, unitKindAt } from "../text/units.ts";
import { isAboutSecret, keyNameBefore } from "./key-name.ts";
import { labelledSecretRank, secretKind } from "./secret-kinds.ts";
import { secretValuePct } from "./secret-value.ts";

const kind = secretKind("GENERIC_SECRET", {
  check: "entropy, no filling or reference",
  basePct: 30,
  context: "yes",
  rank: labelledSecretRank,
});

/** Passwords, keys and tokens behind a key or label that says so. */
export const genericSecrets: LabelledFamily = {
  kinds: [kind],
  topics: [topics.password, topics.secret],
  find,
};

/** Where a value stands. */
interface Place {
  readonly start: number;
  readonly end: number;
  readonly isQuoted: boolean;
}

function find(value: LabelledValue, found: Candidate[]): void {
  const { text } = value;
  if (!value.isStructural && !value.isQuoted) {
    addSpoken(value, found);
    return;
  }
  const place = placeIn(value.from, value.to, value.isQuoted === true);
  const { start, end, isQuoted } = place;
  if (end <= start || isCovered(text, found, place, kind.rank)) return;
  const name = keyNameBefore(text, value.from);
  if (isAboutSecret(name)) return;
  const isPassword = value.topic === topics.password;
  const secret = text.slice(start, end);
  const pct = hasSpace(secret, start, end)
    ? phrasePct(name, secret)
    : secretValuePct(secret, start, { isPassword, isQuoted });
  if (pct > 0) addCandidate(found, kind, { start, end, pct: kind.basePct + pct + labelPct(value) });
}

// Spaces are seldom, and a pattern is dear.
function hasSpace(secret: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const code = unitAt(at);
    if (code <= 0x20 || code > 0x7f) return /\s/.test(secret);
  }
  return false;
}

// Words drawn by chance, which only a key that asks for a phrase tells from a sentence.
function phrasePct(name: string, phrase: string): number {
  const isPhrase =
    /phrase|mnemonic|seed/.test(name) && /^(?:\p{L}{3,} ){3,23}\p{L}{3,}$/u.test(phrase);
  return isPhrase && !sentenceWords.test(phrase) ? phraseFairPct : 0;
}

const phraseFairPct = 8;
const sentenceWords =
  /\b(?:your|must|the|enter|please|for|with|and|not|are|has|have|this|that|should|use|from)\b/i;

// "The password for the router is ...": a word of the sentence, which must look like nothing else.
function addSpoken(value: LabelledValue, found: Candidate[]): void {
  const { text, to } = value;
  let from = value.from;
  for (let word = 0; word < spokenWordsMax && from < to; word += 1) {
    const { start, end, isQuoted } = placeIn(from, to, value.isQuoted === true);
    if (isMixed(start, end)) {
      const secret = text.slice(start, end);
      const isAlone = isQuoted || (word === 0 && joins.test(keyNameBefore(text, from)));
      const isStrong = isAlone ? isMixedWord(secret) : isMarkedWord(secret);
      const pct = isStrong ? secretValuePct(secret, start, { isPassword: true, isQuoted }) : 0;
      if (pct > 0) {
        addCandidate(found, kind, { start, end, pct: kind.basePct + pct + labelPct(value) });
        return;
      }
    }
    from = nextWord(Math.max(end, from), to);
  }
}

const spokenWordsMax = 6;

// Whether both letters and digits stand between two places.
function isMixed(start: number, end: number): boolean {
  let kinds = 0;
  for (let at = start; at < end; at += 1) kinds |= unitKindAt(at);
  return (kinds & digitBit) !== 0 && (kinds & (lowerBit | upperBit)) !== 0;
}

// Of letters and digits, and no number with a unit or name with a number: "30days", "web-01".
function isMixedWord(word: string): boolean {
  return !/^\d+[A-Za-z]+$|^[A-Za-z]+[-./]\d+$/.test(word);
}

// The same with both cases or a mark that no name has; but no name of a product.
function isMarkedWord(word: string): boolean {
  return isMixedWord(word) && marked.test(word) && !product.test(word);
}

const marked = /^(?:(?=.*[a-z])(?=.*[A-Z])\w{8,}|(?=.*\w[!@#$%^&*?~+=]).{8,})$/;
const product = /^[A-Za-z]+\d{1,4}(?:[A-Z][a-z]+)*$/;
/** Words that join a label to its value. */
const joins = /^(?:is|was|ist|war|lautet|es|est|jest|by)$/;

function nextWord(from: number, to: number): number {
  let at = from;
  while (at < to && unitAt(at) > 0x20) at += 1;
  while (at < to && unitAt(at) <= 0x20) at += 1;
  return at;
}

// All of a string; of anything else the first word, without what belongs to the sentence or code.
function placeIn(from: number, to: number, isQuoted: boolean): Place {
  if (isQuoted) return { start: from, end: quoteEnd(unitAt(from - 1), from, to), isQuoted };
  const quoteAt = quoteNear(from, to);
  if (quoteAt >= 0) {
    const start = quoteAt + 1;
    return { start, end: quoteEnd(unitAt(quoteAt), start, to), isQuoted: true };
  }
  let end = from;
  while (end < to && unitAt(end) > 0x20 && unitAt(end) !== 0xa0) end += 1;
  while (end > from && trailing.has(unitAt(end - 1))) end -= 1;
  return { start: from, end, isQuoted: false };
}

// Where the same quote closes, or `to`.
function quoteEnd(quote: number, from: number, to: number): number {
  let end = from;
  while (end < to && unitAt(end) !== quote) end += 1;
  return end;
}

const trailing: ReadonlySet<number> = new Set(Buffer.from("\"'`,;.)]}>\\"));

// The quote of a string with a prefix: b"...", @"...", f'...'.
function quoteNear(from: number, to: number): number {
  for (let at = from; at < Math.min(to, from + 2); at += 1) {
    const code = unitAt(at);
    if (code === 0x22 || code === 0x27 || code === 0x60) return at;
  }
  return -1;
}
