import { laidLength, unitAt } from "../text/units.ts";
import { labelledUnitsMax, proseValueUnitsMax, valueGroupUnitsMax } from "./bounds.ts";
import { TopicSet } from "./context/topic-set.ts";
import type { Candidate } from "./family.ts";
import type { Outlook } from "./outlook.ts";

const unset = -1;

/** A value behind a label. Offsets into the whole text. */
export interface OpenValue {
  readonly from: number;
  /** End, exclusive; -1 until it is known. */
  to: number;
  toMax: number;
  /** Where the first word in small letters may begin that was not looked at yet; -1 for any word. */
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
  /** Some value may not have ended yet; all that have not are of the last group. */
  #isOpen = false;
  /** Where the text that is read begins in the whole text, and where it ends. */
  #base = 0;
  #textEnd = 0;
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

  /** The text that is laid down is being read; it begins at `base`. */
  lend(base: number): void {
    this.#base = base;
    this.#textEnd = base + laidLength();
  }

  /** A value begins, behind all that began before. */
  open(
    from: number,
    topics: TopicSet,
    { isStructural, isQuoted }: { readonly isStructural: boolean; readonly isQuoted: boolean },
  ): void {
    if (from < this.floor) return;
    const last = this.#groups.at(-1);
    const known = last?.values.at(-1);
    if (known?.from === from) {
      known.topics.addAll(topics);
      return;
    }
    this.reach(from);
    const group = last !== undefined && isWithin(last, from) ? last : undefined;
    const units = isQuoted ? labelledUnitsMax : proseValueUnitsMax;
    const toMax = Math.min(from + units, (group?.from ?? from) + valueGroupUnitsMax);
    if (toMax <= from) return;
    const own = new TopicSet();
    own.copy(topics);
    const smallFrom = isStructural || isQuoted ? unset : from + 1;
    const value = { from, to: unset, toMax, smallFrom, topics: own, isStructural, isQuoted };
    this.#isOpen = true;
    if (group === undefined) this.#groups.push({ from, values: [value], found: [] });
    else group.values.push(value);
  }

  /**
   * What began before and has not ended yet ends here. `readTo`: how far the text was read to see it;
   * what was too long by then has ended already, whether or not anybody looked.
   */
  end(at: number, readTo = at): void {
    if (!this.#isOpen) return;
    for (const value of this.#groups.at(-1)?.values ?? []) {
      if (value.to !== unset || value.from > at) continue;
      this.#lookForSmall(value, readTo);
      value.to = value.toMax <= readTo ? value.toMax : Math.min(at, value.toMax);
    }
    this.#seeWhetherOpen();
  }

  /** The text was read up to here: values that are too long end. */
  reach(at: number): void {
    if (!this.#isOpen) return;
    for (const value of this.#groups.at(-1)?.values ?? []) {
      if (value.to !== unset) continue;
      this.#lookForSmall(value, at);
      if (at >= value.toMax) value.to = value.toMax;
    }
    this.#seeWhetherOpen();
  }

  /** Takes what was found if it is to be settled with a value; false if it stands alone. */
  hold(candidate: Candidate): boolean {
    let last: ValueGroup | undefined;
    for (let index = this.#first; index < this.#groups.length; index += 1) {
      const group = this.#groups[index] as ValueGroup;
      if (group.from >= candidate.end) break;
      last = group;
    }
    if (last === undefined) return false;
    last.found.push(candidate);
    last.from = Math.min(last.from, candidate.start);
    return true;
  }

  /** The first group, once all of it is known and everything before `settled` was found. */
  shift(settled: number): ValueGroup | undefined {
    const group = this.#groups[this.#first];
    if (group === undefined) return undefined;
    for (const { to } of group.values) {
      if (to === unset || to > settled) return undefined;
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
    fork.#isOpen = this.#isOpen;
    fork.#groups = this.#groups.slice(this.#first).map(({ from, values, found }) => ({
      from,
      values: values.map((value) => ({ ...value })),
      found: [...found],
    }));
    return fork;
  }

  // A name said in a sentence is over soon behind the first word that is none.
  #lookForSmall(value: OpenValue, at: number): void {
    const to = Math.min(at, this.#textEnd);
    if (value.smallFrom === unset || value.smallFrom >= to) return;
    if (this.#wanted.anyCase.meets(value.topics)) {
      value.smallFrom = unset;
      return;
    }
    const place = smallWordIn(value.smallFrom - this.#base, to - this.#base);
    value.smallFrom = to;
    if (place < 0) return;
    value.smallFrom = unset;
    value.toMax = Math.min(value.toMax, this.#base + place + this.#wanted.unitsBehind);
  }

  // Where a group begins, all values of those before have ended.
  #seeWhetherOpen(): void {
    const last = this.#groups.at(-1);
    this.#isOpen = last !== undefined && hasOpen(last);
  }
}

function hasOpen({ values }: ValueGroup): boolean {
  for (const { to } of values) {
    if (to === unset) return true;
  }
  return false;
}

// Whether a place lies in a value of a group.
function isWithin({ values }: ValueGroup, place: number): boolean {
  for (const { to } of values) {
    if (to === unset || to > place) return true;
  }
  return false;
}

// Where a word of small Latin letters begins behind a space, or -1.
function smallWordIn(from: number, to: number): number {
  for (let at = Math.max(1, from); at < to; at += 1) {
    const code = unitAt(at);
    if (code >= 0x61 && code <= 0x7a && unitAt(at - 1) === 0x20) return at;
  }
  return -1;
}
