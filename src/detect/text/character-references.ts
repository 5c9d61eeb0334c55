import { hexDigit } from "./percent.ts";
import type { OpenSign, Sign } from "./text-layer.ts";

/**
 * Character references of HTML that can stand in or beside a value: ASCII, the spaces, dashes and
 * quotes of typography, what is not seen, and the letters of Latin-1. Name and code point each.
 */
const named =
  "quot 22 QUOT 22 amp 26 AMP 26 apos 27 lt 3c LT 3c gt 3e GT 3e Tab 9 NewLine a excl 21 num 23 " +
  "dollar 24 percnt 25 lpar 28 rpar 29 ast 2a midast 2a plus 2b comma 2c period 2e sol 2f colon 3a " +
  "semi 3b equals 3d quest 3f commat 40 lsqb 5b lbrack 5b bsol 5c rsqb 5d rbrack 5d Hat 5e " +
  "lowbar 5f UnderBar 5f grave 60 lcub 7b lbrace 7b verbar 7c vert 7c VerticalLine 7c rcub 7d " +
  "rbrace 7d nbsp a0 NonBreakingSpace a0 shy ad middot b7 centerdot b7 ensp 2002 emsp 2003 " +
  "emsp13 2004 emsp14 2005 numsp 2007 puncsp 2008 thinsp 2009 ThinSpace 2009 hairsp 200a " +
  "VeryThinSpace 200a ZeroWidthSpace 200b zwnj 200c zwj 200d lrm 200e rlm 200f hyphen 2010 " +
  "dash 2010 ndash 2013 mdash 2014 horbar 2015 lsquo 2018 rsquo 2019 ldquo 201c rdquo 201d bull 2022 " +
  "hellip 2026 MediumSpace 205f NoBreak 2060 minus 2212 iexcl a1 cent a2 pound a3 yen a5 sect a7 " +
  "copy a9 laquo ab reg ae deg b0 para b6 raquo bb iquest bf Agrave c0 Aacute c1 Acirc c2 Atilde c3 " +
  "Auml c4 Aring c5 AElig c6 Ccedil c7 Egrave c8 Eacute c9 Ecirc ca Euml cb Igrave cc Iacute cd " +
  "Icirc ce Iuml cf ETH d0 Ntilde d1 Ograve d2 Oacute d3 Ocirc d4 Otilde d5 Ouml d6 times d7 " +
  "Oslash d8 Ugrave d9 Uacute da Ucirc db Uuml dc Yacute dd THORN de szlig df agrave e0 aacute e1 " +
  "acirc e2 atilde e3 auml e4 aring e5 aelig e6 ccedil e7 egrave e8 eacute e9 ecirc ea euml eb " +
  "igrave ec iacute ed icirc ee iuml ef eth f0 ntilde f1 ograve f2 oacute f3 ocirc f4 otilde f5 " +
  "ouml f6 divide f7 oslash f8 ugrave f9 uacute fa ucirc fb uuml fc yacute fd thorn fe yuml ff " +
  "euro 20ac";

const readings = buildReadings();
/** All names, and whatever one begins with. */
const openings = buildOpenings();
const nameUnitsMax = Math.max(...[...readings.keys()].map(({ length }) => length));
/** Digits of a number, zeros in front included. */
const digitsMax = 10;
/** An ampersand written as a reference, in as many layers as are taken for one. */
const ampersandName = "amp;";
const layersMax = 32;
const semicolon = 0x3b;
const letterX = 0x78;

/**
 * The character that the reference at the ampersand at `start` stands for (HTML, section 13.5; of the
 * numbers also those without a semicolon, which browsers take); nothing if it is none. `isLast`: no
 * more text comes.
 */
export function referenceAt(
  text: string,
  start: number,
  isLast: boolean,
): Sign | OpenSign | undefined {
  if (text.charCodeAt(start + 1) === 0x23) return numberAt(text, start, isLast);
  let end = start + 1;
  const endMax = Math.min(text.length, end + nameUnitsMax);
  while (end < endMax && isNameUnit(text.charCodeAt(end))) end += 1;
  const name = text.slice(start + 1, end);
  if (end >= text.length) return openings.has(name) ? { waitsAt: start } : undefined;
  if (text.charCodeAt(end) !== semicolon) return undefined;
  const reading = readings.get(name);
  return reading === undefined ? undefined : { start, end: end + 1, reading };
}

/**
 * The character whose reference is written in any number of layers from the ampersand at `start` on,
 * `&amp;amp;#64;`, as the innermost layer takes them; nothing if there are no layers, or too many.
 */
export function layeredReferenceAt(
  text: string,
  start: number,
  isLast: boolean,
): Sign | OpenSign | undefined {
  let at = start;
  const atMax = start + layersMax * ampersandName.length;
  while (at < atMax && text.startsWith(ampersandName, at + 1)) at += ampersandName.length;
  if (at === start || at >= atMax) return undefined;
  // The semicolon before stands for the ampersand.
  const found = referenceAt(text, at, isLast);
  if (found === undefined) return undefined;
  return "reading" in found ? { ...found, start } : { waitsAt: start };
}

function numberAt(text: string, start: number, isLast: boolean): Sign | OpenSign | undefined {
  const isHex = (text.charCodeAt(start + 2) | 0x20) === letterX;
  const base = isHex ? 16 : 10;
  const from = start + (isHex ? 3 : 2);
  let code = 0;
  let end = from;
  for (; end < text.length && end - from <= digitsMax; end += 1) {
    const digit = hexDigit(text.charCodeAt(end));
    if (digit < 0 || digit >= base) break;
    code = code * base + digit;
  }
  if (end - from > digitsMax) return undefined;
  if (end >= text.length && !isLast) return { waitsAt: start };
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  if (end === from || code === 0 || code > 0x10ffff || isSurrogate) return undefined;
  if (text.charCodeAt(end) === semicolon) end += 1;
  return { start, end, reading: String.fromCodePoint(code) };
}

function isNameUnit(code: number): boolean {
  const small = code | 0x20;
  return (small >= 0x61 && small <= 0x7a) || (code >= 0x30 && code <= 0x39);
}

function buildReadings(): ReadonlyMap<string, string> {
  const words = named.split(" ");
  const map = new Map<string, string>();
  for (let index = 0; index < words.length; index += 2) {
    const code = Number.parseInt(words[index + 1] ?? "", 16);
    map.set(words[index] ?? "", String.fromCharCode(code));
  }
  return map;
}

function buildOpenings(): ReadonlySet<string> {
  const set = new Set<string>();
  for (const name of readings.keys()) {
    for (let units = 0; units <= name.length; units += 1) set.add(name.slice(0, units));
  }
  return set;
}
