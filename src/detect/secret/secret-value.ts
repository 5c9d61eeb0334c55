import { asciiWordBits, digitBit, kindOf, lowerBit, upperBit } from "../text/character-kind.ts";
import { entropyBits } from "./entropy.ts";
import { isPlaceholder, isReference, isStandIn } from "./placeholders.ts";
import { codeBit, jointBit, marksIn, passwordBit, unseenBit } from "./value-marks.ts";

/** How a value is written, and what its label says it is. */
export interface ValueSetting {
  /** The label speaks of a password, which people make up, rather than of a key or token. */
  readonly isPassword: boolean;
  /** It stands in quotes, so it is no expression of a programming language. */
  readonly isQuoted: boolean;
}

const passwordUnitsMin = 6;
const secretUnitsMin = 8;
const valueUnitsMax = 256;
const longUnitsMin = 16;
/** Bits per character that a long key must have; short ones cannot. */
const bitsMin = 3.5;
const hexBitsMin = 2.8;
const hex = /^(?:0x)?[0-9a-fA-F]+$/;
/** Share of the bits that characters all different would have. */
const bitsShareMin = 0.8;
/** Changes between small letters, capitals and digits that no word has. */
const switchesMin = 3;

const strongPct = 15;
const fairPct = 8;

/**
 * Points for a value that a label calls a secret and that begins at `start` of the text laid down, by
 * how much it looks like one; 0 if it looks like anything else: filling, a reference, an expression, a
 * word, an address, a digest, a UUID.
 */
export function secretValuePct(
  value: string,
  start: number,
  { isPassword, isQuoted }: ValueSetting,
): number {
  const { length } = value;
  if (length < (isPassword ? passwordUnitsMin : secretUnitsMin) || length > valueUnitsMax) return 0;
  const marks = marksIn(start, start + length);
  if (isElsewhere(value, marks, isQuoted)) return 0;
  const isLike = isPassword ? isPasswordLike(value, marks) : isKeyLike(value, start, marks);
  if (!isLike || isPlaceholder(value, start) || isStandIn(value)) return 0;
  if (length < longUnitsMin) return fairPct;
  return !isPassword || isKeyLike(value, start, marks) ? strongPct : fairPct;
}

// What is no secret itself, whatever it is made of.
function isElsewhere(value: string, marks: number, isQuoted: boolean): boolean {
  const isCode = (marks & codeBit) !== 0;
  if ((isCode || value.startsWith("_")) && isReference(value)) return true;
  const isBare = (marks & ~(lowerBit | upperBit | digitBit)) === 0;
  if (isBare ? bareKnown.test(value) : known.test(value)) return true;
  return !isQuoted && (isCode ? expression : wordOfCode).test(value);
}

/** Numbers, and words that a number begins, such as "8characters" and "30days". */
const bareKnown = /^\d{1,3}[a-z]{3,}$|^\d+$/i;
const known = new RegExp(
  [
    "^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
    "^(?:sha\\d+|md5)[-:]",
    "^[a-z][a-z\\d+.-]*://",
    "^[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)*\\.[a-z]{2,}$",
    "^[+-]?[\\d.,:/-]+$",
    "^v?\\d+(?:\\.\\d+)+[\\w.-]*$",
    "^\\d{4}-\\d\\d-\\d\\dT",
    "^-----",
    "^pk_(?:live|test)_",
    "^(?:text|application|image|audio)/",
    // Steps of a path, each of them a name.
    "^(?:[a-z]:|~|\\.{1,2})?[/\\\\](?:[a-z_.-]+\\d{0,3}[/\\\\])*[a-z_.-]+\\d{0,3}[/\\\\]?$",
  ].join("|"),
  "i",
);

/** Of expressions, those that begin with a word and may have nothing else. */
const wordOfCode = /^(?:new|await|function|lambda)/;
// A call, an index, a member, an operator, another pair: `getSecret(`, `os.environ["X"]`,
// `config.token2`, `status=201`.
const expression =
  /^[A-Za-z_$][\w$]*(?:(?:\??\.|::|->)[A-Za-z_$][\w$]*)*(?:[([]|\?\?|\|\|)|^(?:[a-z_$][\w$]*(?:\??\.|::|->))+[A-Za-z_$][A-Za-z_$]*\d{0,3}$|^(?:new|await|function|lambda|\(\)|=>)|^[A-Za-z_][\w.-]*=[\w.-]+$/;

function isPasswordLike(value: string, marks: number): boolean {
  if (!isVaried(value)) return false;
  const hasMark = (marks & passwordBit) !== 0;
  if ((marks & (lowerBit | upperBit)) === 0) return hasMark && (marks & digitBit) !== 0;
  if ((marks & digitBit) !== 0) return !isNumberedName(value, marks);
  return hasMark ? !isSentence(value) : switchesIn(value) >= switchesMin;
}

function isKeyLike(value: string, start: number, marks: number): boolean {
  if ((marks & (lowerBit | upperBit)) === 0 || (marks & unseenBit) !== 0) return false;
  if (isNumberedName(value, marks)) return false;
  if ((marks & digitBit) === 0) {
    return value.length >= longUnitsMin && switchesIn(value) > switchesMin && isMixed(value, start);
  }
  return isMixed(value, start);
}

function isMixed(value: string, start: number): boolean {
  const bits = entropyBits(start, start + value.length);
  const bitsFair = bitsShareMin * Math.log2(value.length);
  if (bits >= Math.min(bitsMin, bitsFair)) return true;
  return bits >= Math.min(hexBitsMin, bitsFair) && hex.test(value);
}

// Names and numbers joined by hyphens and the like: `my-service-2`, `utf-8`, `eu-west-1`, `step2`. So
// many of them that nobody names anything like that are words drawn by chance.
function isNumberedName(value: string, marks: number): boolean {
  if ((marks & jointBit) === 0 || !numberedName.test(value)) return false;
  const isDrawn = value.length >= drawnUnitsMin && value.split("-").length >= drawnWordsMin;
  return !isDrawn || wordsForSecrets.test(value);
}

const numberedName =
  /^(?:[A-Za-z]+\d{0,2}|\d{1,4}|v\d+)(?:[-_./:](?:[A-Za-z]+\d{0,2}|\d{1,4}|v\d+))+$/;
const drawnUnitsMin = 18;
const drawnWordsMin = 4;
const wordsForSecrets =
  /secret|token|pass|key|cred|auth|tls|cert|prod|staging|dev|service|server|cluster|east|west|north|south|central|20\d\d/i;

// "Required!", "forgot?": a word with the mark of its sentence.
function isSentence(value: string): boolean {
  return /^["'¿¡(]*\p{L}+[-'’]?\p{L}*[!?.,;:)"'*]*$/u.test(value);
}

// At least four different characters.
function isVaried(value: string): boolean {
  let first = none;
  let second = none;
  let third = none;
  for (const character of value) {
    const code = character.codePointAt(0) ?? none;
    if (code === first || code === second || code === third) continue;
    if (third !== none) return true;
    third = second;
    second = first;
    first = code;
  }
  return false;
}

const none = -1;

function switchesIn(value: string): number {
  let switches = 0;
  let last = 0;
  for (let at = 0; at < value.length; at += 1) {
    const kind = kindOf(value.charCodeAt(at)) & asciiWordBits;
    // A capital before a small letter begins a word.
    if (kind !== last && last !== 0 && !(last === upperBit && kind === lowerBit)) switches += 1;
    last = kind;
  }
  return switches;
}
