import type { TopicSet } from "../scan/context/topic-set.ts";
import { addCandidate, type Candidate, type Family, type Segment } from "../scan/family.ts";
import {
  digitsOf,
  groupEnd,
  groupKinds,
  groupStart,
  groupUnits,
  jointOf,
  joints,
  mayBegin,
  mayEnd,
  type NumberGroups,
  plusBefore,
} from "../scan/number-groups.ts";
import { digitBit, letterBits, lowerBit, upperBit, wordBits } from "../text/character-kind.ts";
import { unitAt, unitKindAt } from "../text/units.ts";
import {
  buildLayoutTrie,
  isTight,
  type LayoutTrie,
  mayOpenLayout,
  stepTo,
  type Writing,
  type Writings,
} from "./layout-trie.ts";
import { checkPcts, type Shape } from "./shape.ts";

/**
 * One family for all the given shapes: the runs of letters and digits of a segment are walked once
 * through the tree of their layouts.
 */
export function createShapeFamily(shapes: readonly Shape[]): Family {
  const trie = buildLayoutTrie(shapes);
  return {
    kinds: [...new Set(shapes.map(({ kind }) => kind))],
    needs: digitBit,
    unitsMin: 6,
    digitsMin: 2,
    find(segment, found) {
      const { runs } = segment;
      const { count } = runs;
      let joint: number = joints.none;
      for (let first = 0; first < count; first += 1) {
        const nextJoint = jointOf(runs, first + 1);
        const opens = mayOpenLayout(
          trie,
          groupUnits(runs, first),
          groupKinds(runs, first),
          nextJoint,
          groupUnits(runs, first + 1),
        );
        // What hangs on to figures before it is within something longer: no need to walk.
        if (opens && !(isTight(joint) && hasDigit(runs, first - 1))) {
          walk(trie, segment, runs, first, found);
        }
        joint = nextJoint;
      }
    },
  };
}

const bothCases = lowerBit | upperBit;

function hasDigit(runs: NumberGroups, index: number): boolean {
  return (groupKinds(runs, index) & digitBit) !== 0;
}

function walk(
  trie: LayoutTrie,
  segment: Segment,
  runs: NumberGroups,
  first: number,
  found: Candidate[],
): void {
  let node = 0;
  let kinds = 0;
  let begin: Begin | undefined;
  for (let last = first; ; last += 1) {
    kinds |= groupKinds(runs, last);
    if ((kinds & bothCases) === bothCases) return;
    const joint = last === first ? joints.none : jointOf(runs, last);
    node = stepTo(trie, node, joint, groupUnits(runs, last));
    if (node === 0) return;
    const writings = trie.endings[(node << 3) | kinds];
    if (writings === undefined || !mayEnd(runs, last)) continue;
    begin ??= beginOf(runs, first);
    if (begin === begins.within) return;
    const near = segment.context.near(groupStart(runs, first), groupEnd(runs, last));
    const worthy = worthyOf(writings, near);
    if (worthy.length > 0) {
      const isFree = begin === begins.free;
      addWritings(worthy, segment, { runs, first, last, isFree, kinds, near }, found);
    }
  }
}

// Most figures have nothing beside them that speaks of any shape: they cost no more than this.
function worthyOf({ all, alone, topics }: Writings, near: TopicSet): readonly Writing[] {
  return near.meets(topics) ? all : alone;
}

/** How something begins: it hangs on to nothing before it, to a word, or is within something longer. */
const begins = { free: 0, afterWord: 1, within: 2 } as const;
type Begin = (typeof begins)[keyof typeof begins];

// What follows a plus sign is a telephone number.
function beginOf(runs: NumberGroups, first: number): Begin {
  const start = groupStart(runs, first);
  if (plusBefore(start) >= 0) return begins.within;
  if (mayBegin(runs, first)) return begins.free;
  return isAfterWord(start) ? begins.afterWord : begins.within;
}

/** Runs `first` to `last` of a segment. */
interface Range {
  readonly runs: NumberGroups;
  readonly first: number;
  readonly last: number;
  /** It hangs on to nothing before it. */
  readonly isFree: boolean;
  /** Bits of the characters that occur. */
  readonly kinds: number;
  /** What may speak of it. */
  readonly near: TopicSet;
}

/** Letters of a word that an identifier may hang on to. */
const wordUnitsMin = 2;
const wordUnitsMax = 16;

// Figures may hang on to the word that says what they are: "MRN-00123456", "acct_12345678".
function isAfterWord(start: number): boolean {
  const link = unitAt(start - 1);
  if (link !== 0x2d && link !== 0x5f && link !== 0x2f && link !== 0x2e) return false;
  if ((unitKindAt(start) & digitBit) === 0) return false;
  const floor = start - 1 - wordUnitsMax;
  let at = start - 1;
  while (at > floor && (unitKindAt(at - 1) & letterBits) !== 0) at -= 1;
  return start - 1 - at >= wordUnitsMin && (unitKindAt(at - 1) & wordBits) === 0;
}

function addWritings(
  worthy: readonly Writing[],
  segment: Segment,
  range: Range,
  found: Candidate[],
): void {
  const isMixed = (range.kinds & digitBit) !== 0 && (range.kinds & bothCases) !== 0;
  let compact = "";
  for (const writing of worthy) {
    if (!(writing.isAlone && range.isFree) && !range.near.has(writing.topic)) continue;
    if (isMixed && !fits(writing, range)) continue;
    if (compact === "") compact = compactOf(segment.text, range);
    if (writing.shape.passes(compact)) addPassed(writing, segment, range, compact, found);
  }
}

function addPassed(
  writing: Writing,
  segment: Segment,
  range: Range,
  compact: string,
  found: Candidate[],
): void {
  const { kind, topic, checkPct } = writing.shape;
  const start = groupStart(range.runs, range.first);
  const end = groupEnd(range.runs, range.last);
  const context = segment.context.pct(topic, start, end);
  if (context <= 0 && !standsAlone(writing, range, compact)) return;
  addCandidate(found, kind, { start, end, pct: kind.basePct + checkPct + context });
}

// The characters without what joins them, letters as capitals.
function compactOf(text: string, { runs, first, last, kinds }: Range): string {
  const compact = digitsOf(text, runs, first, last);
  return (kinds & bothCases) === lowerBit ? compact.toUpperCase() : compact;
}

// Whether the characters of a range are what one of the masks asks for.
function fits({ masks }: Writing, range: Range): boolean {
  for (const mask of masks) {
    if (fitsMask(mask, range)) return true;
  }
  return false;
}

function fitsMask(mask: Uint8Array, { runs, first, last }: Range): boolean {
  let place = 0;
  for (let run = first; run <= last; run += 1) {
    const end = groupEnd(runs, run);
    for (let at = groupStart(runs, run); at < end; at += 1) {
      if ((unitKindAt(at) & (mask[place] ?? 0)) === 0) return false;
      place += 1;
    }
  }
  return true;
}

// Small letters are words as often as identifiers, unless the check is strong; and figures with
// spaces between them are rows of figures, unless nothing stands beside.
function standsAlone(writing: Writing, range: Range, compact: string): boolean {
  const { shape } = writing;
  if (!writing.isAlone || !range.isFree) return false;
  if ((range.kinds & bothCases) === lowerBit && shape.checkPct < checkPcts.rare) return false;
  if (writing.isSpaced && hasFigureBeside(range)) return false;
  return shape.mayStandAlone === undefined || shape.mayStandAlone(compact);
}

function hasFigureBeside({ runs, first, last }: Range): boolean {
  const isAfter = jointOf(runs, last + 1) !== joints.none && startsWithDigit(runs, last + 1);
  const isBefore = jointOf(runs, first) !== joints.none && startsWithDigit(runs, first - 1);
  return isAfter || isBefore;
}

function startsWithDigit(runs: NumberGroups, index: number): boolean {
  return (unitKindAt(groupStart(runs, index)) & digitBit) !== 0;
}
