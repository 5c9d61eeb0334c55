import {
  addCandidate,
  type Candidate,
  type LabelledFamily,
  type LabelledValue,
  ranks,
} from "../scan/family.ts";
import { topics } from "../scan/topics.ts";
import { labelPct } from "../shapes/labelled-place.ts";
import { catalogueEntry, checkPcts } from "../shapes/shape.ts";

const kind = catalogueEntry("pii", {
  type: "GEO_COORDINATE",
  rank: ranks.contact,
  example: "48.8584, 2.2945",
  check: "latitude to 90, longitude to 180 degrees",
  context: "yes",
  basePct: 30,
  countries: [],
});

/**
 * Places on earth behind a label: a pair of degrees, or one of the two, with four decimals or more; or
 * degrees, minutes and seconds. Fewer decimals show no more than a town.
 */
export const geoCoordinates: LabelledFamily = { kinds: [kind], topics: [topics.geo], find };

const valueUnitsMax = 80;
const leadUnitsMax = 16;
const degrees =
  /(?<![\p{L}\p{N}.])([-+−]?\d{1,3}\.\d{4,10})°?(?: ?[NSEWO](?![\p{L}]))?(?:(?:, ?|; ?| |,?%20)([-+−]?\d{1,3}\.\d{4,10})°?(?: ?[NSEWO](?![\p{L}]))?)?(?![\p{N}.]\p{N}|\p{N})/u;
const sexagesimal =
  /(?<![\p{N}])\d{1,3}° ?\d{1,2}['′’] ?(?:\d{1,2}(?:\.\d{1,4})?(?:["″”]|'') ?)?[NSEWO](?:,? \d{1,3}° ?\d{1,2}['′’] ?(?:\d{1,2}(?:\.\d{1,4})?(?:["″”]|'') ?)?[NSEWO])?/u;

function find(value: LabelledValue, found: Candidate[]): void {
  const text = value.text.slice(value.from, Math.min(value.to, value.from + valueUnitsMax));
  const match = degrees.exec(text) ?? sexagesimal.exec(text);
  if (match === null || match.index > leadUnitsMax) return;
  const [whole, first, second] = match;
  if (first !== undefined && !isPlace(degreesOf(first), degreesOf(second))) return;
  const start = value.from + match.index;
  const pct = kind.basePct + checkPcts.shape + labelPct(value);
  addCandidate(found, kind, { start, end: start + whole.length, pct });
}

// Latitude comes first in most writings, longitude in some.
function isPlace(first: number, second: number): boolean {
  if (first > 180 || second > 180) return false;
  return first <= 90 || second <= 90;
}

function degreesOf(written = "0"): number {
  return Math.abs(Number(written.replace(/[+−]/, "")));
}
