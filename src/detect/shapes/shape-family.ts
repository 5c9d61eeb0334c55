import { windowUnitsMax } from "../scan/bounds.ts";
import { addCandidate, type Candidate, type Family, type Segment } from "../scan/family.ts";
import {
  createNumberGroups,
  digitsOf,
  groupEnd,
  groupStart,
  groupUnits,
  jointOf,
  joints,
  mayBegin,
  mayEnd,
  type NumberGroups,
  plusBefore,
} from "../scan/number-groups.ts";
import {
  codeAt,
  digitBit,
  kindAt,
  letterBits,
  lowerBit,
  upperBit,
  wordBits,
} from "../text/character-kind.ts";
import { buildLayoutTrie, type LayoutTrie, stepTo, type Writing } from "./layout-trie.ts";
import { checkPcts, type Shape } from "./shape.ts";
import { collectRuns } from "./text-runs.ts";

/**
 * One family for all the given shapes: the runs of letters and digits of a segment are walked once
 * through the tree of their layouts. Keeps scratch memory from call to call.
 */
export function createShapeFamily(shapes: readonly Shape[]): Family {
  const trie = buildLayoutTrie(shapes);
  const runs = createNumberGroups(windowUnitsMax);
  return {
    kinds: [...new Set(shapes.map(({ kind }) => kind))],
    needs: digitBit,
    unitsMin: 6,
    digitsMin: 2,
    find(segment, found) {
      collectRuns(segment.text, [segment.from, segment.to], runs);
      for (let first = 0; first < runs.count; first += 1) walk(trie, segment, runs, first, found);
    },
  };
}

function walk(
  trie: LayoutTrie,
  segment: Segment,
  runs: NumberGroups,
  first: number,
  found: Candidate[],
): void {
  const { text } = segment;
  let node = stepTo(trie, 0, joints.none, groupUnits(runs, first));
  if (node === 0) return;
  const isFree = mayBegin(text, runs, first);
  if (!isFree && !isAfterWord(text, groupStart(runs, first))) return;
  // What follows a plus sign is a telephone number.
  if (plusBefore(text, groupStart(runs, first)) >= 0) return;
  for (let last = first; node !== 0; last += 1) {
    const writings = trie.writings[node];
    if (writings !== undefined && writings.length > 0 && mayEnd(text, runs, last)) {
      addWritings(writings, segment, { runs, first, last, isFree }, found);
    }
    const joint = jointOf(runs, last + 1);
    node = joint === joints.none ? 0 : stepTo(trie, node, joint, groupUnits(runs, last + 1));
  }
}

/** Runs `first` to `last` of a segment. */
interface Range {
  readonly runs: NumberGroups;
  readonly first: number;
  readonly last: number;
  /** It hangs on to nothing before it. */
  readonly isFree: boolean;
}

/** Letters of a word that an identifier may hang on to. */
const wordUnitsMin = 2;
const wordUnitsMax = 16;

// Figures may hang on to the word that says what they are: "MRN-00123456", "acct_12345678".
function isAfterWord(text: string, start: number): boolean {
  const link = codeAt(text, start - 1);
  if (link !== 0x2d && link !== 0x5f && link !== 0x2f && link !== 0x2e) return false;
  if ((kindAt(text, start) & digitBit) === 0) return false;
  const floor = start - 1 - wordUnitsMax;
  let at = start - 1;
  while (at > floor && (kindAt(text, at - 1) & letterBits) !== 0) at -= 1;
  return start - 1 - at >= wordUnitsMin && (kindAt(text, at - 1) & wordBits) === 0;
}

function addWritings(
  writings: readonly Writing[],
  segment: Segment,
  range: Range,
  found: Candidate[],
): void {
  const { runs, first, last } = range;
  const start = groupStart(runs, first);
  const end = groupEnd(runs, last);
  // Most figures have nothing beside them that speaks of any shape: they cost no more than this.
  const near = segment.context.near(start, end);
  let compact = "";
  for (const writing of writings) {
    const { shape } = writing;
    if (!(writing.isAlone && range.isFree) && !near.has(shape.topic)) continue;
    const cases = casesOf(writing, segment.text, range);
    if (cases < 0) continue;
    if (compact === "") compact = digitsOf(segment.text, runs, first, last).toUpperCase();
    if (!shape.passes(compact)) continue;
    const context = segment.context.pct(shape.topic, start, end);
    const isSure = context > 0 || standsAlone(writing, segment.text, range, { cases, compact });
    const { basePct } = shape.kind;
    if (isSure) {
      addCandidate(found, shape.kind, { start, end, pct: basePct + shape.checkPct + context });
    }
  }
}

// The case bits of the letters in a range, or -1 if its characters are not what any mask asks for.
// Nobody writes one identifier in both cases.
function casesOf({ masks }: Writing, text: string, range: Range): number {
  for (const mask of masks) {
    const cases = casesUnder(mask, text, range);
    if (cases >= 0) return cases;
  }
  return -1;
}

function casesUnder(mask: Uint8Array, text: string, { runs, first, last }: Range): number {
  let cases = 0;
  let place = 0;
  for (let run = first; run <= last; run += 1) {
    const end = groupEnd(runs, run);
    for (let at = groupStart(runs, run); at < end; at += 1) {
      const kind = kindAt(text, at);
      if ((kind & (mask[place] ?? 0)) === 0) return -1;
      cases |= kind;
      place += 1;
    }
  }
  const letters = cases & (lowerBit | upperBit);
  return letters === (lowerBit | upperBit) ? -1 : letters;
}

interface Reading {
  readonly cases: number;
  readonly compact: string;
}

// Small letters are words as often as identifiers, unless the check is strong; and figures with
// spaces between them are rows of figures, unless nothing stands beside.
function standsAlone(writing: Writing, text: string, range: Range, reading: Reading): boolean {
  const { shape } = writing;
  if (!writing.isAlone || !range.isFree) return false;
  if (reading.cases === lowerBit && shape.checkPct < checkPcts.rare) return false;
  if (writing.isSpaced && hasFigureBeside(text, range)) return false;
  return shape.mayStandAlone === undefined || shape.mayStandAlone(reading.compact);
}

function hasFigureBeside(text: string, { runs, first, last }: Range): boolean {
  const isAfter = jointOf(runs, last + 1) !== joints.none && startsWithDigit(text, runs, last + 1);
  const isBefore = jointOf(runs, first) !== joints.none && startsWithDigit(text, runs, first - 1);
  return isAfter || isBefore;
}

function startsWithDigit(text: string, runs: NumberGroups, index: number): boolean {
  return (kindAt(text, groupStart(runs, index)) & digitBit) !== 0;
}
