import type { CandidateScan } from "../scan/candidate-scan.ts";
import type { Candidate, FindingKind } from "../scan/family.ts";
import { Outlook } from "../scan/outlook.ts";
import { folds, gap, isUnspaced, unseen } from "../text/folds.ts";
import { HeldText } from "./held-text.ts";
import type { WordFollower } from "./word-follower.ts";
import { goesOn, isEntry } from "./word-table.ts";

/** What stands for an entry is not longer, whatever is written between and inside its words. */
const termUnitsMax = 512;
/** So many characters that are no letters or digits may stand between two words of an entry. */
const gapUnitsMax = 8;

/** More text may tell. */
const waits = -1;
const none = -2;

/** What is looked for, and as what it is found. */
export interface TermBook {
  readonly kind: FindingKind;
  /** Opens one for a scan. */
  readonly follow: () => WordFollower;
  /** Whole percent. */
  readonly confidencePct: number;
}

/**
 * Looks for entries of a list: at the beginning of each word the longest entry there is, and
 * behind it for the next. Whether one is there depends on `termUnitsMax` units at the most, and a
 * beginning is left only when all that matters is known.
 */
export class TermScan implements CandidateScan {
  readonly #book: TermBook;
  readonly #follower: WordFollower;
  #held = new HeldText();
  /** Up to where everything was looked at. */
  #at = 0;
  /** In a run of letters without end, which is no word. */
  #isInRun = false;
  /** Where the word ends that was read last, or `waits`. */
  #wordEnd = 0;
  #found: Candidate[] = [];

  constructor(book: TermBook) {
    this.#book = book;
    this.#follower = book.follow();
  }

  get settled(): number {
    return this.#at;
  }

  push(piece: string): void {
    this.#held.push(piece);
    this.#read();
    this.#held.dropBefore(this.#at);
  }

  end(): void {
    this.#held.isOver = true;
    this.#read();
  }

  take(): readonly Candidate[] {
    const taken = this.#found;
    if (taken.length > 0) this.#found = [];
    return taken;
  }

  fork(): CandidateScan {
    const fork = new TermScan(this.#book);
    fork.#held = this.#held.copy();
    fork.#at = this.#at;
    fork.#isInRun = this.#isInRun;
    return fork;
  }

  outlook(): Outlook {
    const outlook = new Outlook(this.#held.end);
    outlook.addPlace(this.#at);
    outlook.add(this.#isInRun);
    return outlook;
  }

  #read(): void {
    const { base, text } = this.#held;
    const { confidencePct, kind } = this.#book;
    let at = this.#at - base;
    while (at < text.length) {
      at = this.#isInRun ? this.#skipRun(text, at) : skipGap(text, at);
      if (at >= text.length) break;
      const end = this.#entryAt(text, at);
      if (end === waits) break;
      if (end !== none)
        this.#found.push({ kind, start: base + at, end: base + end, confidencePct });
      at = end === none ? this.#wordEnd : end;
    }
    this.#at = base + Math.min(at, text.length);
  }

  #skipRun(text: string, from: number): number {
    let at = from;
    while (at < text.length && !partsRun(folds[text.charCodeAt(at)] ?? gap)) at += 1;
    this.#isInRun = at >= text.length;
    return at;
  }

  /** Where the longest entry ends that begins here, `none` or `waits`. */
  #entryAt(text: string, start: number): number {
    const last = start + termUnitsMax;
    this.#follower.begin();
    const end = this.#readWord(text, start, last);
    if (end === waits) return waits;
    this.#wordEnd = end;
    this.#isInRun = end >= last;
    return this.#isInRun ? none : this.#longestFrom(text, { start, end, last });
  }

  /** The same, where the first word is read. */
  #longestFrom(text: string, { end: firstEnd, last, start }: FirstWord): number {
    const follower = this.#follower;
    let longest = none;
    let from = start;
    let end = firstEnd;
    while (end < last) {
      const flags = follower.flags(text, from);
      if ((flags & isEntry) !== 0) longest = end;
      if ((flags & goesOn) === 0) break;
      from = this.#nextWord(text, end, last);
      if (from === waits) return waits;
      if (from === none || !follower.part(text, end, from)) break;
      end = this.#readWord(text, from, last);
      if (end === waits) return waits;
    }
    return longest;
  }

  /** Has the word followed that begins at `from`; where it ends, or `waits`. */
  #readWord(text: string, from: number, last: number): number {
    const follower = this.#follower;
    let at = from;
    let isOver = false;
    for (; at < text.length && at < last; at += 1) {
      const fold = folds[text.charCodeAt(at)] ?? gap;
      if (fold === unseen) continue;
      if (isOver || fold === gap) return at;
      const isWhole = isUnspaced(fold);
      if (isWhole && at > from) return at;
      follower.add(fold);
      isOver = isWhole;
    }
    return at < last && !this.#held.isOver ? waits : at;
  }

  /** Where the next word of an entry begins, `none` or `waits`. */
  #nextWord(text: string, from: number, last: number): number {
    const most = Math.min(last, from + gapUnitsMax + 1);
    for (let at = from; at < text.length && at < most; at += 1) {
      const fold = folds[text.charCodeAt(at)] ?? gap;
      if (fold !== gap && fold !== unseen) return at;
    }
    return text.length < most && !this.#held.isOver ? waits : none;
  }
}

interface FirstWord {
  readonly start: number;
  readonly end: number;
  /** No entry goes on so far. */
  readonly last: number;
}

function skipGap(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const fold = folds[text.charCodeAt(at)] ?? gap;
    if (fold !== gap && fold !== unseen) return at;
    at += 1;
  }
  return at;
}

/** A run of letters ends with a gap, and where a script without spaces begins. */
function partsRun(fold: number): boolean {
  return fold === gap || isUnspaced(fold);
}
