import { kindAt, letterBits, lowerBit, upperBit } from "../text/character-kind.ts";
import { againstWords, neutralWords, topicWords } from "../words/index.ts";
import type { Context, Topic } from "./topics.ts";

/** How far before a value its context reaches, on the same line. */
const contextUnitsMax = 40;
/** How far a label may stand from its value. */
const labelUnitsMax = 16;

const structurePct = 45;
const wordPct = 35;
const againstPct = -40;

/** What a word may be besides a word of topics. */
const against = -1;
const neutral = -2;

const nothing: readonly number[] = [];
const words = buildWords();

/** The words before a value on its line. Lent to the families with the text it is of. */
export class LineContext implements Context {
  #text = "";

  /** The same context for another text. */
  of(text: string): this {
    this.#text = text;
    return this;
  }

  pct(topic: Topic, start: number): number {
    return contextPct(this.#text, start, topic);
  }
}

/**
 * What the text before `start` on its line says about a value there, in percent points: up to +45 for
 * a label of the topic, +35 for a word of it, -40 for a label of something else. The nearest word
 * that says anything decides.
 */
function contextPct(text: string, start: number, topic: Topic): number {
  const floor = Math.max(0, start - contextUnitsMax);
  let right = "";
  let at = wordEndBefore(text, floor, start);
  while (at > floor) {
    const wordStart = wordStartBefore(text, floor, at);
    // A word cut off by the reach may be the end of another one.
    if (wordStart === floor && (kindAt(text, floor - 1) & letterBits) !== 0) return 0;
    const word = text.slice(wordStart, at).toLowerCase();
    const meaning = meaningOf(word, right);
    if (meaning.includes(topic)) return isLabel(text, at, start) ? structurePct : wordPct;
    if (meaning.includes(against) && isBeside(text, at, start)) return againstPct;
    right = word;
    at = wordEndBefore(text, floor, wordStart);
  }
  return 0;
}

// Where the nearest word before `from` on its line ends; `floor` if there is none.
function wordEndBefore(text: string, floor: number, from: number): number {
  let at = from;
  while (at > floor && (kindAt(text, at - 1) & letterBits) === 0) {
    if (isLineBreak(text.charCodeAt(at - 1))) return floor;
    at -= 1;
  }
  return at;
}

function meaningOf(word: string, right: string): readonly number[] {
  const single = words.get(word) ?? nothing;
  const phrase = right === "" ? undefined : words.get(`${word} ${right}`);
  return phrase === undefined ? single : [...single, ...phrase];
}

function isLineBreak(code: number): boolean {
  return code === 0x0a || code === 0x0d;
}

// Words end at camelCase humps too: "phoneNumber" is two.
function wordStartBefore(text: string, floor: number, end: number): number {
  let start = end - 1;
  while (start > floor && (kindAt(text, start - 1) & letterBits) !== 0) {
    const isHump =
      (kindAt(text, start) & upperBit) !== 0 && (kindAt(text, start - 1) & lowerBit) !== 0;
    if (isHump) return start;
    start -= 1;
  }
  return start;
}

// A key with its value: `phone: `, `"phone":"`, `<phone>`, `phone=`.
function isLabel(text: string, end: number, start: number): boolean {
  if (start - end > labelUnitsMax) return false;
  for (let at = end; at < start; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x3a || code === 0x3d || code === 0x3e) return true;
  }
  return false;
}

function isBeside(text: string, end: number, start: number): boolean {
  if (start - end > labelUnitsMax) return false;
  let at = end;
  while (at < start) {
    if ((kindAt(text, at) & letterBits) === 0) {
      at += 1;
      continue;
    }
    const wordStart = at;
    while (at < start && (kindAt(text, at) & letterBits) !== 0) at += 1;
    const meaning = words.get(text.slice(wordStart, at).toLowerCase()) ?? nothing;
    if (!meaning.includes(neutral) && !meaning.includes(against)) return false;
  }
  return true;
}

function buildWords(): ReadonlyMap<string, readonly number[]> {
  const map = new Map<string, number[]>();
  for (const [meaning, list] of [
    ...topicWords,
    [against, againstWords],
    [neutral, neutralWords],
  ] as const) {
    const [singles = "", ...phrases] = list.split(",");
    for (const word of [...singles.split(" "), ...phrases]) {
      const meanings = map.get(word);
      if (meanings === undefined) map.set(word, [meaning]);
      else meanings.push(meaning);
    }
  }
  return map;
}
