import { Label } from "../context/label.ts";
import { roleBit, roles } from "../context/roles.ts";
import { TopicSet } from "../context/topic-set.ts";
import type { Outlook } from "../outlook.ts";
import type { Topic } from "../topics.ts";
import type { Expectation } from "./expectation.ts";
import { endingOf, valueKinds } from "./value-kinds.ts";

/** How far into a value its label still counts. */
const forceUnitsMax = 128;
const unset = -1;

/** Where a value begins, and what stands around it. */
export interface ValuePlace {
  readonly from: number;
  /** The role of the quotation mark before it, or 0. */
  readonly quoteRole: number;
  /** It stands between brackets, or within a quoted string. */
  readonly isMember: boolean;
  readonly isInString: boolean;
  /** What sets the cells of its table apart, as a role; 0 for no table. */
  readonly delimiter: number;
}

/**
 * The value behind a label that is being read, and how far what its label says is in force. Owned by
 * one scan; offsets into the whole text.
 */
export class ValueInForce {
  #kind: number = valueKinds.none;
  readonly #label = new Label();
  readonly #outer = new TopicSet();
  #start = unset;
  /** What ends it, as a mask of roles. */
  #ending = 0;
  #isQuoted = false;
  /** Words before this are of another value. */
  wordsFrom = 0;

  /** What announced it, as `valueKinds`; none behind its end. */
  get kind(): number {
    return this.#kind;
  }

  /** Where the value begins that was put in force last. */
  get start(): number {
    return this.#start;
  }

  get isQuoted(): boolean {
    return this.#isQuoted;
  }

  /** Whether it ends at a space, as the value of a flag does. */
  get endsAtSpace(): boolean {
    return (this.#ending & roleBit(roles.space)) !== 0;
  }

  /** Whether a mark with a role ends it at `at`. */
  isEndedBy(role: number, at: number): boolean {
    return (this.#ending & roleBit(role)) !== 0 && at >= this.#start;
  }

  /** Whether its label speaks of a topic, and of what stands at `start` still. */
  speaksOf(topic: Topic, start: number): boolean {
    return this.#label.topics.has(topic) && this.#reaches(start);
  }

  /** Whether a key further out speaks of a topic. */
  isWithin(topic: Topic): boolean {
    return this.#outer.has(topic);
  }

  /** Adds the topics for which one of the two holds. */
  addNear(near: TopicSet, start: number): void {
    if (this.#reaches(start)) near.addAll(this.#label.topics);
    near.addAll(this.#outer);
  }

  /** Whether the label says that this is something else. */
  isAgainst(start: number): boolean {
    return this.#label.isAgainst && start >= this.#start;
  }

  /** The value that was expected begins. */
  begin(expected: Expectation, place: ValuePlace): void {
    const { kind } = expected;
    this.#kind = kind;
    this.#label.copy(expected.label);
    this.#outer.copy(expected.outer);
    this.#start = place.from;
    this.wordsFrom = isApart(kind, place.isMember) ? expected.wordsFrom : 0;
    this.#isQuoted = place.quoteRole !== 0;
    this.#ending = this.#isQuoted ? roleBit(place.quoteRole) : endingOf(kind, place);
  }

  /** The value is over, and no label in force. */
  end(): void {
    if (this.#kind === valueKinds.none) return;
    this.#kind = valueKinds.none;
    this.#label.clear();
    this.#outer.clear();
    this.#ending = 0;
    this.#isQuoted = false;
  }

  addOutlook(outlook: Outlook): void {
    outlook.add(this.#kind);
    if (this.#kind !== valueKinds.none) outlook.addPlace(this.#start);
    this.#label.addOutlook(outlook);
    outlook.addTopics(this.#outer);
    outlook.add(this.#ending);
    outlook.add(this.#isQuoted);
    outlook.addPlace(this.wordsFrom);
  }

  fork(): ValueInForce {
    const fork = new ValueInForce();
    fork.#kind = this.#kind;
    fork.#label.copy(this.#label);
    fork.#outer.copy(this.#outer);
    fork.#start = this.#start;
    fork.#ending = this.#ending;
    fork.#isQuoted = this.#isQuoted;
    fork.wordsFrom = this.wordsFrom;
    return fork;
  }

  #reaches(start: number): boolean {
    return start >= this.#start && start - this.#start <= forceUnitsMax;
  }
}

// The value is one among others on its line, with a label of its own.
function isApart(kind: number, isMember: boolean): boolean {
  if (kind === valueKinds.below) return false;
  return kind !== valueKinds.key || isMember;
}
