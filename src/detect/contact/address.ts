import {
  addCandidate,
  type Candidate,
  type LabelledFamily,
  type LabelledValue,
  ranks,
} from "../scan/family.ts";
import { topics } from "../scan/topics.ts";
import { labelPct } from "../shapes/labelled-place.ts";
import { catalogueEntry } from "../shapes/shape.ts";
import { digitBit, letterBits } from "../text/character-kind.ts";
import { unitAt, unitKindAt } from "../text/units.ts";
import { beginsNumberedStreet, readAddress } from "./read-address.ts";
import { readUnspacedAddress } from "./unspaced-address.ts";

const kind = catalogueEntry("pii", {
  type: "ADDRESS",
  rank: ranks.contact,
  example: "12 Example Street, Springfield, IL 62701",
  check: "a number beside a word for streets or a postcode",
  context: "yes",
  basePct: 40,
  countries: [],
});

/** Postal addresses behind a label: the lines from street to postcode, in the writing of many countries. */
export const addresses: LabelledFamily = { kinds: [kind], topics: [topics.address], find };

/** Postal addresses without a label: a number, a street, and what a street alone has not. */
export const freeAddresses: LabelledFamily = {
  kinds: [kind],
  topics: [topics.street],
  find: findFree,
};

const surePct = 10;
/** What stands for a label, by what of an address there is. */
const postcodePct = 35;
const partsPct = 25;
const streetPct = 15;

function find(value: LabelledValue, found: Candidate[]): void {
  if (!mayBeAddress(value.from, value.to)) return;
  const text = value.text.slice(value.from, value.to);
  const pct = kind.basePct + labelPct(value);
  const unspaced = readUnspacedAddress(text);
  if (unspaced !== undefined) {
    addPlace(value, unspaced, pct, found);
    return;
  }
  const address = readAddress(text);
  if (address === undefined || !address.hasNumber) return;
  const isSure = address.hasStreet || address.hasPostcode;
  if (isSure) addPlace(value, address, pct + surePct, found);
  // A number and words: a field for addresses holds little else, a sentence does.
  else if (value.isStructural && address.isWhole && address.hasParts)
    addPlace(value, address, pct, found);
}

function findFree(value: LabelledValue, found: Candidate[]): void {
  const text = value.text.slice(value.from, value.to);
  const address = beginsNumberedStreet(text) ? readAddress(text) : undefined;
  if (address === undefined || address.start > 0) return;
  let pct = kind.basePct + streetPct;
  if (address.hasPostcode) pct = kind.basePct + postcodePct;
  else if (address.hasParts) pct = kind.basePct + partsPct;
  addPlace(value, address, pct, found);
}

// What an address of ASCII always has: a digit, and two letters side by side.
function mayBeAddress(from: number, to: number): boolean {
  let hasDigit = false;
  let hasWord = false;
  let last = 0;
  for (let at = from; at < to; at += 1) {
    if (unitAt(at) > 0x7f) return true;
    const kind = unitKindAt(at);
    hasDigit ||= kind === digitBit;
    hasWord ||= (kind & letterBits) !== 0 && (last & letterBits) !== 0;
    if (hasDigit && hasWord) return true;
    last = kind;
  }
  return false;
}

function addPlace(
  value: LabelledValue,
  place: { readonly start: number; readonly end: number },
  pct: number,
  found: Candidate[],
): void {
  const { from } = value;
  addCandidate(found, kind, { start: from + place.start, end: from + place.end, pct });
}
