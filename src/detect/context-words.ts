import { kindAt, letterBits, lowerBit, upperBit } from "./character-kind.ts";

/** Whose words are looked for, as bits. */
export const topics = { phone: 1, ssn: 2, card: 4, iban: 8, awsSecret: 16 } as const;

const against = 1 << 14;
const neutral = 1 << 15;

/** How far before a value its context reaches, on the same line. */
const contextUnitsMax = 40;
/** How far a label may stand from its value. */
const labelUnitsMax = 16;

const structurePct = 45;
const wordPct = 35;
const againstPct = -40;

// Words that are ordinary English beside a number ("in case", "on
// line") do not speak against it by themselves; "case number" does.
const wordLists: readonly (readonly [number, string])[] = [
  [
    topics.phone,
    "phone telephone tel mobile cell cellphone call fax whatsapp sms telefon handy mobil rufnummer " +
      "téléphone portable teléfono móvil telefone celular telefono telefoon dial",
  ],
  [topics.ssn, "ssn ssns itin taxpayer,social security,soc sec,tax id"],
  [
    topics.card,
    "card cards credit debit visa mastercard amex maestro pan cc kreditkarte carte tarjeta cartão",
  ],
  [topics.iban, "iban account acct konto compte cuenta rekening"],
  [topics.awsSecret, "aws amazon secret secretkey"],
  [
    against,
    "version build release order invoice ticket batch tracking waybill sku serial isbn ean epoch " +
      "timestamp ts commit sha digest etag trace offset inode oid latitude longitude price qty " +
      "quantity upc gtin asin parcel shipment,part number,part no,case number,case id,case no," +
      "job id,job number,model number,request id,p n",
  ],
  [neutral, "number numbers no nr num id ref is was code the my your our key value"],
];

const words = buildWords();

/**
 * What the text before `start` on its line says about a value there, in percent points: up to +45 for
 * a label of the topic, +35 for a word of it, -40 for a label of something else. The nearest word
 * that says anything decides.
 */
export function contextPct(text: string, start: number, topic: number): number {
  const floor = Math.max(0, start - contextUnitsMax);
  let right = "";
  let at = wordEndBefore(text, floor, start);
  while (at > floor) {
    const wordStart = wordStartBefore(text, floor, at);
    // A word cut off by the reach may be the end of another one.
    if (wordStart === floor && (kindAt(text, floor - 1) & letterBits) !== 0) return 0;
    const word = text.slice(wordStart, at).toLowerCase();
    const meaning = meaningOf(word, right);
    if ((meaning & topic) !== 0) return isLabel(text, at, start) ? structurePct : wordPct;
    if ((meaning & against) !== 0 && isBeside(text, at, start)) return againstPct;
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

function meaningOf(word: string, right: string): number {
  const single = words.get(word) ?? 0;
  return right === "" ? single : single | (words.get(`${word} ${right}`) ?? 0);
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
    const meaning = words.get(text.slice(wordStart, at).toLowerCase()) ?? 0;
    if ((meaning & (neutral | against)) === 0) return false;
  }
  return true;
}

// Phrases are set off by commas; a list without commas is single words.
function buildWords(): ReadonlyMap<string, number> {
  const map = new Map<string, number>();
  for (const [meaning, list] of wordLists) {
    const [singles = "", ...phrases] = list.split(",");
    for (const word of [...singles.split(" "), ...phrases]) {
      map.set(word, (map.get(word) ?? 0) | meaning);
    }
  }
  return map;
}
