import { invariant } from "../../../base/index.ts";
import { isSpace, wordBits } from "../../text/character-kind.ts";
import { laidLength, unitAt, unitKindAt, units } from "../../text/units.ts";
import { unitTable } from "../../wide/wide.ts";
import type { LabelledValues } from "../labelled-values.ts";
import type { Outlook } from "../outlook.ts";
import { Structure } from "../structure/structure.ts";
import type { Topic } from "../topics.ts";
import type { Context } from "./context.ts";
import { letters } from "./letters.ts";
import { roleOf, roles } from "./roles.ts";
import { TopicSet } from "./topic-set.ts";
import { WordReader } from "./word-reader.ts";
import { emptyHash, entryOf, hashLetter, topicsOf, unknownWord } from "./word-table.ts";
import { WordTrail } from "./word-trail.ts";

/** How far before a value words on its line count. */
const contextUnitsMax = 40;
/** How far behind a value a bracket is read, its marks included. */
export const bracketUnitsMax = 24;

const wordPct = 35;
const behindPct = 20;
const againstPct = -40;

/**
 * What is known around the place a scan has come to: the words before it, the labels and columns it
 * stands under. Reads the text once, in order, behind the scan; what it knows depends on the text
 * before that place alone. Owned by one scan, lent to the families.
 */
export class Surroundings implements Context {
  readonly values: LabelledValues;
  readonly #trail: WordTrail;
  readonly #reader: WordReader;
  readonly #structure: Structure;
  /** Where reading stands; offset into the whole text. */
  #at = 0;
  /** The text that is lent, where it begins in the whole text, and up to where it may be read. */
  #text = "";
  #base = 0;
  #knownTo = 0;
  readonly #near = new TopicSet();
  /** Of what place that set is, its end, and where reading stood; offsets into the whole text. */
  #nearFrom = -1;
  #nearTo = -1;
  #nearAt = -1;
  readonly #behind = new TopicSet();

  /** `readers`: those of the text so far, if another one began like it. */
  constructor(values: LabelledValues, readers = createReaders(values)) {
    this.values = values;
    this.#trail = readers.trail;
    this.#reader = readers.reader;
    this.#structure = readers.structure;
  }

  /** Lends the text for a while; behind `knownTo` nothing counts. Offsets into `text`. */
  lend(text: string, base: number, knownTo: number): void {
    this.#text = text;
    this.#base = base;
    this.#knownTo = knownTo;
    this.#nearFrom = -1;
    this.values.lend(base);
  }

  /** Reads on to an offset of the lent text, and sees what begins there. */
  reach(to: number): void {
    const at = this.#at - this.#base;
    invariant(at >= 0, "surroundings are read before their text is dropped");
    if (at < to) this.#read(at, to);
    if (to < laidLength() && this.#at === this.#base + to) this.#look(to);
    if (!this.values.isEmpty) this.values.reach(this.#at);
  }

  pct(topic: Topic, start: number, end: number): number {
    if (this.#at < this.#base + start) this.reach(start);
    const place = this.#base + start;
    const label = this.#structure.pct(topic, place);
    if (label > 0 && !this.#structure.isLabelAbove) return label;
    const floor = Math.max(this.#structure.wordsFrom, place - contextUnitsMax);
    const word = this.#trail.judge(topic, place, floor);
    if (label > 0 && word >= 0) return label;
    if (word > 0) return wordPct;
    if (word < 0 || this.#structure.isAgainst(place)) return againstPct;
    const weak = this.#structure.weakPct(topic, place);
    if (weak > 0) return weak;
    this.#behind.clear();
    this.#addNamedBehind(this.#behind, end);
    if (this.#behind.has(topic)) return behindPct;
    return isAmountSign(unitAt(start - 1)) ? againstPct : 0;
  }

  near(start: number, end: number): TopicSet {
    const near = this.#near;
    const place = this.#base + start;
    if (this.#nearFrom === place && this.#nearTo === end && this.#nearAt === this.#at) return near;
    if (this.#at < place) this.reach(start);
    this.#nearFrom = place;
    this.#nearTo = end;
    this.#nearAt = this.#at;
    near.clear();
    this.#structure.addNear(near, place);
    const floor = Math.max(this.#structure.wordsFrom, place - contextUnitsMax);
    this.#trail.addNear(near, place, floor);
    this.#addNamedBehind(near, end);
    return near;
  }

  /** Words are left out: they reach no further back than a few of what was read last. */
  addOutlook(outlook: Outlook): void {
    this.values.addOutlook(outlook);
    this.#structure.addOutlook(outlook);
    outlook.addPlace(this.#at);
  }

  /** The same surroundings for a text that began alike and may go on otherwise. */
  fork(): Surroundings {
    const values = this.values.fork();
    const trail = this.#trail.fork();
    const reader = this.#reader.fork(trail);
    const structure = this.#structure.fork(trail, values);
    const fork = new Surroundings(values, { trail, reader, structure });
    fork.#at = this.#at;
    return fork;
  }

  /** All of the text was read. */
  release(): void {
    this.#trail.release();
  }

  #read(from: number, to: number): void {
    const base = this.#base;
    const trail = this.#trail;
    const reader = this.#reader;
    const structure = this.#structure;
    let at = from;
    trail.beginReading(from);
    while (at < to) {
      if (structure.awaits) at = this.#readAwaited(at, to);
      if (!structure.awaits && (reader.isOpen || !isMark(units[at] ?? 0))) {
        at = reader.read(base, at, to, structure.watchesSpace);
      }
      if (trail.runningWord !== unknownWord) this.#meetWord(base + at);
      else if (at < to) {
        this.#meetMark(roleOf(units[at] ?? 0), at);
        at += 1;
      }
    }
    this.#at = base + at;
  }

  // Goes on to what begins a line or value, and past it if it is neither letter nor mark. No letters are
  // open: the first of them would have begun it.
  #readAwaited(from: number, to: number): number {
    const structure = this.#structure;
    let at = from;
    while (structure.awaits && at < to) {
      const code = units[at] ?? 0;
      const role = roleOf(code);
      if (role > roles.space || (role === roles.space && structure.watchesSpace)) return at;
      if (role === 0) structure.meet(this.#base, at);
      if ((letters[code] ?? 0) !== 0) return at;
      at += 1;
    }
    return at;
  }

  #meetMark(role: number, at: number): void {
    const text = this.#text;
    const structure = this.#structure;
    const place = this.#base + at;
    if (structure.awaits && role > roles.newline) structure.meet(this.#base, at);
    if (role === roles.space) structure.meetSpace(place);
    else if (role < roles.wordEnd) structure.meetRole(role, this.#base, at);
    else if (role === roles.wordEnd) {
      this.#reader.matchUnspaced(text, this.#base, at);
      this.#meetWord(place + 1);
    } else if ((unitKindAt(at - 1) & wordBits) === 0) structure.meetNumber(this.#base, at);
  }

  // What begins at the place reading has come to, without reading it: a value, or what ends a word.
  #look(at: number): void {
    const code = unitAt(at);
    const isLetter = (letters[code] ?? 0) !== 0;
    if (this.#reader.isOpen) {
      if (isLetter) return;
      this.#reader.close(this.#base, at);
      this.#meetWord(this.#base + at);
    }
    const role = roleOf(code);
    const isPlain = role === 0 || role === roles.digit;
    if (this.#structure.awaits && isPlain) this.#structure.meet(this.#base, at);
  }

  // The word that ended before `end` may run into a value.
  #meetWord(end: number): void {
    const entry = this.#trail.runningWord;
    if (entry === unknownWord) return;
    this.#trail.runningWord = unknownWord;
    this.#structure.meetWord(entry, end);
  }

  // "219091234 (SSN)"
  #addNamedBehind(near: TopicSet, end: number): void {
    const open = isSpace(unitAt(end)) ? end + 1 : end;
    if (unitAt(open) !== 0x28) return;
    const limit = Math.min(this.#knownTo, end + bracketUnitsMax);
    let at = open + 1;
    while (at < limit && unitAt(at) !== 0x29) {
      let hash = emptyHash;
      const start = at;
      while (at < limit) {
        const letter = letters[unitAt(at)] ?? 0;
        if (letter === 0) break;
        hash = hashLetter(hash, letter);
        at += 1;
      }
      if (at === start) at += 1;
      else near.addAll(topicsOf(entryOf(hash)));
    }
  }
}

function createReaders(values: LabelledValues) {
  const trail = new WordTrail();
  return { trail, reader: new WordReader(trail), structure: new Structure(trail, values) };
}

// What reading words stops at in any case.
function isMark(code: number): boolean {
  const role = unitTable[code] ?? 0;
  return role >= roles.newline && role < roles.dash;
}

// A number right behind one of these counts or costs something.
function isAmountSign(code: number): boolean {
  return code === 0x23 || code === 0x24 || code === 0x20ac || code === 0xa3;
}
