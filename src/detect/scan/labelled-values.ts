import { labelledUnitsMax, proseValueUnitsMax, valueGroupUnitsMax } from "./bounds.ts";
import { TopicSet } from "./context/topic-set.ts";
import type { Candidate } from "./family.ts";
import type { Outlook } from "./outlook.ts";
import { unitAt } from "./units.ts";

const openEnd = -1;

/** A value behind a label. Offsets into the whole text. */
export interface OpenValue {
  readonly from: number;
  /** End, exclusive; -1 until it is known. */
  to: number;
  toMax: number;
  /** Where the first word in small letters may begin that was not looked at yet. */
  smallFrom: number;
  readonly topics: TopicSet;
  readonly isStructural: boolean;
  readonly isQuoted: boolean;
}

/** Topics whose values labelled families want to see. */
export interface WantedTopics {
  readonly all: TopicSet;
  /** Those whose values may go on with any word. */
  readonly anyCase: TopicSet;
  /** Of the others, how much counts from the first word in small letters on. */
  unitsBehind: number;
}

/** Values that overlap, with all that was found from where the first of them begins. */
export interface ValueGroup {
  /** Where the first value begins, or what was found across that place. */
  from: number;
  readonly values: OpenValue[];
  /** Offsets into the whole text. */
  readonly found: Candidate[];
}

/**
 * The values behind labels that wait for their end, and what was found since the first of them began:
 * both are settled together. Owned by one scan.
 */
export class LabelledValues {
  /** Topics whose values are wanted. */
  readonly #wanted: WantedTopics;
  /** Groups in order; those before `#first` were given away. */
  #groups: ValueGroup[] = [];
  #first = 0;
  #text = "";
  /** Where it begins in the whole text. */
  #base = 0;
  /** No value begins before this place. Set by the scan as it moves on. */
  floor = 0;

  constructor(wanted: WantedTopics) {
    this.#wanted = wanted;
  }

  /** Where the first value begins that waits; beyond all text if none does. */
  get from(): number {
    return this.#groups[this.#first]?.from ?? Number.POSITIVE_INFINITY;
  }

  get isEmpty(): boolean {
    return this.#first === this.#groups.length;
  }

  /** Whether anybody wants values of these topics. */
  wants(topics: TopicSet): boolean {
    return this.#wanted.all.meets(topics);
  }

  /** Lends the text that is being read. */
  lend(text: string, base: number): void {
    this.#text = text;
    this.#base = base;
  }

  /** A value begins, behind all that began before. */
  open(
    from: number,
    topics: TopicSet,
    { isStructural, isQuoted }: { readonly isStructural: boolean; readonly isQuoted: boolean },
  ): void {
    if (from < this.floor) return;
    const known = this.#groups.at(-1)?.values.at(-1);
    if (known?.from === from) {
      known.topics.addAll(topics);
      return;
    }
    this.reach(from);
    const group = this.#groupAt(from);
    const units = isQuoted ? labelledUnitsMax : proseValueUnitsMax;
    const toMax = Math.min(from + units, group.from + valueGroupUnitsMax);
    if (toMax <= from) return;
    const own = new TopicSet();
    own.copy(topics);
    const smallFrom = isStructural || isQuoted ? Number.POSITIVE_INFINITY : from + 1;
    group.values.push({ from, to: openEnd, toMax, smallFrom, topics: own, isStructural, isQuoted });
  }

  /**
   * What began before and has not ended yet ends here. `readTo`: how far the text was read to see it;
   * what was too long by then has ended already, whether or not anybody looked.
   */
  end(at: number, readTo = at): void {
    const last = this.#groups.at(-1);
    if (last === undefined) return;
    for (const value of last.values) {
      if (value.to !== openEnd || value.from > at) continue;
      this.#lookForSmall(value, readTo);
      value.to = value.toMax <= readTo ? value.toMax : Math.min(at, value.toMax);
    }
  }

  /** The text was read up to here: values that are too long end. */
  reach(at: number): void {
    // Where a group begins, all values of those before have ended.
    const last = this.#groups.at(-1);
    if (last === undefined) return;
    for (const value of last.values) {
      if (value.to !== openEnd) continue;
      this.#lookForSmall(value, at);
      if (at >= value.toMax) value.to = value.toMax;
    }
  }

  /** Takes what was found if it is to be settled with a value; false if it stands alone. */
  hold(candidate: Candidate): boolean {
    const { length } = this.#groups;
    for (let index = length - 1; index >= this.#first; index -= 1) {
      const group = this.#groups[index];
      if (group === undefined || group.from >= candidate.end) continue;
      group.found.push(candidate);
      group.from = Math.min(group.from, candidate.start);
      return true;
    }
    return false;
  }

  /** The first group, once all of it is known and everything before `settled` was found. */
  shift(settled: number): ValueGroup | undefined {
    const group = this.#groups[this.#first];
    if (group === undefined) return undefined;
    for (const { to } of group.values) {
      if (to === openEnd || to > settled) return undefined;
    }
    this.#first += 1;
    if (this.#first < this.#groups.length) return group;
    this.#groups = [];
    this.#first = 0;
    return group;
  }

  addOutlook(outlook: Outlook): void {
    for (const group of this.#groups.slice(this.#first)) {
      outlook.addPlace(group.from);
      outlook.add(group.found.length);
      for (const { from, to, toMax, topics } of group.values) {
        outlook.addPlace(from);
        outlook.addPlace(to);
        outlook.addPlace(toMax);
        outlook.addTopics(topics);
      }
    }
  }

  /** The same values for a text that began alike and may go on otherwise. */
  fork(): LabelledValues {
    const fork = new LabelledValues(this.#wanted);
    fork.floor = this.floor;
    fork.#groups = this.#groups.slice(this.#first).map(({ from, values, found }) => ({
      from,
      values: values.map((value) => ({ ...value })),
      found: [...found],
    }));
    return fork;
  }

  // A name said in a sentence is over soon behind the first word that is none.
  #lookForSmall(value: OpenValue, at: number): void {
    const to = Math.min(at, this.#base + this.#text.length);
    if (value.smallFrom >= to) return;
    if (this.#wanted.anyCase.meets(value.topics)) {
      value.smallFrom = Number.POSITIVE_INFINITY;
      return;
    }
    const place = smallWordIn(value.smallFrom - this.#base, to - this.#base);
    value.smallFrom = to;
    if (place < 0) return;
    value.smallFrom = Number.POSITIVE_INFINITY;
    value.toMax = Math.min(value.toMax, this.#base + place + this.#wanted.unitsBehind);
  }

  // The last group if a value that begins here lies in it, or else a new one.
  #groupAt(from: number): ValueGroup {
    const last = this.#groups.at(-1);
    if (last?.values.some(({ to }) => to === openEnd || to > from)) return last;
    const group: ValueGroup = { from, values: [], found: [] };
    this.#groups.push(group);
    return group;
  }
}

// Where a word of small Latin letters begins behind a space, or -1.
function smallWordIn(from: number, to: number): number {
  for (let at = Math.max(1, from); at < to; at += 1) {
    const code = unitAt(at);
    if (code >= 0x61 && code <= 0x7a && unitAt(at - 1) === 0x20) return at;
  }
  return -1;
}
