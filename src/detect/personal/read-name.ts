import { unitAt } from "../text/units.ts";

/** A name at the beginning of a text. */
export interface ReadName {
  readonly start: number;
  /** End, exclusive. */
  readonly end: number;
  /** Its words, without particles and titles. */
  readonly words: readonly string[];
  readonly hasTitle: boolean;
  /** In a script without capitals. */
  readonly isCaseless: boolean;
}

const wordsMax = 4;
/** Words and particles. */
const partsMax = 7;
const unspacedUnitsMax = 24;

const lead = /[\s"'*_(]{0,6}/y;
const leadUnitsMax = 6;
/** Of ASCII, what may stand before a name. */
const leadUnits = unitSet(" \t\n\v\f\r\"'*_(");
const titles =
  /(?:(?:M(?:rs?|RS?|s|S|iss|ISS|x|me|lle|(?=\.))|D(?:r|R|ipl|ott(?:ssa)?|hr|oña)|P(?:rof|ROF)|S(?:ir|ra?|rta|ig(?:ra|na)?)|Rev|F(?:r|rau)|H(?:err|r)n?|Ing|Mevr|sr|dr|г-н|г-жа|д-р|(?:Г|г)оспо(?:дин|жа)|(?:Д|д)октор|κ(?=\.)|κα|κος|κύριος|κυρία|السيدة?|الدكتورة?|د(?=\.)|מר|גב'|ד"ר)(?!\p{L})\.?)[ \u00a0]{1,2}/uy;
/** Of ASCII. */
const titleInitials = "MDPSRFHIsd";
/** Letters with what may stand among them in a name. */
const word = /\p{L}[\p{L}\p{M}]*(?:['’ʼ·-]\p{L}[\p{L}\p{M}]*){0,3}/uy;
const particle =
  /(?:van|von|vom|zu|zur|de|den|der|del|della|dello|di|da|das|do|dos|du|la|le|el|al|bin|ibn|bint|ben|bat|ter|ten|te|af|av|y|e|i)(?=[ \u00a0])/uy;
const particleUnitsMax = 5;
/** Of the small letters, those that a particle begins with, or a part of a double name. */
const particleUnits = unitSet("vzdleabityu");
const suffix = /,? (?:Jr|Sr|II|III|IV)(?![\p{L}\p{N}])\.?/uy;
/** One family name and one given name, parted by a space or not. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}々ー]{1,8}[ \u3000・][\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}々ー]{1,8}|[\p{Script=Han}々]{2,5}(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])|[\p{Script=Hangul}]{2,5}(?: ?[\p{Script=Hangul}]{1,3})?/uy;
const thai =
  /(?:นาย|นางสาว|นาง|คุณ|ดร\.|ด\.[ชญ]\.)?[\u0e01-\u0e4e]{2,20}(?: [\u0e01-\u0e4e]{2,24}){0,2}/uy;
/** A capital, then small letters; or capitals alone. Some names have a second capital inside. */
const capitalised =
  /^(?:(?:\p{Lu}['’ʼ])?\p{Lu}[\p{Ll}\p{M}]*|(?:Mc|Mac|De|Di|Du|La|Le|Van|Von|Fitz|Al|El|O)\p{Lu}\p{Ll}+|\p{Lu}{2,})$/u;

/** The name that a text begins with, behind spaces, quotes and titles; or nothing. */
export function readName(text: string): ReadName | undefined {
  const plainFrom = leadEnd(text);
  const from = text.charCodeAt(plainFrom) > 0x7f ? endOf(lead, text, 0, 0) : plainFrom;
  if (!mayBegin(text, from)) return undefined;
  const start = skipTitles(text, from);
  const hasTitle = start > from;
  const caseless = readCaseless(text, start, hasTitle);
  return caseless ?? readCapitalised(text, start, hasTitle);
}

/**
 * Whether a name may begin what stands between two places of the text that is laid down, by the first
 * unit behind spaces and quotes: cheap, for most of what stands behind labels is none.
 */
export function mayBeginName(from: number, to: number): boolean {
  const limit = Math.min(to, from + leadUnitsMax);
  let at = from;
  while (at < limit && leadUnits[unitAt(at)] === 1) at += 1;
  const code = unitAt(at);
  if (at >= to || !mayBeginPart(code)) return false;
  return !isSmall(code) || isParticleLike(at);
}

// Small letters, few enough for a particle, and a space.
function isParticleLike(start: number): boolean {
  const limit = start + particleUnitsMax;
  let end = start + 1;
  while (end < limit && isSmall(unitAt(end))) end += 1;
  return isSpaceUnit(unitAt(end));
}

/**
 * Where a word of a capital and small letters ends that stands at the beginning of what lies between
 * two places of the text that is laid down, if a space follows it; -1 otherwise.
 */
export function sentenceWordEnd(from: number, to: number): number {
  if (!isCapital(unitAt(from))) return -1;
  let end = from + 1;
  while (end < to && isSmall(unitAt(end))) end += 1;
  return end < to && unitAt(end) === 0x20 ? end : -1;
}

/** The same if the next word has a small letter that begins no particle, so that no name goes on. */
export function loneWordEnd(from: number, to: number): number {
  const end = sentenceWordEnd(from, to);
  if (end < 0 || end + 1 >= to) return -1;
  const next = unitAt(end + 1);
  return isSmall(next) && particleUnits[next] !== 1 ? end : -1;
}

// As far as it is ASCII.
function leadEnd(text: string): number {
  const limit = Math.min(text.length, leadUnitsMax);
  let at = 0;
  while (at < limit && leadUnits[text.charCodeAt(at)] === 1) at += 1;
  return at;
}

// Of the letters of ASCII only capitals begin a name, or a particle does.
function mayBegin(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (!(code < 0x80)) return code >= 0xc0;
  return isCapital(code) || (isSmall(code) && endOf(particle, text, at, -1) > at);
}

function isSmall(code: number): boolean {
  return code >= 0x61 && code <= 0x7a;
}

function isCapital(code: number): boolean {
  return code >= 0x41 && code <= 0x5a;
}

/** The end of a match right at an index, or `otherwise`. */
function endOf(pattern: RegExp, text: string, at: number, otherwise: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : otherwise;
}

function skipTitles(text: string, from: number): number {
  let at = from;
  for (let count = 0; count < 3; count += 1) {
    const isOther = text.charCodeAt(at) < 0x80 && !titleInitials.includes(text.charAt(at));
    const next = isOther ? at : endOf(titles, text, at, at);
    if (next === at) break;
    at = next;
  }
  return at;
}

function readCapitalised(text: string, start: number, hasTitle: boolean): ReadName | undefined {
  const words: string[] = [];
  let end = start;
  let at = start;
  for (let parts = 0; parts < partsMax && words.length < wordsMax; parts += 1) {
    if (!mayBeginPart(text.charCodeAt(at))) break;
    const afterParticle = particleEnd(text, at);
    if (afterParticle >= 0) {
      at = afterParticle + 1;
      continue;
    }
    const stop = capitalisedEnd(text, at);
    if (stop < 0) break;
    const read = text.slice(at, stop);
    words.push(read);
    end = isInitial(read) && text.charAt(stop) === "." ? stop + 1 : stop;
    if (!isGap(text, end)) break;
    at = end + 1;
  }
  if (words.length === 0) return undefined;
  return { start, end: suffixEnd(text, end), words, hasTitle, isCaseless: false };
}

// Of ASCII, the capitals and what a particle begins with.
function mayBeginPart(code: number): boolean {
  return code > 0x7f || isCapital(code) || particleUnits[code] === 1;
}

function particleEnd(text: string, at: number): number {
  return isCapital(text.charCodeAt(at)) ? -1 : endOf(particle, text, at, -1);
}

// The end of the word at a place without the mark of a possessive, or -1 if it is no capitalised one.
function capitalisedEnd(text: string, at: number): number {
  const plainEnd = plainWordEnd(text, at);
  if (plainEnd >= 0) return plainEnd;
  const end = endOf(word, text, at, -1);
  if (end < 0) return -1;
  const stop = withoutPossessive(text, at, end);
  return isCapitalised(text.slice(at, stop)) ? stop : -1;
}

// The end of a word of a capital and small letters, as most are, or -1: what may go on in other
// letters or with a mark is for the patterns.
function plainWordEnd(text: string, at: number): number {
  if (!isCapital(text.charCodeAt(at))) return -1;
  let end = at + 1;
  while (isSmall(text.charCodeAt(end))) end += 1;
  const code = text.charCodeAt(end);
  const mayGoOn = code > 0x7f || isCapital(code) || code === 0x27 || code === 0x2d;
  return mayGoOn ? -1 : end;
}

function isInitial(read: string): boolean {
  return read.length <= 2 && [...read].length === 1;
}

function suffixEnd(text: string, at: number): number {
  const space = text.charCodeAt(at) === 0x2c ? at + 1 : at;
  const isIn = text.charCodeAt(space) === 0x20 && "JSI".includes(text.charAt(space + 1));
  return isIn ? endOf(suffix, text, at, at) : at;
}

/** Each part of a double name by itself. */
function isCapitalised(read: string): boolean {
  return read.includes("-") ? read.split("-").every(isCapitalisedPart) : isCapitalisedPart(read);
}

function isCapitalisedPart(part: string): boolean {
  return capitalised.test(part) || particleOnly.test(part);
}

const particleOnly = /^(?:al|el|ed|ul|ben|de|la|le|du|e)$/;

function withoutPossessive(text: string, start: number, end: number): number {
  const isPossessive = /^['’]s$/.test(text.slice(end - 2, end));
  return isPossessive && end - 2 > start ? end - 2 : end;
}

function isGap(text: string, at: number): boolean {
  return isSpaceUnit(text.charCodeAt(at));
}

function isSpaceUnit(code: number): boolean {
  return code === 0x20 || code === 0xa0;
}

// Arabic, Hebrew, Indic and other scripts of words; Thai; Han, kana and Hangul.
function readCaseless(text: string, start: number, hasTitle: boolean): ReadName | undefined {
  const first = text.codePointAt(start) ?? 0;
  if (first < 0x590 || !/\p{Lo}/u.test(String.fromCodePoint(first))) return undefined;
  const isThai = first >= 0xe00 && first < 0xe80;
  if (isThai || first >= 0x2e80) {
    const end = endOf(isThai ? thai : unspaced, text, start, start);
    if (end === start || end - start > 2 * unspacedUnitsMax) return undefined;
    return { start, end, words: [text.slice(start, end)], hasTitle, isCaseless: true };
  }
  return readUncapitalisable(text, start, hasTitle);
}

function readUncapitalisable(text: string, start: number, hasTitle: boolean): ReadName | undefined {
  const words: string[] = [];
  let end = start;
  let at = start;
  while (words.length <= wordsMax) {
    const next = endOf(word, text, at, -1);
    if (next < 0 || !/^\p{Lo}/u.test(text.slice(at, next))) break;
    words.push(text.slice(at, next));
    end = next;
    if (!isGap(text, end)) break;
    at = end + 1;
  }
  if (words.length === 0 || words.length > wordsMax) return undefined;
  return { start, end, words, hasTitle, isCaseless: true };
}

function unitSet(units: string): Uint8Array {
  const table = new Uint8Array(128);
  for (const unit of units) table[unit.charCodeAt(0)] = 1;
  return table;
}
