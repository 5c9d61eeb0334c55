import { Label } from "../context/label.ts";
import { letters } from "../context/letters.ts";
import { roleBit, roles } from "../context/roles.ts";
import { TopicSet } from "../context/topic-set.ts";
import { flagsOf, topicsOf, wordFlags } from "../context/word-table.ts";
import type { WordTrail } from "../context/word-trail.ts";
import type { LabelledValues } from "../labelled-values.ts";
import { type Topic, topics } from "../topics.ts";
import { assignedKeyStart, isPadding } from "./assigned-keys.ts";
import { Lines, labelLineUnitsMax } from "./lines.ts";
import { Nesting } from "./nesting.ts";
import { Outline } from "./outline.ts";
import {
  isBeside,
  isDigit,
  isEscaped,
  isLineEnd,
  isLineMark,
  isProse,
  lastCode,
  quoteRoleOf,
} from "./readers.ts";
import { Statements } from "./statements.ts";
import { Tables } from "./tables.ts";
import { endingOf, isEnclosed, valueKinds } from "./value-kinds.ts";

/** How far back from a colon the words of its label stand. */
const labelUnitsMax = 64;
/** The same for a label that runs into "is". */
const spokenLabelUnitsMax = 48;
/** How far before a number a word stands that it belongs to. */
const besideUnitsMax = 24;
/** How far into a value its label still counts. */
const forceUnitsMax = 128;
/** What is looked at of the line before. */
const saidUnitsMax = 120;
const tagUnitsMax = 200;
const tagNameUnitsMax = 64;
const unset = -1;

/** Points for a label of the topic, for a word of it, and for a key further out. */
const labelPct = 45;
const askedPct = 35;
const outerPct = 20;

/**
 * What labels say about the value that is being read: keys of JSON, YAML and forms, columns, tags,
 * flags, statements. It is shown each mark that can matter, in order, and tells `values` where values
 * begin and end that somebody wants to see whole. Offsets are into the whole text. Owned by one scan.
 */
export class Structure {
  readonly #trail: WordTrail;
  readonly #values: LabelledValues;
  #lines = new Lines();
  #tables = new Tables();
  #nesting = new Nesting();
  #outline = new Outline();
  #statements = new Statements();

  /** The next character that is no space begins a line or a value. */
  awaits = true;
  /** Spaces matter: a flag or its value ends at one. */
  watchesSpace = false;

  /** The kind of value that is expected, with its label, and where that ended. */
  #expected: number = valueKinds.none;
  readonly #expectedLabel = new Label();
  readonly #expectedOuter = new TopicSet();
  #expectedAt = unset;
  #expectedFrom = 0;
  /** The value being read: its label, where it began and what ends it. */
  #kind: number = valueKinds.none;
  readonly #label = new Label();
  readonly #outer = new TopicSet();
  #valueStart = unset;
  #ending = 0;
  #isQuoted = false;
  /** Words before this are of another value. */
  #wordsFrom = 0;

  #keyStart = 0;
  #isInString = false;
  #stringEnd = unset;
  #tagStart = unset;
  #flagStart = unset;
  /** The line begins with marks, one of which makes it an item of a list. */
  #hasLineMark = false;
  #isItem = false;
  readonly #scratch = new Label();

  constructor(trail: WordTrail, values: LabelledValues) {
    this.#trail = trail;
    this.#values = values;
  }

  /** Where the words begin that may say something about a value at the place being read. */
  get wordsFrom(): number {
    return Math.max(this.#lines.start, this.#wordsFrom);
  }

  /** Points for what labels say about a value at `start`: above 0, or 0 for nothing. */
  pct(topic: Topic, start: number): number {
    const isInForce = start >= this.#valueStart && start - this.#valueStart <= forceUnitsMax;
    return isInForce && this.#label.topics.has(topic) ? labelPct : 0;
  }

  /** Points for what lies further off: the line before, or a key further out. */
  weakPct(topic: Topic, start: number): number {
    if (this.#lines.isAsked(topic, start)) return askedPct;
    return this.#outer.has(topic) ? outerPct : 0;
  }

  /** Adds the topics for which one of the two has points. */
  addNear(near: TopicSet, start: number): void {
    if (start >= this.#valueStart && start - this.#valueStart <= forceUnitsMax) {
      near.addAll(this.#label.topics);
    }
    near.addAll(this.#outer);
    near.addAll(this.#lines.asked);
  }

  /** Whether the label says that this is something else. */
  isAgainst(start: number): boolean {
    return this.#label.isAgainst && start >= this.#valueStart;
  }

  /** A word ended at `end` that may run into a value. */
  meetWord(entry: number, end: number): void {
    const flags = flagsOf(entry);
    if ((flags & wordFlags.speaks) !== 0) this.#expectSpoken(topicsOf(entry), end);
    else if ((flags & wordFlags.joins) !== 0) {
      const from = Math.max(this.#lines.start, end - spokenLabelUnitsMax);
      this.#trail.collectNearest(this.#scratch, from, end);
      const { topics, unknownWords } = this.#scratch;
      if (unknownWords === 0) this.#expectSpoken(topics, end);
    }
  }

  /** A number begins: perhaps right behind a word that says what it is, as in "CVV 123". */
  meetNumber(text: string, base: number, place: number): void {
    const at = base + place;
    if (this.#valueStart === at || !isBeside(text, this.#trail.end - base, place)) return;
    const from = Math.max(this.wordsFrom, at - besideUnitsMax);
    this.#trail.collectNearest(this.#scratch, from, at);
    const { topics, isAgainst, unknownWords } = this.#scratch;
    if (isAgainst || unknownWords > 0 || !this.#values.wants(topics)) return;
    this.#values.open(at, topics, { isStructural: false, isQuoted: false });
  }

  /** The character at `at`, no space, while `awaits`: it may begin a line or a value. */
  meet(text: string, base: number, at: number): void {
    const code = text.charCodeAt(at);
    if (this.#lines.isBlank && !this.#beginsLine(code, base + at)) return;
    if (this.#expected === valueKinds.none) {
      this.awaits = false;
      return;
    }
    const step = this.#stepAt(text, base, at);
    if (step === "waits") return;
    if (step === "begins") this.#beginValue(base + at, quoteRoleOf(code));
    else this.#expected = valueKinds.none;
    this.awaits = false;
  }

  /** A mark with a role, behind `meet`. */
  meetRole(role: number, text: string, base: number, at: number): void {
    const place = base + at;
    const isQuote = role === roles.quote || role === roles.apostrophe || role === roles.backtick;
    if (isQuote && isEscaped(text, at)) return;
    if ((this.#ending & roleBit(role)) !== 0 && place >= this.#valueStart) this.#endValue(place);
    if (role === roles.newline) this.#endLine(text, base, at);
    else if (role === roles.quote) this.#toggleString(place);
    else if (role === roles.colon) this.#meetColon(text, base, at);
    else if (role === roles.equals) this.#meetEquals(text, base, at);
    else if (!isQuote) this.#meetMark(role, text, base, at);
  }

  /** A space, while `watchesSpace`. */
  meetSpace(at: number): void {
    this.watchesSpace = false;
    if ((this.#ending & roleBit(roles.space)) !== 0) this.#endValue(at);
    if (this.#flagStart === unset) return;
    this.#trail.collect(this.#scratch, this.#flagStart, at);
    this.#flagStart = unset;
    if (this.#scratch.saysSomething) this.#expect(valueKinds.flag, this.#scratch, at);
  }

  /** The same structure for a text that began alike and may go on otherwise. */
  fork(trail: WordTrail, values: LabelledValues): Structure {
    const fork = new Structure(trail, values);
    fork.#lines = this.#lines.fork();
    fork.#tables = this.#tables.fork();
    fork.#nesting = this.#nesting.fork();
    fork.#outline = this.#outline.fork();
    fork.#statements = this.#statements.fork();
    fork.awaits = this.awaits;
    fork.watchesSpace = this.watchesSpace;
    fork.#expected = this.#expected;
    fork.#expectedLabel.copy(this.#expectedLabel);
    fork.#expectedOuter.copy(this.#expectedOuter);
    fork.#expectedAt = this.#expectedAt;
    fork.#kind = this.#kind;
    fork.#label.copy(this.#label);
    fork.#outer.copy(this.#outer);
    fork.#valueStart = this.#valueStart;
    fork.#ending = this.#ending;
    fork.#isQuoted = this.#isQuoted;
    fork.#wordsFrom = this.#wordsFrom;
    fork.#expectedFrom = this.#expectedFrom;
    fork.#keyStart = this.#keyStart;
    fork.#isInString = this.#isInString;
    fork.#stringEnd = this.#stringEnd;
    fork.#tagStart = this.#tagStart;
    fork.#flagStart = this.#flagStart;
    fork.#hasLineMark = this.#hasLineMark;
    fork.#isItem = this.#isItem;
    return fork;
  }

  // What begins here: a line, perhaps as an item of a list. False for marks before that.
  #beginsLine(code: number, at: number): boolean {
    if (isLineMark(code)) {
      this.#isItem ||= code === 0x2d;
      this.#hasLineMark = true;
      return false;
    }
    const isItem = this.#isItem;
    this.#isItem = false;
    this.#lines.contentStart = at;
    this.#outline.enter(at - this.#lines.start, isItem);
    if (isProse(code)) this.#nesting.meetProse();
    if (this.#expected !== valueKinds.none) return true;
    const { topics } = this.#outline;
    if (isItem && topics !== undefined && !topics.isEmpty) {
      this.#expectTopics(valueKinds.item, topics, at);
    } else if (this.#lines.above.saysSomething) {
      this.#expect(valueKinds.below, this.#lines.above, at);
    }
    return true;
  }

  #stepAt(text: string, base: number, at: number): "waits" | "begins" | "cancels" {
    const code = text.charCodeAt(at);
    const isAdjacent = base + at === this.#expectedAt + 1;
    switch (code) {
      case 0x2a:
        return "waits";
      case 0x3d:
      case 0x3e:
        return this.#expected === valueKinds.tag ? "begins" : "waits";
      case 0x3a:
      case 0x2f:
        return isAdjacent && this.#expected === valueKinds.key ? "cancels" : "begins";
      case 0x22:
        return this.#isInString ? "cancels" : "begins";
      case 0x7b:
      case 0x5b:
        return "waits";
      case 0x2c:
      case 0x3b:
      case 0x7c:
      case 0x09:
      case 0x7d:
      case 0x5d:
      case 0x3c:
        return "cancels";
      default:
        return isAdjacent && this.#isTime(text, base, code) ? "cancels" : "begins";
    }
  }

  // "10:30": a colon between two digits is no label's.
  #isTime(text: string, base: number, code: number): boolean {
    if (this.#expected !== valueKinds.key || !isDigit(code)) return false;
    return isDigit(text.charCodeAt(this.#expectedAt - base - 1));
  }

  #beginValue(at: number, quoteRole: number): void {
    const isQuoted = quoteRole !== 0;
    const from = isQuoted ? at + 1 : at;
    if (this.#expected !== valueKinds.spoken) this.#putInForce(from, quoteRole);
    const { topics, isAgainst } = this.#expectedLabel;
    if (!isAgainst && this.#values.wants(topics)) {
      const isStructural = this.#expected !== valueKinds.spoken;
      this.#values.open(from, topics, { isStructural, isQuoted });
    }
    this.#expected = valueKinds.none;
  }

  #putInForce(from: number, quoteRole: number): void {
    this.#kind = this.#expected;
    this.#label.copy(this.#expectedLabel);
    this.#outer.copy(this.#expectedOuter);
    this.#valueStart = from;
    this.#wordsFrom = this.#isApart ? this.#expectedFrom : 0;
    this.#isQuoted = quoteRole !== 0;
    this.#ending = this.#isQuoted
      ? roleBit(quoteRole)
      : endingOf(this.#kind, {
          isMember: this.#nesting.depth > 0,
          isInString: this.#isInString,
          delimiter: this.#tables.delimiter,
        });
    this.watchesSpace ||= (this.#ending & roleBit(roles.space)) !== 0;
  }

  /** The value is one among others on its line, with a label of its own. */
  get #isApart(): boolean {
    if (this.#kind === valueKinds.below) return false;
    return this.#kind !== valueKinds.key || this.#nesting.depth > 0;
  }

  #endValue(at: number): void {
    this.#values.end(at);
    this.#kind = valueKinds.none;
    this.#label.clear();
    this.#outer.clear();
    this.#ending = 0;
    this.#isQuoted = false;
  }

  #expect(kind: number, label: Label, at: number): void {
    this.#expectUnknown(kind, at);
    this.#expectedLabel.copy(label);
  }

  #expectTopics(kind: number, topics: TopicSet, at: number): void {
    this.#expectUnknown(kind, at);
    this.#expectedLabel.topics.copy(topics);
  }

  #expectUnknown(kind: number, at: number): void {
    this.#expectedLabel.clear();
    this.#expected = kind;
    this.#expectedOuter.clear();
    this.#expectedAt = at;
    this.#expectedFrom = at;
    this.awaits = true;
  }

  #expectSpoken(topics: TopicSet, at: number): void {
    if (!this.#values.wants(topics) || this.#expected !== valueKinds.none) return;
    this.#expectTopics(valueKinds.spoken, topics, at);
  }

  // ":=" assigns: what stands before the colon is the label still.
  #meetEquals(text: string, base: number, at: number): void {
    const place = base + at;
    if (this.#expected === valueKinds.key && this.#expectedAt === place - 1) return;
    if (isPadding(text, at)) return;
    const start = assignedKeyStart(text, at);
    this.#meetLabel(valueKinds.assigned, place, start === at ? 0 : base + start);
  }

  #meetLabel(kind: number, at: number, wordsFrom = 0): void {
    const label = this.#scratch;
    const isBehindString = this.#stringEnd > this.#keyStart && this.#stringEnd < at - 1;
    const from = Math.max(wordsFrom, isBehindString ? this.#stringEnd + 1 : this.#keyStart);
    this.#trail.collect(label, Math.max(from, at - labelUnitsMax, this.#lines.start), at);
    this.#flagStart = unset;
    this.#keyStart = at + 1;
    if (!this.#isInString) this.#tables.refuseHeader();
    const saysSomething = label.saysSomething;
    if (!saysSomething && (this.#isQuoted || isEnclosed(this.#kind))) return;
    const isNeutral = label.isNeutral;
    if (saysSomething) this.#values.end(label.start, at);
    if (!saysSomething || label.topics.has(topics.person)) this.#lines.meetSpeaker(at + 1);
    const outer = this.#nesting.depth > 0 ? this.#nesting.topics : this.#outline.topics;
    if (!saysSomething && isNeutral && outer !== undefined) label.topics.copy(outer);
    this.#expect(kind, label, at);
    this.#expectedFrom = from;
    if (!saysSomething && !isNeutral && outer !== undefined) this.#expectedOuter.copy(outer);
  }

  // "-----END PRIVATE KEY-----:" ends in a rule, not in a label.
  #meetColon(text: string, base: number, at: number): void {
    const isRuled = at > 0 && text.charCodeAt(at - 1) === 0x2d;
    if (!isRuled) this.#meetLabel(valueKinds.key, base + at);
  }

  #toggleString(at: number): void {
    this.#values.end(at);
    this.#isInString = !this.#isInString;
    if (this.#isInString) this.#keyStart = at + 1;
    else {
      this.#stringEnd = at;
    }
  }

  #meetMark(role: number, text: string, base: number, at: number): void {
    const place = base + at;
    switch (role) {
      case roles.comma:
      case roles.semicolon:
      case roles.tab:
      case roles.pipe:
        this.#meetDelimiter(role, text, base, at);
        return;
      case roles.openBrace:
      case roles.openBracket:
        this.#open(role === roles.openBracket, place);
        return;
      case roles.closeBrace:
      case roles.closeBracket:
        if (!this.#isShielded) this.#nesting.close();
        break;
      case roles.less:
        this.#tagStart = place;
        break;
      case roles.greater:
        this.#endTag(text, base, place);
        break;
      case roles.openParen:
        this.#openParen(place);
        break;
      case roles.closeParen:
        this.#closeParen(place);
        break;
      case roles.dash:
        this.#meetDash(text, base, at);
        return;
      default:
        break;
    }
    this.#keyStart = place + 1;
  }

  /** Marks of structure stand in a string, where they are text. */
  get #isShielded(): boolean {
    return this.#isInString || this.#isQuoted;
  }

  #meetDelimiter(role: number, text: string, base: number, at: number): void {
    const place = base + at;
    const keyStart = this.#keyStart;
    this.#keyStart = place + 1;
    if (this.#isShielded) return;
    if (role === roles.semicolon) this.#statements.end();
    if (role === roles.comma && this.#statements.isInColumns) {
      this.#trail.collect(this.#scratch, keyStart, place);
      this.#statements.addColumn(this.#scratch);
    } else if (role === roles.comma && this.#statements.isInRow) {
      this.#statements.endCell();
      this.#expectColumn(valueKinds.rowValue, this.#statements.column, place);
    } else {
      this.#meetCell(role, text, base, at);
      const items = role === roles.comma ? this.#nesting.arrayTopics : undefined;
      if (items !== undefined && !items.isEmpty) {
        this.#expectTopics(valueKinds.item, items, place);
      }
    }
  }

  #meetCell(role: number, text: string, base: number, at: number): void {
    const place = base + at;
    const tables = this.#tables;
    if (tables.delimiter === role) {
      tables.endCell(place);
      this.#expectColumn(valueKinds.cell, tables.column, place);
    } else if (tables.asksForHeader(role, place)) {
      this.#trail.collect(this.#scratch, tables.cellStart, place);
      tables.addHeader(text, base, place, this.#scratch);
      tables.endCell(place);
    }
  }

  #expectColumn(kind: number, column: Label | undefined, at: number): void {
    if (column !== undefined) this.#expect(kind, column, at);
    else this.#expectUnknown(kind, at);
  }

  #open(isArray: boolean, at: number): void {
    if (this.#isShielded) return;
    const isExpected = this.#expected !== valueKinds.none && this.#expected !== valueKinds.spoken;
    const topics = isExpected ? this.#expectedLabel.topics : undefined;
    this.#nesting.open(isArray, topics);
    this.#expected = valueKinds.none;
    this.#keyStart = at + 1;
    const items = this.#nesting.arrayTopics;
    if (items !== undefined && !items.isEmpty) this.#expectTopics(valueKinds.item, items, at);
  }

  // "<ssn>" and "<ssn id=1>": the name of the tag is the label of what follows.
  #endTag(text: string, base: number, at: number): void {
    const tagStart = this.#tagStart;
    this.#tagStart = unset;
    if (tagStart === unset || at - tagStart > tagUnitsMax || this.#isQuoted) return;
    if ((letters[text.charCodeAt(tagStart - base + 1)] ?? 0) === 0) return;
    let nameEnd = tagStart + 1;
    while (nameEnd < at && nameEnd - tagStart < tagNameUnitsMax) {
      if (text.charCodeAt(nameEnd - base) === 0x20) break;
      nameEnd += 1;
    }
    this.#trail.collect(this.#scratch, tagStart, nameEnd);
    this.#expect(valueKinds.tag, this.#scratch, at);
  }

  #openParen(at: number): void {
    if (this.#isShielded) return;
    const into = this.#trail.hasRecent(wordFlags.into, 5, at - labelUnitsMax);
    const values = this.#trail.hasRecent(wordFlags.values, 1, at - labelUnitsMax);
    this.#statements.open(at, { into, values });
    if (this.#statements.isInRow) {
      this.#expectColumn(valueKinds.rowValue, this.#statements.column, at);
    }
  }

  #closeParen(at: number): void {
    if (this.#isShielded) return;
    if (this.#statements.isInColumns) {
      this.#trail.collect(this.#scratch, this.#keyStart, at);
      this.#statements.addColumn(this.#scratch);
    }
    this.#statements.close(at);
  }

  // "--password hunter2"
  #meetDash(text: string, base: number, at: number): void {
    if (text.charCodeAt(at - 1) !== 0x2d) return;
    const before = at >= 2 ? text.charCodeAt(at - 2) : 0x20;
    if (before !== 0x20 && before !== 0x27 && before !== 0x22 && !isLineEnd(before)) return;
    this.#flagStart = base + at + 1;
    this.watchesSpace = true;
  }

  #endLine(text: string, base: number, at: number): void {
    const place = base + at;
    const isSecondHalf = text.charCodeAt(at) === 0x0a && at > 0 && text.charCodeAt(at - 1) === 0x0d;
    if (!isSecondHalf) this.#closeLine(text, base, at);
    this.#lines.start = place + 1;
    this.#tables.beginLine(place + 1);
    this.#keyStart = place + 1;
    const goesOn = this.#expected === valueKinds.item || this.#expected === valueKinds.rowValue;
    if (!goesOn) this.#expected = valueKinds.none;
    this.awaits = true;
    if (this.#tables.isOpen) this.#expectColumn(valueKinds.cell, this.#tables.column, place);
  }

  #closeLine(text: string, base: number, at: number): void {
    const place = base + at;
    if (!this.#isQuoted || this.#kind === valueKinds.none) this.#values.end(place);
    const said = this.#scratch;
    const isKey = this.#expected === valueKinds.key || this.#expected === valueKinds.assigned;
    if (this.#tables.mayEndHeader(place)) {
      this.#trail.collect(said, this.#tables.cellStart, place);
      this.#tables.addHeader(text, base, place, said);
    }
    this.#tables.endLine(this.#lines.isBlank && !this.#hasLineMark);
    if (isKey) {
      said.copy(this.#expectedLabel);
      this.#outline.open(this.#lines.contentStart - this.#lines.start, said.topics);
    } else if (!this.#lines.isBlank) {
      const from = Math.max(this.#lines.start, place - saidUnitsMax);
      this.#trail.collect(said, from, place);
    }
    this.#lines.lastCode = lastCode(text, at);
    this.#lines.end(said, isKey ? said.saysSomething : this.#isLabelLine(said, place));
    this.#trail.endLine();
    this.#kind = valueKinds.none;
    this.#label.clear();
    this.#outer.clear();
    this.#ending = 0;
    this.#isQuoted = false;
    this.#isInString = false;
    this.#stringEnd = unset;
    this.#flagStart = unset;
    this.#isItem = false;
    this.#hasLineMark = false;
    this.watchesSpace = false;
  }

  // "Social security number": all of a short line is a label, and nothing on it is parted.
  #isLabelLine(said: Label, at: number): boolean {
    return (
      this.#keyStart === this.#lines.start &&
      this.#nesting.depth === 0 &&
      at - this.#lines.contentStart <= labelLineUnitsMax &&
      !said.topics.isEmpty &&
      said.unknownWords === 0
    );
  }
}
