import type { CandidateScan } from "../scan/candidate-scan.ts";
import type { Candidate } from "../scan/family.ts";
import { Outlook } from "../scan/outlook.ts";
import { foldedText } from "../text/folds.ts";
import { HeldText } from "./held-text.ts";
import type { BoundPattern, PatternBook } from "./pattern-book.ts";

/** Of one pattern so many matches count in a block of so many units; then the rest of it is one. */
const matchesMax = 64;
const blockUnits = 256;
/** How far before a match a word it needs may begin. */
const wordUnits = 64;
/** What is kept before the next beginning of a match: for words, and for the character before it. */
const behindUnits = wordUnits + 1;

/** How far the matches of one pattern have come. */
interface Course {
  /** No match begins before. */
  next: number;
  /** The block in which the last match began, and how many did. */
  block: number;
  matches: number;
}

/**
 * Looks for the patterns of one class. Whether and how far a match goes depends on at most
 * `reachUnits` behind its beginning, and every beginning is looked at once that much is known; so what
 * is found does not depend on the pieces. For patterns whose matches have no bound the text is looked
 * at in stretches of fixed places, each up to `reachUnits` beyond its end: a match ends there, and may
 * go on as another one.
 */
export class PatternScan implements CandidateScan {
  readonly #book: PatternBook;
  #held = new HeldText();
  /** Up to where all beginnings of matches were looked at. */
  #from = 0;
  #courses: Course[];
  /** Sorted, not overlapping; those that begin before `#from` and end where no text is yet. */
  #found: Candidate[] = [];
  #foundEnd = 0;
  #ready: Candidate[] = [];

  constructor(book: PatternBook) {
    this.#book = book;
    this.#courses = book.patterns.map(() => ({ next: 0, block: -1, matches: 0 }));
  }

  get settled(): number {
    const [first] = this.#found;
    if (first !== undefined) return first.start;
    return Math.min(this.#held.end, Math.max(this.#from, this.#foundEnd));
  }

  push(piece: string): void {
    this.#held.push(piece);
    this.#read();
  }

  end(): void {
    this.#held.isOver = true;
    this.#read();
  }

  take(): readonly Candidate[] {
    const taken = this.#ready;
    if (taken.length > 0) this.#ready = [];
    return taken;
  }

  fork(): CandidateScan {
    const fork = new PatternScan(this.#book);
    fork.#held = this.#held.copy();
    fork.#from = this.#from;
    fork.#courses = this.#courses.map((course) => ({ ...course }));
    fork.#found = [...this.#found];
    fork.#foundEnd = this.#foundEnd;
    return fork;
  }

  /** Always the same: what is found depends on what stands near it alone. */
  outlook(): Outlook {
    return new Outlook(this.#held.end);
  }

  #read(): void {
    const { strideUnits } = this.#book;
    if (strideUnits === 1) this.#look(this.#wholeBefore(this.#known(this.#held.end)));
    else {
      for (;;) {
        const to = this.#from + strideUnits;
        if (this.#known(to + this.#book.reachUnits) < to) break;
        this.#look(to);
        if (this.#from >= this.#held.end) break;
      }
    }
    this.#hand();
    this.#held.dropBefore(this.#from - behindUnits);
  }

  /** Up to where beginnings can be looked at if no text beyond `end` counts. */
  #known(end: number): number {
    const { end: known, isOver } = this.#held;
    if (isOver) return end;
    return Math.min(end, known) < end ? this.#from : end - this.#book.reachUnits;
  }

  /** No match may begin with the second half of a character. */
  #wholeBefore(to: number): number {
    const { base, text } = this.#held;
    return isLowSurrogate(text.charCodeAt(to - base)) ? to - 1 : to;
  }

  /** Looks at the beginnings from `#from` to `to`. */
  #look(to: number): void {
    if (to <= this.#from) return;
    const { base, text } = this.#held;
    const { gate, patterns, reachUnits } = this.#book;
    const start = Math.max(base, this.#from - 1);
    const region = text.slice(start - base, to + reachUnits - base);
    const found: Candidate[] = [];
    for (const index of gate(region)) {
      const [pattern, course] = [patterns[index], this.#courses[index]];
      if (pattern !== undefined && course !== undefined) {
        this.#match(pattern, course, { region, start, to, found });
      }
    }
    this.#from = to;
    this.#settle(found);
  }

  #match(
    { confidencePct, regex, words }: BoundPattern,
    course: Course,
    { found, region, start, to }: Stretch,
  ): void {
    const matcher = regex.matcher(region);
    let at = Math.max(this.#from, course.next) - start;
    while (at < region.length && start + at < to && matcher.find(at)) {
      const match = { start: start + matcher.start(), end: start + matcher.end() };
      if (match.start >= to) return;
      const end = endOf(match, course);
      course.next = end;
      at = Math.max(at + 1, end - start);
      if (match.end > match.start && this.#hasWord(match.start, words)) {
        found.push({ kind: this.#book.kind, start: match.start, end, confidencePct });
      }
    }
  }

  #hasWord(start: number, words: ReadonlySet<string>): boolean {
    if (words.size === 0) return true;
    const { base, text } = this.#held;
    const from = Math.max(0, start - wordUnits - base);
    return foldedText(text.slice(from, start - base))
      .split(" ")
      .some((word) => words.has(word));
  }

  /** Of two that overlap the one that begins first keeps all, and the rest of the other stays. */
  #settle(found: Candidate[]): void {
    if (found.length === 0) return;
    found.sort((a, b) => a.start - b.start || b.end - a.end);
    for (const candidate of found) {
      const start = Math.max(candidate.start, this.#foundEnd);
      if (start >= candidate.end) continue;
      this.#found.push(start === candidate.start ? candidate : { ...candidate, start });
      this.#foundEnd = candidate.end;
    }
  }

  /** Hands over what ends within the text that is known. */
  #hand(): void {
    const { end, isOver } = this.#held;
    const waiting: Candidate[] = [];
    for (const candidate of this.#found) {
      if (candidate.end <= end) this.#ready.push(candidate);
      else if (!isOver) waiting.push(candidate);
      else if (candidate.start < end) this.#ready.push({ ...candidate, end });
    }
    this.#found = waiting;
  }
}

interface Stretch {
  readonly region: string;
  /** Where it begins. */
  readonly start: number;
  /** Where beginnings of matches end to count. */
  readonly to: number;
  readonly found: Candidate[];
}

function isLowSurrogate(unit: number): boolean {
  return (unit & 0xfc00) === 0xdc00;
}

/** Where a match ends, or the block in which there are too many of them to tell them apart. */
function endOf(match: { readonly start: number; readonly end: number }, course: Course): number {
  const block = Math.floor(match.start / blockUnits);
  if (block !== course.block) {
    course.block = block;
    course.matches = 0;
  }
  course.matches += 1;
  if (course.matches <= matchesMax) return match.end;
  return Math.max(match.end, (block + 1) * blockUnits);
}
