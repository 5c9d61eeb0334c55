import { digitBit, foreignBit, upperBit, wordBits } from "../text/character-kind.ts";
import { laidLength, unitAt, unitKindAt } from "../text/units.ts";
import { TopicSet } from "./context/topic-set.ts";
import { type Topic, topics } from "./topics.ts";

/** The longest number of a house: 12345, 221B. */
const houseUnitsMax = 6;
/** Words for streets that are written small behind the number. */
const smallStreetWords: readonly string[] = [
  "rue ",
  "avenue ",
  "boulevard ",
  "bd ",
  "chemin ",
  "quai ",
];
/** Ages that are told apart from others, and the longest of what says that a number is one. */
const ageMin = 90;
const ageMax = 125;
const ageWords: readonly string[] = ["year", "yr", "y/o", "yo ", "Jahre ", "jährig", "ans ", "лет"];

const streets = setOf(topics.street);
const spokenAges = setOf(topics.spokenAge);

/**
 * What the number from `from` to `at`, before a space, may open together with the words behind it: an
 * address or an age, as topics; nothing, or `waits` while the text does not show. `isLast`: no more
 * text comes.
 */
export function numberOpening(
  text: string,
  from: number,
  at: number,
  isLast: boolean,
): TopicSet | "waits" | undefined {
  if (at - from > houseUnitsMax || !isHouseNumber(from, at)) return undefined;
  const next = at + 1;
  if (next >= laidLength()) return isLast ? undefined : "waits";
  if ((unitKindAt(next) & (upperBit | foreignBit)) !== 0 && !isYear(text, from, at)) return streets;
  if (isAge(text, from, at)) {
    const isAgeWord = oneFollows(text, next, ageWords, isLast);
    if (isAgeWord !== false) return isAgeWord === "waits" ? "waits" : spokenAges;
  }
  const isStreet = oneFollows(text, next, smallStreetWords, isLast);
  if (isStreet === "waits") return "waits";
  return isStreet ? streets : undefined;
}

function setOf(topic: Topic): TopicSet {
  const set = new TopicSet();
  set.add(topic);
  return set;
}

// Digits, and at most one letter behind them.
function isHouseNumber(from: number, at: number): boolean {
  if ((unitKindAt(from) & digitBit) === 0 || (unitKindAt(from - 1) & wordBits) !== 0) return false;
  for (let place = from + 1; place < at - 1; place += 1) {
    if ((unitKindAt(place) & digitBit) === 0) return false;
  }
  return (unitKindAt(at - 1) & wordBits) !== 0;
}

function isYear(text: string, from: number, at: number): boolean {
  if (at - from !== 4) return false;
  return text.startsWith("19", from) || text.startsWith("20", from);
}

function isAge(text: string, from: number, at: number): boolean {
  if (at - from > 3) return false;
  const age = Number(text.slice(from, at));
  return age >= ageMin && age <= ageMax;
}

// Whether one of the words stands at a place, or may once there is more text.
function oneFollows(
  text: string,
  at: number,
  words: readonly string[],
  isLast: boolean,
): boolean | "waits" {
  const first = unitAt(at);
  let mayFollow = false;
  for (const word of words) {
    if (word.charCodeAt(0) !== first) continue;
    if (text.startsWith(word, at)) return true;
    mayFollow ||= text.length - at < word.length && word.startsWith(text.slice(at));
  }
  return mayFollow && !isLast ? "waits" : false;
}
