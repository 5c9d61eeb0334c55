import { invariant } from "../../base/index.ts";
import { wordBits } from "../text/character-kind.ts";
import { unitAt, unitKindAt } from "../text/units.ts";
import type { Surroundings } from "./context/surroundings.ts";
import { TopicSet, topicsMax } from "./context/topic-set.ts";
import type { Candidate, Family, LabelledFamily } from "./family.ts";
import { createFamilyTable } from "./family-table.ts";
import type { OpenValue, ValueGroup, WantedTopics } from "./labelled-values.ts";
import { settleOverlaps } from "./overlap.ts";
import { createSegmentParts, readParts } from "./segment-parts.ts";
import type { Topic } from "./topics.ts";

/** A stretch of text to be judged. */
export interface Stretch {
  readonly text: string;
  /** Where `text` begins in the whole text. */
  readonly base: number;
  readonly from: number;
  readonly to: number;
  /** Up to where the text is known however it was cut; at least `to`. */
  readonly knownTo: number;
  readonly isWindow: boolean;
}

/** Gives what families find in the text that is laid down, overlaps settled, sorted by start. */
export interface Judge {
  /** Topics whose values the labelled families want to see. */
  readonly wanted: WantedTopics;
  /** What stands in a stretch. */
  judge(stretch: Stretch, surroundings: Surroundings): readonly Candidate[];
  /** What was found from where a labelled value began, and what the labelled families add. */
  judgeGroup(text: string, base: number, group: ValueGroup): readonly Candidate[];
}

/**
 * A judge over the given families for stretches of up to `unitsMax` units. Keeps scratch memory from
 * call to call.
 */
export function createJudge(
  families: readonly Family[],
  unitsMax: number,
  labelledFamilies: readonly LabelledFamily[] = [],
): Judge {
  const parts = createSegmentParts(unitsMax);
  const { groups, runs } = parts;
  const table = createFamilyTable(families);
  // Families are objects of many shapes, and reading `find` from each time anew is dear.
  const finders = families.map(({ find }) => find);
  const labelled = labelledFamilies.map(({ find, topics }) => ({ find, topics }));
  const labelledBits = bitsByTopic(labelledFamilies);
  /** Given to the families until one adds to it. */
  let unused: Candidate[] = [];
  const wanted: WantedTopics = { all: new TopicSet(), anyCase: new TopicSet(), unitsBehind: 0 };
  for (const family of labelledFamilies) {
    const topics = setOf(family.topics.filter((topic) => !family.refusedTopics?.includes(topic)));
    wanted.all.addAll(topics);
    const units = family.unitsBehindCapitals;
    if (units === undefined) wanted.anyCase.addAll(topics);
    else wanted.unitsBehind = Math.max(wanted.unitsBehind, units);
  }
  return {
    wanted,
    judge({ text, base, from, to, knownTo, isWindow }, surroundings) {
      readParts(from, to, parts);
      let rest = table.setFor(to - from, parts);
      if (rest === 0) return nothing;
      surroundings.lend(text, base, knownTo);
      const segment = { text, from, to, groups, runs, context: surroundings, isWindow };
      const found = unused;
      while (rest !== 0) {
        const lowest = rest & -rest;
        finders[31 - Math.clz32(lowest)]?.(segment, found);
        rest ^= lowest;
      }
      if (found.length === 0) return nothing;
      unused = [];
      return found.length === 1 ? found : settleOverlaps(text, found);
    },
    judgeGroup(text, base, group) {
      const found = base === 0 ? group.found : shifted(group.found, -base);
      for (const value of group.values) {
        const from = value.from - base;
        const place = { text, from, to: endWithoutSpaces(from, value.to - base) };
        if (!hasContent(from, place.to)) continue;
        findLabelled(labelled, value.topics.bitsIn(labelledBits), value, place, found);
      }
      const settled = found.length < 2 ? found : settleOverlaps(text, found);
      return base === 0 ? settled : shifted(settled, base);
    },
  };
}

const nothing: readonly Candidate[] = [];

/** A labelled family, in an object like all others of them. */
type LabelledEntry = Pick<LabelledFamily, "find" | "topics">;

// Asks the families whose bits are set.
function findLabelled(
  labelled: readonly LabelledEntry[],
  asked: number,
  value: OpenValue,
  { text, from, to }: { readonly text: string; readonly from: number; readonly to: number },
  found: Candidate[],
): void {
  const { isStructural, isQuoted } = value;
  let rest = asked;
  while (rest !== 0) {
    const lowest = rest & -rest;
    const family = labelled[31 - Math.clz32(lowest)] as LabelledEntry;
    const topic = firstOf(family.topics, value.topics);
    if (topic !== undefined) family.find({ text, from, to, topic, isStructural, isQuoted }, found);
    rest ^= lowest;
  }
}

// The families that ask for each topic: bit n is the n-th of them.
function bitsByTopic(families: readonly LabelledFamily[]): Int32Array {
  invariant(families.length <= 32, "a set of families fits in one number");
  const bits = new Int32Array(topicsMax);
  families.forEach(({ topics }, index) => {
    for (const topic of topics) bits[topic] = (bits[topic] ?? 0) | (1 << index);
  });
  return bits;
}

// The first topic of a family that a label speaks of.
function firstOf(familyTopics: readonly Topic[], topics: TopicSet): Topic | undefined {
  for (const topic of familyTopics) {
    if (topics.has(topic)) return topic;
  }
  return undefined;
}

function setOf(topics: readonly Topic[]): TopicSet {
  const set = new TopicSet();
  for (const topic of topics) set.add(topic);
  return set;
}

function shifted(candidates: readonly Candidate[], units: number): Candidate[] {
  return candidates.map(({ kind, start, end, confidencePct }) => ({
    kind,
    start: start + units,
    end: end + units,
    confidencePct,
  }));
}

function endWithoutSpaces(from: number, to: number): number {
  let end = to;
  while (end > from && isBlank(unitAt(end - 1))) end -= 1;
  return end;
}

// More than marks, as between the lines of a table.
function hasContent(from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    if ((unitKindAt(at) & wordBits) !== 0 || isOtherLetter(unitAt(at))) return true;
  }
  return false;
}

// Of scripts without capitals; the punctuation of typography lies among them.
function isOtherLetter(code: number): boolean {
  return code > 0x52f && (code < 0x2000 || code > 0x2fff);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d || code === 0xa0;
}
