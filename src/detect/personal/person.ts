import {
  addCandidate,
  type Candidate,
  type LabelledFamily,
  type LabelledValue,
  ranks,
} from "../scan/family.ts";
import { type Topic, topics } from "../scan/topics.ts";
import { labelPct } from "../shapes/labelled-place.ts";
import { catalogueEntry } from "../shapes/shape.ts";
import { isGivenName } from "./given-names.ts";
import { isNoName, isNoPerson, isOrganisation } from "./no-names.ts";
import { loneWordEnd, mayBeginName, type ReadName, readName } from "./read-name.ts";

const kind = catalogueEntry("pii", {
  type: "PERSON",
  rank: ranks.contact,
  example: "Patient: Jane Roe",
  check: "capitalised words that are no company, role or placeholder",
  context: "yes",
  basePct: 40,
  countries: [],
});

/** How much of what follows a name says whether it is one. */
const restUnitsMax = 24;

/**
 * Names of people behind a label, a greeting or before a signature: one to four words in any script.
 * Labels stand in code all the time, so the shape of the value decides. Titles are no part of a name.
 */
export const people: LabelledFamily = {
  kinds: [kind],
  // A label of several topics is of the first: `product name` names a thing, `customer name` none.
  topics: [
    topics.namePart,
    topics.person,
    topics.signed,
    topics.greeted,
    topics.correspondent,
    topics.thing,
    topics.naming,
  ],
  refusedTopics: [topics.thing],
  unitsBehindCapitals: restUnitsMax,
  find,
};

const givenNamePct = 10;
/** What leaves doubt costs: one word alone, or a label that names things as often. */
const doubtPct = -15;

function find(value: LabelledValue, found: Candidate[]): void {
  const { topic } = value;
  if (topic === topics.thing || !mayBeginName(value.from, value.to)) return;
  if (!mayBeOneWord(topic) && isSentence(value)) return;
  const text = value.text.slice(value.from, value.to);
  const name = readName(text);
  if (name === undefined) return;
  const inverted = isStrict(topic) ? -1 : invertedEnd(text, name);
  const end = inverted < 0 ? name.end : inverted;
  const pct = inverted < 0 ? pctOf(value, text, name) : kind.basePct + labelPct(value);
  addCandidate(found, kind, { start: value.from + name.start, end: value.from + end, pct });
}

// One word that is no given name is a name only as a part of one, or before an address.
function mayBeOneWord(topic: Topic): boolean {
  return topic === topics.namePart || topic === topics.correspondent;
}

// "The parcel is ...": a capitalised word that is no given name, and small ones.
function isSentence({ text, from, to }: LabelledValue): boolean {
  const end = loneWordEnd(from, to);
  return end > from && !isGivenName(text.slice(from, end));
}

function isStrict(topic: Topic): boolean {
  return topic === topics.greeted || topic === topics.signed || topic === topics.correspondent;
}

// Confidence, or 0 if it is no name of a person.
function pctOf(value: LabelledValue, text: string, name: ReadName): number {
  const rest = text.slice(name.end, name.end + restUnitsMax);
  if (!isFollowed(rest)) return 0;
  const [first = ""] = name.words;
  const isGivenFirst = isGivenName(first);
  if (!isPlausible(value, name, isGivenFirst)) return 0;
  const base = kind.basePct + labelPct(value);
  if (name.isCaseless) return isCaselessName(value, name, rest) ? base : 0;
  const isGiven = isGivenFirst || isHyphenGiven(first);
  if (!endsWell(value, name, rest, isGiven)) return 0;
  if (isGiven || name.hasTitle) return base + givenNamePct;
  return name.words.length > 1 ? base : base + doubtPct;
}

/** What may stand right behind a name; else it is part of code, a path or a longer word. */
const mayFollow =
  /^(?:$|[\s,;!?)"'*|<\]}/،，。、；）-]|\.(?:$|[\s"'*)\\])|['’]s\b|\\[nrt"\\]|様|さん|氏|님|씨|先生|女士)/u;
/** Of ASCII, the characters of that. */
const followingUnits = " \t\n\r,;!?)\"'*|<]}/-";
/** The whole of a value ends with the name, or something else begins behind it. */
const endsThere = /^[\s"'*]*(?:$|[,;!?)|<(\]}/،，。、；（）.\\-]|様|さん|氏|님|씨|先生|女士)/u;
/** Of ASCII, what shows that by itself. */
const endingUnits = ",;!?)|<(]}/.\\-";
const mailbox = /^[ "']{1,3}[<(][^<>()\s]{1,22}/u;
const lineEnd = /^[,.\s"'*]*(?:$|[\r\n\\])/u;
const greetingEnd = /^(?:\s*(?:$|[\r\n])|[,!:.;]|\s*[–—-]|\\n| and | und | et | y | e )/u;

function isFollowed(rest: string): boolean {
  return rest === "" || followingUnits.includes(rest.charAt(0)) || mayFollow.test(rest);
}

function endsWhole(rest: string): boolean {
  return rest === "" || endingUnits.includes(rest.charAt(0)) || endsThere.test(rest);
}

function isPlausible(
  { topic }: LabelledValue,
  { words }: ReadName,
  isGivenFirst: boolean,
): boolean {
  if (words.some((word) => word.length > 24)) return false;
  if (isGivenFirst && words.length > 1) return !words.slice(1).some(isOrganisation);
  if (topic === topics.namePart && words.length === 1) return !isNoName(words[0] ?? "");
  return !words.some(isNoPerson);
}

function endsWell(
  { topic, isStructural, isQuoted }: LabelledValue,
  { words, hasTitle }: ReadName,
  rest: string,
  isGiven: boolean,
): boolean {
  const isSure = isGiven || hasTitle;
  if (topic === topics.correspondent) return mailbox.test(rest);
  if (topic === topics.signed) return lineEnd.test(rest) && (isSure || words.length > 1);
  if (topic === topics.greeted)
    return isSure && (words.length > 1 || hasTitle || greetingEnd.test(rest));
  if (topic === topics.namePart) return !isQuoted || endsWhole(rest);
  if (words.length === 1 && !isSure) return false;
  if (isQuoted) return endsWhole(rest);
  return isSure || !isStructural || endsWhole(rest);
}

function isCaselessName(
  { topic, isStructural }: LabelledValue,
  name: ReadName,
  rest: string,
): boolean {
  if (!isStructural || isStrict(topic) || caselessNoName.test(name.words.join(" "))) return false;
  return endsWhole(rest);
}

/** Companies, offices and placeholders in scripts without capitals. */
const caselessNoName =
  /公司|会社|會社|集团|集團|银行|銀行|医院|病院|大学|大學|学校|部门|部門|中心|未知|匿名|无|テスト|未定|なし|서비스|회사|은행|병원|대학교|학교|센터|없음|미정|شركة|مستشفى|جامعة|بنك|חברת|בנק|אוניברסיט|בית חולים|कंपनी|अस्पताल|बैंक|บริษัท|โรงพยาบาล|ธนาคาร|มหาวิทยาลัย/u;

function isHyphenGiven(word: string): boolean {
  return word.includes("-") && word.split("-").some(isGivenName);
}

/** "Roe, Jane Q.": a family name first, which only a given name behind the comma shows. */
const inversion =
  /^, (\p{Lu}[\p{L}\p{M}'’-]{1,20})(?: \p{Lu}(?:\.|[\p{Ll}]{1,20}))?(?=["'*]?\s*(?:$|[;|<(]))/u;

function invertedEnd(text: string, name: ReadName): number {
  if (text.charCodeAt(name.end) !== 0x2c) return -1;
  if (name.isCaseless || name.words.length > 2 || !isPlausibleFamily(name)) return -1;
  const match = inversion.exec(text.slice(name.end, name.end + 64));
  if (match === null || !isGivenName(match[1] ?? "")) return -1;
  return name.end + match[0].length;
}

function isPlausibleFamily({ words }: ReadName): boolean {
  return words.length === 1 || !words.some((word) => isGivenName(word));
}
