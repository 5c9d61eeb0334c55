import { unitAt } from "../../text/units.ts";
import { roles } from "../context/roles.ts";
import type { TopicSet } from "../context/topic-set.ts";
import { numberWordUnitsMax } from "../context/word-reader.ts";
import { flagsOf, topicsOf, wordFlags } from "../context/word-table.ts";
import type { WordTrail } from "../context/word-trail.ts";
import type { LabelledValues } from "../labelled-values.ts";
import type { Outlook } from "../outlook.ts";
import type { Topic } from "../topics.ts";
import type { Expectation } from "./expectation.ts";
import { endFlag, endTag, meetColon, meetDash, meetEquals } from "./label-marks.ts";
import type { LabelPlace } from "./label-place.ts";
import { beginLine, endLine } from "./line-ends.ts";
import type { Lines } from "./lines.ts";
import { closeMembers, closeParen, meetDelimiter, openMembers, openParen } from "./members.ts";
import { isBeside, isEscaped, quoteRoleOf } from "./readers.ts";
import {
  addStateOutlook,
  createState,
  forkState,
  type StructureState,
  said,
} from "./structure-state.ts";
import type { ValueInForce } from "./value-in-force.ts";
import { valueKinds } from "./value-kinds.ts";

/** How far back from "is" the words of a label stand that runs into it. */
const spokenLabelUnitsMax = 48;
const unset = -1;

/** Points for a label of the topic, for a word of it, and for a key further out. */
const labelPct = 45;
const askedPct = 35;
const outerPct = 20;

/**
 * What labels say about the value that is being read: keys of JSON, YAML and forms, columns, tags,
 * flags, statements. It is shown each mark that can matter, in order, and tells the labelled values
 * where those begin and end that somebody wants to see whole. Marks announce a value (`Expectation`),
 * the next character begins it, and from there its label counts (`ValueInForce`). Offsets are into the
 * whole text. Owned by one scan.
 */
export class Structure {
  readonly #state: StructureState;
  // Parts of it that are asked at each mark or value.
  readonly #lines: Lines;
  readonly #expected: Expectation;
  readonly #value: ValueInForce;
  readonly #labelPlace: LabelPlace;

  /** The next character that is no space begins a line or a value. */
  awaits = true;
  /** Spaces matter: a flag or its value ends at one. */
  watchesSpace = false;

  /** `state`: that of the text so far, if another one began like it. */
  constructor(trail: WordTrail, values: LabelledValues, state = createState(trail, values)) {
    this.#state = state;
    this.#lines = state.lines;
    this.#expected = state.expected;
    this.#value = state.value;
    this.#labelPlace = state.labelPlace;
    this.#lookAhead();
  }

  /** Where the words begin that may say something about a value at the place being read. */
  get wordsFrom(): number {
    return Math.max(this.#lines.start, this.#value.wordsFrom);
  }

  /** Points for what labels say about a value at `start`: above 0, or 0 for nothing. */
  pct(topic: Topic, start: number): number {
    return this.#value.speaksOf(topic, start) ? labelPct : 0;
  }

  /** Whether the label in force stands on a line of its own above the value's. */
  get isLabelAbove(): boolean {
    return this.#value.kind === valueKinds.below;
  }

  /** Points for what lies further off: the line before, or a key further out. */
  weakPct(topic: Topic, start: number): number {
    if (this.#lines.isAsked(topic, start)) return askedPct;
    return this.#value.isWithin(topic) ? outerPct : 0;
  }

  /** Adds the topics for which one of the two has points. */
  addNear(near: TopicSet, start: number): void {
    this.#value.addNear(near, start);
    near.addAll(this.#lines.asked);
  }

  /** Whether the label says that this is something else. */
  isAgainst(start: number): boolean {
    return this.#value.isAgainst(start);
  }

  /** A word ended at `end` that may run into a value. */
  meetWord(entry: number, end: number): void {
    const flags = flagsOf(entry);
    if ((flags & wordFlags.speaks) !== 0) this.#expectSpoken(topicsOf(entry), end);
    else if ((flags & wordFlags.joins) !== 0) {
      const from = Math.max(this.#lines.start, end - spokenLabelUnitsMax);
      this.#state.trail.collectNearest(said, from, end);
      if (said.unknownWords === 0) this.#expectSpoken(said.topics, end);
    }
  }

  /** A number begins: perhaps right behind a word that says what it is, as in "CVV 123". */
  meetNumber(base: number, place: number): void {
    const { trail, values } = this.#state;
    const at = base + place;
    const from = Math.max(this.wordsFrom, at - numberWordUnitsMax);
    if (!trail.tellsSince(from) || this.#value.start === at) return;
    if (!isBeside(trail.end - base, place)) return;
    trail.collectNearest(said, from, at);
    if (said.isAgainst || said.unknownWords > 0 || !values.wants(said.topics)) return;
    values.open(at, said.topics, { isStructural: false, isQuoted: false });
  }

  /** The character at `at`, no space, while `awaits`: it may begin a line or a value. */
  meet(base: number, at: number): void {
    const code = unitAt(at);
    const isWithin = !this.#lines.isBlank || beginLine(this.#state, code, base + at);
    if (isWithin && this.#expected.isOpen) this.#meetExpected(base, at);
    this.#lookAhead();
  }

  /** A mark with a role, behind `meet`. */
  meetRole(role: number, base: number, at: number): void {
    const place = base + at;
    const isQuote = role === roles.quote || role === roles.apostrophe || role === roles.backtick;
    if (isQuote && isEscaped(at)) return;
    if (this.#value.isEndedBy(role, place)) this.#endValue(place);
    switch (role) {
      case roles.newline:
        endLine(this.#state, base, at);
        break;
      case roles.quote:
        this.#state.values.end(place);
        this.#labelPlace.toggleString(place);
        break;
      case roles.apostrophe:
      case roles.backtick:
        break;
      case roles.colon:
        meetColon(this.#state, base, at);
        break;
      case roles.equals:
        meetEquals(this.#state, base, at);
        break;
      default:
        this.#meetMark(role, base, at);
        break;
    }
    this.#lookAhead();
  }

  /** A space, while `watchesSpace`. */
  meetSpace(at: number): void {
    if (this.#value.endsAtSpace) this.#endValue(at);
    endFlag(this.#state, at);
    this.#lookAhead();
  }

  addOutlook(outlook: Outlook): void {
    addStateOutlook(this.#state, outlook);
    outlook.add(this.awaits);
    outlook.add(this.watchesSpace);
  }

  /** The same structure for a text that began alike and may go on otherwise. */
  fork(trail: WordTrail, values: LabelledValues): Structure {
    return new Structure(trail, values, forkState(this.#state, trail, values));
  }

  #expectSpoken(topics: TopicSet, at: number): void {
    const { expected, values } = this.#state;
    if (!values.wants(topics) || expected.isOpen) return;
    expected.expectTopics(valueKinds.spoken, topics, at);
    this.#lookAhead();
  }

  // Asked for far more often than it changes.
  #lookAhead(): void {
    this.awaits = this.#lines.isBlank || this.#expected.isOpen;
    this.watchesSpace = this.#labelPlace.flagStart !== unset || this.#value.endsAtSpace;
  }

  #meetExpected(base: number, at: number): void {
    const step = this.#expected.stepAt(base, at, this.#labelPlace.isInString);
    if (step === "waits") return;
    if (step === "begins") this.#beginValue(base + at, quoteRoleOf(unitAt(at)));
    this.#expected.drop();
  }

  // What stands behind words of a sentence has no label in force, only words before it.
  #beginValue(at: number, quoteRole: number): void {
    const { expected, value, values, nesting, tables, labelPlace } = this.#state;
    const isQuoted = quoteRole !== 0;
    const from = isQuoted ? at + 1 : at;
    const isStructural = expected.kind !== valueKinds.spoken;
    if (isStructural) {
      value.begin(expected, {
        from,
        quoteRole,
        isMember: nesting.depth > 0,
        isInString: labelPlace.isInString,
        delimiter: tables.delimiter,
      });
    }
    const { topics, isAgainst } = expected.label;
    if (isAgainst || !values.wants(topics)) return;
    values.open(from, topics, { isStructural, isQuoted });
  }

  #endValue(at: number): void {
    this.#state.values.end(at);
    this.#value.end();
  }

  // A mark that may part labels: the next one begins behind it, unless it says otherwise itself.
  #meetMark(role: number, base: number, at: number): void {
    const state = this.#state;
    const place = base + at;
    switch (role) {
      case roles.comma:
      case roles.semicolon:
      case roles.tab:
      case roles.pipe:
        meetDelimiter(state, role, base, at);
        return;
      case roles.openBrace:
      case roles.openBracket:
        openMembers(state, role === roles.openBracket, place);
        return;
      case roles.dash:
        meetDash(state, base, at);
        return;
      case roles.closeBrace:
      case roles.closeBracket:
        closeMembers(state);
        break;
      case roles.less:
        state.labelPlace.tagStart = place;
        break;
      case roles.greater:
        endTag(state, base, at);
        break;
      case roles.openParen:
        openParen(state, place);
        break;
      case roles.closeParen:
        closeParen(state, place);
        break;
      default:
        break;
    }
    state.labelPlace.start = place + 1;
  }
}
