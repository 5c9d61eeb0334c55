import { invariant } from "../../base/index.ts";
import {
  jsonWebTokenKind,
  jsonWebTokenPct,
  type OpenToken,
  openTokenAt,
  readToken,
} from "../secret/json-web-token.ts";
import {
  blockStart,
  isAbsent,
  type KeyBlock,
  markerEnd,
  needsMore,
  openBlock,
  privateKeyKind,
  privateKeyPct,
  readBlock,
  shiftBlock,
} from "../secret/private-key.ts";
import { atBit, codeAt, digitBit, isSpace, kindAt, kindOf } from "../text/character-kind.ts";
import {
  chainTailUnits,
  chainUnitsMax,
  findingUnitsMax,
  lookBehindUnits,
  windowStrideUnits,
  windowUnitsMax,
} from "./bounds.ts";
import type { Candidate, FindingKind } from "./family.ts";
import type { Judge } from "./judge.ts";
import { type NumberGap, readNumberGap } from "./number-gap.ts";

/** Shorter segments hold no value; longer ones without digit or at sign may hold a secret. */
const segmentUnitsMin = 6;
const secretUnitsMin = 20;
/** The buffer drops what nobody looks at any more once it is this much. */
const dropUnitsMin = 1024;
const unset = -1;

/**
 * Where a value can be: every family needs a digit, an at sign, a hyphen or underscore, or one of the
 * openings of secrets that may lack all four. The classes and first letters are few and rare, which
 * lets the engine look at many characters at once.
 */
const sign = /[-0-9@_]|A[KSBC][IC]A|(?<=ey)J/g;

/** How a run of characters ended: the text must show more, its segment is over, or goes on. */
type RunEnd = "waits" | "over" | "goes_on" | "opens_block";

/**
 * One text, read once from left to right. It is cut into segments that no value reaches out of: runs
 * between breaks, with the groups of a spaced number kept together. Where a segment ends depends on
 * the text alone, never on the pieces it comes in, and only whole segments are judged; so findings do
 * not depend on the pieces either. Private keys and tokens without end are read in modes of their own.
 */
export class RuleScan {
  readonly #judge: Judge;
  /** What is held, and `lookBehindUnits` before it. All offsets but `#base` are into this. */
  #text = "";
  /** Offset of the buffer in the whole text. */
  #base = 0;
  #at = 0;
  #segmentStart = unset;
  #runStart = unset;
  /** Kinds of characters in the segment so far. */
  #kinds = 0;
  /** Characters an IBAN begun in this segment still lacks. */
  #ibanMissing = 0;
  #block: KeyBlock | undefined;
  #token: OpenToken | undefined;
  /** Up to where an open key or token is reported. */
  #pieceStart = 0;
  #isEnded = false;
  /** Where the next sign of a value was seen, or the text ended; old once `#at` is beyond it. */
  #signAt = unset;
  /** What was found and not taken yet; offsets into the whole text. */
  #found: Candidate[] = [];

  constructor(judge: Judge) {
    this.#judge = judge;
  }

  /** As `TextScan` promises it. */
  get settled(): number {
    return this.#base + this.#settledInBuffer();
  }

  push(piece: string): void {
    invariant(!this.#isEnded, "a text scan takes no piece after its end");
    this.#dropSettled();
    this.#text += piece;
    this.#read();
  }

  end(): void {
    this.#isEnded = true;
    this.#read();
  }

  /** What was found before `settled` and not taken yet, sorted; offsets into the whole text. */
  take(): readonly Candidate[] {
    const taken = this.#found;
    this.#found = [];
    return taken;
  }

  /** A scan of a text that began like this one and may go on otherwise. It finds only what comes. */
  fork(): RuleScan {
    const fork = new RuleScan(this.#judge);
    fork.#text = this.#text;
    fork.#base = this.#base;
    fork.#at = this.#at;
    fork.#segmentStart = this.#segmentStart;
    fork.#runStart = this.#runStart;
    fork.#kinds = this.#kinds;
    fork.#ibanMissing = this.#ibanMissing;
    fork.#block = this.#block === undefined ? undefined : { ...this.#block };
    fork.#token = this.#token === undefined ? undefined : { ...this.#token };
    fork.#pieceStart = this.#pieceStart;
    fork.#isEnded = this.#isEnded;
    fork.#signAt = this.#signAt;
    return fork;
  }

  #settledInBuffer(): number {
    if (this.#block !== undefined && !this.#block.isKey) return this.#block.start;
    if (this.#block !== undefined || this.#token !== undefined) return this.#pieceStart;
    return this.#segmentStart === unset ? this.#at : this.#segmentStart;
  }

  #dropSettled(): void {
    const units = this.#settledInBuffer() - lookBehindUnits;
    if (units < dropUnitsMin) return;
    this.#text = this.#text.slice(units);
    this.#base += units;
    this.#at -= units;
    this.#pieceStart -= units;
    if (this.#segmentStart !== unset) this.#segmentStart -= units;
    if (this.#runStart !== unset) this.#runStart -= units;
    if (this.#signAt !== unset) this.#signAt -= units;
    if (this.#block !== undefined) shiftBlock(this.#block, units);
    if (this.#token !== undefined) this.#token.at -= units;
  }

  #read(): void {
    let goesOn = true;
    while (goesOn) {
      if (this.#block !== undefined) goesOn = this.#readBlock(this.#block);
      else if (this.#token !== undefined) goesOn = this.#readToken(this.#token);
      else goesOn = this.#readSegment();
    }
  }

  // The readers below move `#at` on and answer whether there may be more to read.

  #readSegment(): boolean {
    if (this.#segmentStart === unset) {
      this.#skipToSign();
      if (!this.#skipBreaks()) return false;
    }
    this.#readRun();
    if (this.#at - this.#segmentStart > windowUnitsMax) {
      this.#judgeWindow(windowUnitsMax, windowStrideUnits);
      return true;
    }
    if (this.#at >= this.#text.length && !this.#isEnded) return false;
    const runEnd = this.#endOfRun();
    if (runEnd === "over") this.#closeSegment(this.#at);
    return runEnd !== "waits";
  }

  // Passes over what holds no sign of a value: behind a space or line break a segment begins anew.
  #skipToSign(): void {
    if (this.#signAt >= this.#at) return;
    this.#signAt = nextSign(this.#text, this.#at);
    this.#at = wordStart(this.#text, this.#at, this.#signAt);
  }

  // Moves to the next character that can be part of a value and begins a segment there.
  #skipBreaks(): boolean {
    const text = this.#text;
    const { length } = text;
    let at = this.#at;
    while (at < length) {
      const code = text.charCodeAt(at);
      if (kindOf(code) !== 0) break;
      // The other half of a pair must not be parted from it.
      if (isHighSurrogate(code) && at + 1 >= length && !this.#isEnded) break;
      at += 1;
    }
    this.#at = at;
    if (at >= length || kindOf(text.charCodeAt(at)) === 0) return false;
    this.#segmentStart = at;
    this.#runStart = at;
    this.#kinds = 0;
    this.#ibanMissing = 0;
    return true;
  }

  #readRun(): void {
    const text = this.#text;
    const limit = Math.min(text.length, this.#segmentStart + windowUnitsMax + 1);
    let at = this.#at;
    let kinds = this.#kinds;
    while (at < limit) {
      const kind = kindOf(text.charCodeAt(at));
      if (kind === 0) break;
      kinds |= kind;
      at += 1;
    }
    this.#at = at;
    this.#kinds = kinds;
  }

  #endOfRun(): RunEnd {
    const text = this.#text;
    const code = codeAt(text, this.#at);
    // A colon after an address may begin the path of a remote, which the next character tells.
    const isColon = code === 0x3a && (this.#kinds & atBit) !== 0;
    if (isColon) return this.#at + 1 >= text.length && !this.#isEnded ? "waits" : "over";
    if (!isSpace(code)) return "over";
    const start = blockStart(text, this.#segmentStart, this.#at);
    if (start >= 0) return this.#openBlock(start);
    return this.#goOnAfterGap();
  }

  #goOnAfterGap(): RunEnd {
    if ((this.#kinds & digitBit) === 0) return "over";
    const gap: NumberGap = {
      segmentStart: this.#segmentStart,
      runStart: this.#runStart,
      runEnd: this.#at,
      ibanMissing: this.#ibanMissing,
    };
    const next = readNumberGap(this.#text, gap, this.#isEnded);
    if (next === "over" || next === "waits") return next;
    const units = this.#at - this.#segmentStart;
    if (units > chainUnitsMax) {
      this.#judgeWindow(units, units - chainTailUnits);
      return "goes_on";
    }
    this.#at = next.at;
    this.#runStart = next.at;
    this.#ibanMissing = next.ibanMissing;
    return "goes_on";
  }

  #closeSegment(to: number): void {
    const from = this.#segmentStart;
    const units = to - from;
    this.#segmentStart = unset;
    if (units < segmentUnitsMin) return;
    if ((this.#kinds & (digitBit | atBit)) === 0 && units < secretUnitsMin) return;
    const stretch = { text: this.#text, from, to, kinds: this.#kinds, isWindow: false };
    for (const candidate of this.#judge.judge(stretch)) this.#report(candidate);
  }

  // The first units of a segment too long to wait for: what begins before the stride is reported, the
  // rest is read again.
  #judgeWindow(units: number, stride: number): void {
    const text = this.#text;
    const from = this.#segmentStart;
    const to = from + units;
    let next = from + stride;
    const isWindow = kindAt(text, to) !== 0;
    const stretch = { text, from, to, kinds: this.#kinds, isWindow };
    for (const candidate of this.#judge.judge(stretch)) {
      if (candidate.start >= from + stride) break;
      if (isWindow && candidate.kind === jsonWebTokenKind && candidate.end === to) {
        this.#token = openTokenAt(text, candidate.start, to);
        this.#pieceStart = candidate.start;
      } else {
        this.#report(candidate);
      }
      next = Math.max(next, candidate.end);
    }
    this.#segmentStart = unset;
    this.#at = next;
  }

  #readToken(token: OpenToken): boolean {
    const isOver = readToken(this.#text, token, this.#isEnded);
    this.#reportPieces(token.at, jsonWebTokenKind, jsonWebTokenPct);
    if (!isOver) return false;
    this.#token = undefined;
    this.#closePiece(token.at, jsonWebTokenKind, jsonWebTokenPct);
    return true;
  }

  #openBlock(start: number): RunEnd {
    const opened = markerEnd(this.#text, this.#at);
    if (opened === needsMore && !this.#isEnded) return "waits";
    if (opened === needsMore || opened === isAbsent) return "over";
    this.#closeSegment(start);
    this.#block = openBlock(start, opened);
    this.#pieceStart = start;
    return "opens_block";
  }

  #readBlock(block: KeyBlock): boolean {
    const isOver = readBlock(this.#text, block, this.#isEnded);
    if (block.isKey) this.#reportPieces(block.sureEnd, privateKeyKind, privateKeyPct);
    if (!isOver) return false;
    this.#block = undefined;
    if (block.isKey) this.#closePiece(block.sureEnd, privateKeyKind, privateKeyPct);
    else this.#at = block.opened;
    return true;
  }

  #reportPieces(end: number, kind: FindingKind, confidencePct: number): void {
    while (end - this.#pieceStart >= findingUnitsMax) {
      const start = this.#pieceStart;
      this.#pieceStart = start + findingUnitsMax;
      this.#report({ kind, start, end: this.#pieceStart, confidencePct });
    }
  }

  #closePiece(end: number, kind: FindingKind, confidencePct: number): void {
    const start = this.#pieceStart;
    if (end > start) this.#report({ kind, start, end, confidencePct });
    this.#at = end;
  }

  #report({ kind, start, end, confidencePct }: Candidate): void {
    this.#found.push({ kind, start: this.#base + start, end: this.#base + end, confidencePct });
  }
}

/** Where in a text the next sign of a value is, or its length. */
function nextSign(text: string, from: number): number {
  sign.lastIndex = from;
  return sign.test(text) ? sign.lastIndex - 1 : text.length;
}

/** The place behind the last space or line feed between two places, or the first of them. */
function wordStart(text: string, from: number, to: number): number {
  let start = to;
  while (start > from && !isPlainBreak(text.charCodeAt(start - 1))) start -= 1;
  return start;
}

function isPlainBreak(code: number): boolean {
  return code === 0x20 || code === 0x0a;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
