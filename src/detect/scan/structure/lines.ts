import { Label } from "../context/label.ts";
import { TopicSet } from "../context/topic-set.ts";
import type { Outlook } from "../outlook.ts";
import type { Topic } from "../topics.ts";

/** A line of at most this many units may be a label for the next one. */
export const labelLineUnitsMax = 40;
/** The longest name of a speaker. */
const speakerUnitsMax = 32;
/** How far into a line an answer to the line before may stand. */
const answerUnitsMax = 48;

/** What lines before the one being read say about it. Owned by one scan; offsets into the whole text. */
export class Lines {
  /** Where the line begins. */
  start = 0;
  /** Its first character that is no space nor a mark of a list or quote, or -1. */
  #contentStart = -1;
  /** It begins with marks, one of which makes it an item of a list. */
  #hasMark = false;
  #isItem = false;
  /** A label that stands alone above this line, which its value follows. */
  readonly above = new Label();
  /** What the turn before asks for, or the line before speaks of. */
  readonly #asked = new TopicSet();
  #isQuestion = false;
  #blankLines = 0;
  /** The line has a speaker or key: where what it says begins. */
  #saidFrom = -1;
  #hadSpeaker = false;

  /** What `isAsked` may hold of. Lent; not to be changed. */
  get asked(): TopicSet {
    return this.#asked;
  }

  get contentStart(): number {
    return this.#contentStart;
  }

  get isBlank(): boolean {
    return this.#contentStart < 0;
  }

  get hasMark(): boolean {
    return this.#hasMark;
  }

  /** The line that is about to begin is an item of a list. */
  get isItem(): boolean {
    return this.#isItem;
  }

  /** The line before is empty. */
  get isBehindBlank(): boolean {
    return this.#blankLines > 0;
  }

  /** A mark stands before the line. */
  meetMark(code: number): void {
    this.#isItem ||= code === 0x2d;
    this.#hasMark = true;
  }

  /** What the line says begins at `at`. */
  begin(at: number): void {
    this.#isItem = false;
    this.#contentStart = at;
  }

  /** A key without topics ended here, as "Caller:" does: the rest of the line is what is said. */
  meetSpeaker(at: number): void {
    if (this.#saidFrom < 0 && at - this.#contentStart <= speakerUnitsMax) this.#saidFrom = at;
  }

  /** Whether this line may ask something of the next, by its last character: a question or a turn. */
  isAsking(lastCode: number): boolean {
    return this.#saidFrom >= 0 || lastCode === 0x3f || lastCode === 0xff1f;
  }

  /** Whether the line before asks for a value of what a topic set is asked with, at this place. */
  isAsked(topic: Topic, start: number): boolean {
    if (!this.#asked.has(topic)) return false;
    const isTurn = this.#saidFrom >= 0 && this.#hadSpeaker;
    if (!this.#isQuestion && !isTurn) return false;
    return start - Math.max(this.#contentStart, this.#saidFrom) <= answerUnitsMax;
  }

  /** The line ends, which has nothing but spaces and marks; `start` stays as it is. */
  endBlank(): void {
    this.#blankLines += 1;
    if (this.#blankLines > 1) this.#forget();
    this.#isItem = false;
    this.#hasMark = false;
  }

  /**
   * Any other line ends, but `start` stays as it is. `said`: what its last words say, if that matters;
   * `isLabel`: whether it is a label for the next; `lastCode`: its last character that is no space.
   */
  end(said: Label | undefined, isLabel: boolean, lastCode: number): void {
    this.#forget();
    if (isLabel && said !== undefined) this.above.copy(said);
    else if (said !== undefined) this.#asked.copy(said.topics);
    this.#isQuestion = lastCode === 0x3f || lastCode === 0xff1f;
    this.#hadSpeaker = this.#saidFrom >= 0;
    this.#blankLines = 0;
    this.#contentStart = -1;
    this.#isItem = false;
    this.#hasMark = false;
    this.#saidFrom = -1;
  }

  addOutlook(outlook: Outlook): void {
    outlook.addPlace(this.start);
    outlook.addPlace(this.#contentStart);
    outlook.add(this.isBlank ? 0 : this.#contentStart - this.start);
    outlook.add(this.#hasMark);
    outlook.add(this.#isItem);
    this.above.addOutlook(outlook);
    outlook.addTopics(this.#asked);
    outlook.add(this.#isQuestion);
    outlook.add(Math.min(this.#blankLines, 2));
    outlook.addPlace(this.#saidFrom);
    outlook.add(this.#hadSpeaker);
  }

  fork(): Lines {
    const fork = new Lines();
    fork.start = this.start;
    fork.#contentStart = this.#contentStart;
    fork.#hasMark = this.#hasMark;
    fork.#isItem = this.#isItem;
    fork.above.copy(this.above);
    fork.#asked.copy(this.#asked);
    fork.#isQuestion = this.#isQuestion;
    fork.#blankLines = this.#blankLines;
    fork.#saidFrom = this.#saidFrom;
    fork.#hadSpeaker = this.#hadSpeaker;
    return fork;
  }

  #forget(): void {
    this.above.clear();
    this.#asked.clear();
    this.#isQuestion = false;
    this.#hadSpeaker = false;
  }
}
