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
const titles =
  /(?:(?:M(?:rs?|RS?|s|S|iss|ISS|x|me|lle|(?=\.))|D(?:r|R|ipl|ott(?:ssa)?|hr|oña)|P(?:rof|ROF)|S(?:ir|ra?|rta|ig(?:ra|na)?)|Rev|F(?:r|rau)|H(?:err|r)n?|Ing|Mevr|sr|dr|г-н|г-жа|д-р|(?:Г|г)оспо(?:дин|жа)|(?:Д|д)октор|κ(?=\.)|κα|κος|κύριος|κυρία|السيدة?|الدكتورة?|د(?=\.)|מר|גב'|ד"ר)(?!\p{L})\.?)[ \u00a0]{1,2}/uy;
/** Letters with what may stand among them in a name. */
const word = /\p{L}[\p{L}\p{M}]*(?:['’ʼ·-]\p{L}[\p{L}\p{M}]*){0,3}/uy;
const particle =
  /(?:van|von|vom|zu|zur|de|den|der|del|della|dello|di|da|das|do|dos|du|la|le|el|al|bin|ibn|bint|ben|bat|ter|ten|te|af|av|y|e|i)(?=[ \u00a0])/uy;
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
  const from = endOf(lead, text, 0, 0);
  if (!mayBegin(text, from)) return undefined;
  const start = skipTitles(text, from);
  const hasTitle = start > from;
  const caseless = readCaseless(text, start, hasTitle);
  return caseless ?? readCapitalised(text, start, hasTitle);
}

// Of the letters of ASCII only capitals begin a name, or a particle does.
function mayBegin(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (!(code < 0x80)) return code >= 0xc0;
  if (code >= 0x41 && code <= 0x5a) return true;
  return code >= 0x61 && code <= 0x7a && endOf(particle, text, at, -1) > at;
}

/** The end of a match right at an index, or `otherwise`. */
function endOf(pattern: RegExp, text: string, at: number, otherwise: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : otherwise;
}

function skipTitles(text: string, from: number): number {
  let at = from;
  for (let count = 0; count < 3; count += 1) at = endOf(titles, text, at, at);
  return at;
}

function readCapitalised(text: string, start: number, hasTitle: boolean): ReadName | undefined {
  const words: string[] = [];
  let end = start;
  let at = start;
  for (let parts = 0; parts < partsMax && words.length < wordsMax; parts += 1) {
    const afterParticle = endOf(particle, text, at, -1);
    if (afterParticle >= 0) {
      at = afterParticle + 1;
      continue;
    }
    const next = endOf(word, text, at, -1);
    if (next < 0) break;
    const stop = withoutPossessive(text, at, next);
    const read = text.slice(at, stop);
    if (!isCapitalised(read)) break;
    const isInitial = [...read].length === 1 && text.charAt(stop) === ".";
    words.push(read);
    end = isInitial ? stop + 1 : stop;
    if (stop < next || !isGap(text, end)) break;
    at = end + 1;
  }
  const last = words.at(-1);
  if (last === undefined) return undefined;
  return { start, end: endOf(suffix, text, end, end), words, hasTitle, isCaseless: false };
}

/** Each part of a double name by itself. */
function isCapitalised(read: string): boolean {
  return read.split("-").every((part) => capitalised.test(part) || particleOnly.test(part));
}

const particleOnly = /^(?:al|el|ed|ul|ben|de|la|le|du|e)$/;

function withoutPossessive(text: string, start: number, end: number): number {
  const isPossessive = /^['’]s$/.test(text.slice(end - 2, end));
  return isPossessive && end - 2 > start ? end - 2 : end;
}

function isGap(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
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
