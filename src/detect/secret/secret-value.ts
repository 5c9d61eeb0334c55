import { asciiWordBits, digitBit, kindOf, lowerBit, upperBit } from "../text/character-kind.ts";
import { entropyBits } from "./entropy.ts";
import { isPlaceholder, isReference, isStandIn } from "./placeholders.ts";

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
const distinctMin = 4;
/** Bits per character that a long key must have; short ones cannot. */
const bitsMin = 3.5;
const hexBitsMin = 2.8;
/** Share of the bits that characters all different would have. */
const bitsShareMin = 0.8;
/** Changes between small letters, capitals and digits that no word has. */
const switchesMin = 3;
/** Characters that people put into passwords, but not into names, paths and versions. */
const passwordMark = /[!@#$%^&*?~+=|;,]/;

const strongPct = 15;
const fairPct = 8;

/**
 * Points for a value that a label calls a secret, by how much it looks like one; 0 if it looks like
 * anything else: filling, a reference, an expression, a word, an address, a digest, a UUID.
 */
export function secretValuePct(value: string, setting: ValueSetting): number {
  const { length } = value;
  if (length < (setting.isPassword ? passwordUnitsMin : secretUnitsMin)) return 0;
  if (length > valueUnitsMax || isElsewhere(value, setting.isQuoted)) return 0;
  const isLike = setting.isPassword ? isPasswordLike(value) : isKeyLike(value);
  if (!isLike || isPlaceholder(value) || isStandIn(value)) return 0;
  return length >= longUnitsMin && isKeyLike(value) ? strongPct : fairPct;
}

// What is no secret itself, whatever it is made of.
function isElsewhere(value: string, isQuoted: boolean): boolean {
  if (isReference(value) || known.test(value)) return true;
  return !isQuoted && expression.test(value);
}

const known = new RegExp(
  [
    "^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
    "^(?:sha\\d+|md5)[-:]",
    "^[a-z][a-z\\d+.-]*://",
    "^[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)*\\.[a-z]{2,}$",
    "^[+-]?[\\d.,:/-]+$",
    // "8characters", "30days".
    "^\\d{1,3}[a-z]{3,}$",
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

// A call, an index, a member, an operator, another pair: `getSecret(`, `os.environ["X"]`,
// `config.token2`, `status=201`.
const expression =
  /^[A-Za-z_$][\w$]*(?:(?:\??\.|::|->)[A-Za-z_$][\w$]*)*(?:[([]|\?\?|\|\|)|^(?:[a-z_$][\w$]*(?:\??\.|::|->))+[A-Za-z_$][A-Za-z_$]*\d{0,3}$|^(?:new|await|function|lambda|\(\)|=>)|^[A-Za-z_][\w.-]*=[\w.-]+$/;

function isPasswordLike(value: string): boolean {
  const kinds = kindsOf(value);
  if (distinctUnits(value) < distinctMin) return false;
  const letters = kinds & (lowerBit | upperBit);
  const hasOther = (kinds & ~(lowerBit | upperBit | digitBit)) !== 0 || hasNonAscii(value);
  if (letters === 0) return hasOther && (kinds & digitBit) !== 0 && passwordMark.test(value);
  if ((kinds & digitBit) !== 0) return !isNumberedName(value);
  return passwordMark.test(value) ? !isSentence(value) : switchesIn(value) >= switchesMin;
}

function isKeyLike(value: string): boolean {
  const kinds = kindsOf(value);
  if ((kinds & (lowerBit | upperBit)) === 0 || isNumberedName(value)) return false;
  if (!/^[\x21-\x7e]+$/.test(value)) return false;
  if ((kinds & digitBit) === 0) {
    return value.length >= longUnitsMin && switchesIn(value) > switchesMin && isMixed(value);
  }
  return isMixed(value);
}

function isMixed(value: string): boolean {
  const bits = entropyBits(value);
  if (/^(?:0x)?[0-9a-fA-F]+$/.test(value)) {
    return bits >= Math.min(hexBitsMin, bitsShareMin * Math.log2(value.length));
  }
  return bits >= Math.min(bitsMin, bitsShareMin * Math.log2(value.length));
}

// Names and numbers joined by hyphens and the like: `my-service-2`, `utf-8`, `eu-west-1`, `step2`. So
// many of them that nobody names anything like that are words drawn by chance.
function isNumberedName(value: string): boolean {
  if (!numberedName.test(value)) return false;
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

function kindsOf(value: string): number {
  let kinds = 0;
  for (let at = 0; at < value.length; at += 1) {
    const kind = kindOf(value.charCodeAt(at));
    kinds |= kind === 0 ? otherBit : kind;
  }
  return kinds;
}

const otherBit = 0x100;

function hasNonAscii(value: string): boolean {
  return /[^\x20-\x7e]/.test(value);
}

function distinctUnits(value: string): number {
  return new Set(value).size;
}

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
