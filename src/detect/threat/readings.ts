import { foldedText } from "../text/folds.ts";
import { english } from "./lexicon/index.ts";
import { entriesOf } from "./role-table.ts";
import { rotated } from "./rot-13.ts";
import type { Tokens } from "./tokens.ts";

/** What a part of a text says once it is decoded. */
export interface Reading {
  readonly text: string;
  /** The part, in UTF-16 code units, end exclusive. */
  readonly start: number;
  readonly end: number;
}

const runUnitsMin = 20;
const runUnitsMax = 8192;
/** Runs of one text that are decoded, so that a text of runs costs no more than a bound. */
const readingsMax = 8;
const lettersInRowMin = 7;
const pairsInRowMin = 8;
const cipheredWordsMin = 2;

const hexPairs = /(?:%|\\x|0x)?[0-9a-f]{2}(?:[\s,:]{0,2}(?:%|\\x|0x)?[0-9a-f]{2}){7,2000}/gi;
const escapes = /(?:(?:\\u\{?|&#x?|%u)[0-9a-f]{2,6}[;}]?\s?){6,800}/gi;
const spacedLetters = /(?<![\p{L}\p{N}])\p{L}(?:[ .\-_*|]{1,3}\p{L}(?![\p{L}\p{N}])){6,600}/gu;

/** What parts of the text say in simple encodings and ciphers; bounded. */
export function readingsOf(text: string, tokens: Tokens): readonly Reading[] {
  const readings: Reading[] = [];
  if (tokens.longestUnits >= runUnitsMin) decodeRuns(text, tokens, readings);
  if (tokens.pairsInRow >= pairsInRowMin || text.includes("\\x")) {
    decodeMatches(text, hexPairs, readings, (run) =>
      bytesText(run.replace(/%|\\x|0x|[\s,:]/gi, ""), "hex"),
    );
  }
  if (text.includes("\\u") || text.includes("&#") || text.includes("%u")) {
    decodeMatches(text, escapes, readings, unescaped);
  }
  if (tokens.lettersInRow >= lettersInRowMin)
    decodeMatches(text, spacedLetters, readings, joinedLetters);
  if (tokens.rotatedWords >= cipheredWordsMin) {
    readings.push({ text: rotated(text), start: 0, end: text.length });
  }
  if (tokens.reversedWords >= cipheredWordsMin) {
    readings.push({ text: [...text].reverse().join(""), start: 0, end: text.length });
  }
  return readings;
}

/** Long words of base 64 or hexadecimal digits (RFC 4648, sections 4, 5 and 8). */
function decodeRuns(text: string, tokens: Tokens, readings: Reading[]): void {
  let decodedTo = 0;
  for (let at = 0; at < tokens.count && readings.length < readingsMax; at += 1) {
    const from = tokens.start[at] ?? 0;
    if ((tokens.end[at] ?? 0) - from < runUnitsMin || from < decodedTo) continue;
    const start = runStart(text, from, decodedTo);
    const end = runEnd(text, tokens.end[at] ?? 0, start + runUnitsMax);
    decodedTo = end;
    const run = text.slice(start, end);
    const decoded = bytesText(run, /^(?:[0-9a-f]{2})+$/i.test(run) ? "hex" : "base64");
    if (decoded !== undefined) readings.push({ text: decoded, start, end });
  }
}

function runStart(text: string, from: number, least: number): number {
  let at = from;
  while (at > least && isBase64(text.charCodeAt(at - 1))) at -= 1;
  return at;
}

function runEnd(text: string, from: number, most: number): number {
  let at = from;
  while (at < most && at < text.length && isBase64(text.charCodeAt(at))) at += 1;
  return at;
}

function decodeMatches(
  text: string,
  pattern: RegExp,
  readings: Reading[],
  decode: (run: string) => string | undefined,
): void {
  for (const { 0: run, index } of text.matchAll(pattern)) {
    if (readings.length >= readingsMax) return;
    const decoded = decode(run);
    if (decoded !== undefined)
      readings.push({ text: decoded, start: index, end: index + run.length });
  }
}

/** The text of these bytes; undefined where they are none. */
function bytesText(run: string, encoding: "hex" | "base64"): string | undefined {
  const decoded = Buffer.from(run, encoding).toString("utf8");
  let strange = 0;
  for (let at = 0; at < decoded.length; at += 1) {
    const code = decoded.charCodeAt(at);
    if (code === 0xfffd || (code < 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09))
      strange += 1;
  }
  return decoded.length >= 6 && strange * 20 <= decoded.length ? decoded : undefined;
}

function unescaped(run: string): string {
  return run.replace(
    /(\\u\{?|&#x|%u|&#)([0-9a-f]{2,6})[;}]?\s?/gi,
    (_, sign: string, digits: string) => {
      const code = Number.parseInt(digits, sign === "&#" ? 10 : 16);
      return code > 0 && code < 0x110000 ? String.fromCodePoint(code) : "";
    },
  );
}

/** Letters that are parted by one sign each, as words: wider gaps part words, else known words do. */
function joinedLetters(run: string): string {
  const gaps = run.match(/[ .\-_*|]+/g) ?? [];
  const narrow = Math.min(...gaps.map((each) => each.length));
  if (gaps.some((each) => each.length > narrow)) {
    return run.replace(/[ .\-_*|]+/g, (each) => (each.length > narrow ? " " : ""));
  }
  return wordsOf(foldedText(run).replaceAll(" ", ""));
}

const knownWords: ReadonlySet<string> = new Set(
  [...entriesOf(english)].map(({ entry }) => entry).filter((entry) => /^[a-z]{3,}$/.test(entry)),
);
const knownUnitsMax = 14;

/** Letters without spaces, with spaces around the known words in them, the longest first. */
function wordsOf(letters: string): string {
  let spaced = "";
  let at = 0;
  while (at < letters.length) {
    let length = Math.min(knownUnitsMax, letters.length - at);
    while (length > 2 && !knownWords.has(letters.slice(at, at + length))) length -= 1;
    if (length <= 2) length = 1;
    spaced += length === 1 ? letters.charAt(at) : ` ${letters.slice(at, at + length)} `;
    at += length;
  }
  return spaced;
}

function isBase64(code: number): boolean {
  if (code >= 0x30 && code <= 0x39) return true;
  if ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a) return true;
  return code === 0x2b || code === 0x2f || code === 0x3d || code === 0x2d || code === 0x5f;
}
