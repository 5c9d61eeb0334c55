import { invariant } from "../../base/index.ts";
import { blockStart, isAbsent, markerEnd, needsMore } from "../secret/private-key.ts";
import { urlSecretEnd } from "../secret/url-credentials.ts";
import { atBit, digitBit, isSpace, kindOf, upperBit } from "../text/character-kind.ts";
import {
  isLaid,
  laidLength,
  layDown,
  stepUnitsMax,
  unitAt,
  unitKindAt,
  units,
} from "../text/units.ts";
import { isUnknown, knownAfter } from "./after-value.ts";
import {
  chainTailUnits,
  chainUnitsMax,
  holdBackUnitsMax,
  lookBehindUnits,
  windowStrideUnits,
  windowUnitsMax,
} from "./bounds.ts";
import { readColonGap } from "./colon-gap.ts";
import { Surroundings } from "./context/surroundings.ts";
import type { Candidate } from "./family.ts";
import type { Judge } from "./judge.ts";
import { LabelledValues } from "./labelled-values.ts";
import { type NumberGap, readNumberGap } from "./number-gap.ts";
import { numberOpening } from "./number-opening.ts";
import { OpenSecret } from "./open-secret.ts";
import { Outlook } from "./outlook.ts";
import { ScanFindings } from "./scan-findings.ts";
import { nextSign, wordStart } from "./signs.ts";

/** Shorter segments hold no value; longer ones without digit or at sign may hold a secret. */
const segmentUnitsMin = 6;
const secretUnitsMin = 20;
/** The buffer drops what it needs no more, but not less than this. */
const dropUnitsMin = 1024;
const unset = -1;

invariant(
  stepUnitsMax + holdBackUnitsMax + lookBehindUnits + dropUnitsMin <= units.length,
  "what is held and a step fit",
);

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
  readonly #findings: ScanFindings;
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
  #secret: OpenSecret | undefined;
  #isEnded = false;
  /** Where the next sign of a value was seen, or the text ended; old once `#at` is beyond it. */
  #signAt = unset;
  /** Tells whether the text is still laid down. */
  #laidMark = unset;

  /** `findings`: of the text so far, if another scan began like it. */
  constructor(judge: Judge, findings = findingsOf(judge)) {
    this.#judge = judge;
    this.#findings = findings;
  }

  /** As `TextScan` promises it. */
  get settled(): number {
    return Math.min(this.#readTo, this.#findings.surroundings.values.from);
  }

  push(piece: string): void {
    invariant(!this.#isEnded, "a text scan takes no piece after its end");
    if (piece.length <= stepUnitsMax) this.#pushStep(piece);
    else {
      for (let at = 0; at < piece.length; at += stepUnitsMax) {
        this.#pushStep(piece.slice(at, at + stepUnitsMax));
      }
    }
  }

  end(): void {
    this.#isEnded = true;
    if (!isLaid(this.#laidMark)) layDown(this.#text);
    this.#read();
    this.#findings.release();
  }

  /** What was found before `settled` and not taken yet, sorted; offsets into the whole text. */
  take(): readonly Candidate[] {
    return this.#findings.take();
  }

  /** A scan of a text that began like this one and may go on otherwise. It finds only what comes. */
  fork(): RuleScan {
    const fork = new RuleScan(this.#judge, this.#findings.fork());
    fork.#text = this.#text;
    fork.#base = this.#base;
    fork.#at = this.#at;
    fork.#segmentStart = this.#segmentStart;
    fork.#runStart = this.#runStart;
    fork.#kinds = this.#kinds;
    fork.#ibanMissing = this.#ibanMissing;
    fork.#secret = this.#secret?.fork();
    fork.#isEnded = this.#isEnded;
    fork.#signAt = this.#signAt;
    return fork;
  }

  outlook(): Outlook {
    const outlook = new Outlook(this.#base + this.#text.length);
    outlook.add(this.#secret !== undefined);
    outlook.add(this.#secret?.isKey === true);
    outlook.addPlace(this.#readTo);
    if (this.#segmentStart !== unset) {
      outlook.add(this.#kinds);
      outlook.add(this.#ibanMissing);
    }
    this.#findings.surroundings.addOutlook(outlook);
    return outlook;
  }

  /** Up to where all but labelled values was found; offset into the whole text. */
  get #readTo(): number {
    return this.#base + this.#readInBuffer();
  }

  #readInBuffer(): number {
    if (this.#secret !== undefined) return this.#secret.reportedTo;
    return this.#segmentStart === unset ? this.#at : this.#segmentStart;
  }

  #pushStep(piece: string): void {
    this.#dropSettled();
    this.#text += piece;
    this.#laidMark = layDown(this.#text);
    this.#read();
  }

  #dropSettled(): void {
    const dropped = this.settled - this.#base - lookBehindUnits;
    if (dropped < dropUnitsMin) return;
    this.#text = this.#text.slice(dropped);
    this.#base += dropped;
    this.#at -= dropped;
    if (this.#segmentStart !== unset) this.#segmentStart -= dropped;
    if (this.#runStart !== unset) this.#runStart -= dropped;
    if (this.#signAt !== unset) this.#signAt -= dropped;
    this.#secret?.shift(dropped);
  }

  #read(): void {
    let goesOn = true;
    while (goesOn) {
      goesOn = this.#secret === undefined ? this.#readSegment() : this.#readSecret(this.#secret);
    }
    this.#findings.catchUp(this.#text, this.#base);
    const readTo = this.#readTo;
    const isOver = this.#isEnded && readTo === this.#base + laidLength();
    this.#findings.settleValues(this.#text, this.#base, readTo, isOver);
  }

  // The readers below move `#at` on and answer whether there may be more to read.

  #readSegment(): boolean {
    if (this.#segmentStart === unset) {
      const from = this.#at;
      this.#skipToSign();
      const isAtValue = this.#skipBreaks();
      this.#findings.pass(this.#text, this.#base, from, this.#at);
      if (!isAtValue) return false;
    }
    this.#readRun();
    if (this.#at - this.#segmentStart > windowUnitsMax) {
      this.#judgeWindow(windowUnitsMax, windowStrideUnits);
      return true;
    }
    if (this.#at >= laidLength() && !this.#isEnded) return false;
    const runEnd = this.#endOfRun();
    if (runEnd !== "over") return runEnd !== "waits";
    const knownTo = this.#knownAfterRun();
    if (knownTo === isUnknown) return false;
    this.#closeSegment(this.#at, knownTo);
    return true;
  }

  // Up to where the text behind a run matters and is known.
  #knownAfterRun(): number {
    const isShort = this.#at - this.#segmentStart < segmentUnitsMin;
    if (isShort || (this.#kinds & digitBit) === 0) return this.#at;
    return knownAfter(this.#at, this.#isEnded);
  }

  // Passes over what holds no sign of a value: behind a space or line break a segment begins anew.
  #skipToSign(): void {
    if (this.#signAt >= this.#at) return;
    this.#signAt = nextSign(this.#at);
    this.#at = wordStart(this.#at, this.#signAt);
  }

  // Moves to the next character that can be part of a value and begins a segment there.
  #skipBreaks(): boolean {
    const length = laidLength();
    let at = this.#at;
    while (at < length) {
      const code = units[at] ?? 0;
      if (kindOf(code) !== 0) break;
      // The other half of a pair must not be parted from it.
      if (isHighSurrogate(code) && at + 1 >= length && !this.#isEnded) break;
      at += 1;
    }
    this.#at = at;
    if (at >= length || kindOf(unitAt(at)) === 0) return false;
    this.#segmentStart = at;
    this.#runStart = at;
    this.#kinds = 0;
    this.#ibanMissing = 0;
    return true;
  }

  #readRun(): void {
    const limit = Math.min(laidLength(), this.#segmentStart + windowUnitsMax + 1);
    let at = this.#at;
    let kinds = this.#kinds;
    while (at < limit) {
      const kind = kindOf(units[at] ?? 0);
      if (kind === 0) break;
      kinds |= kind;
      at += 1;
    }
    this.#at = at;
    this.#kinds = kinds;
  }

  #endOfRun(): RunEnd {
    const text = this.#text;
    const code = unitAt(this.#at);
    if (code === 0x3a && (this.#kinds & atBit) === 0) return this.#endBeforeColon();
    // A colon after an address may begin the path of a remote, which the next character tells.
    const isColon = code === 0x3a && (this.#kinds & atBit) !== 0;
    if (isColon) return this.#at + 1 >= laidLength() && !this.#isEnded ? "waits" : "over";
    if (!isSpace(code)) return "over";
    const start = blockStart(text, this.#segmentStart, this.#at);
    if (start >= 0) return this.#openBlock(start);
    return this.#goOnAfterGap();
  }

  // "//user:" may be followed by a secret, which may hold any character.
  #endBeforeColon(): RunEnd {
    const end = urlSecretEnd(this.#segmentStart, this.#at);
    if (end < 0) return this.#isEnded ? "over" : "waits";
    if (end === 0) return this.#goOnAfterColon();
    for (let at = this.#at; at < end; at += 1) this.#kinds |= kindOf(unitAt(at));
    this.#at = end;
    this.#runStart = end;
    return "goes_on";
  }

  // What a number at the beginning of a segment opens; false while the text does not show.
  #openNumber(): boolean {
    if (this.#runStart !== this.#segmentStart) return true;
    const opening = numberOpening(this.#text, this.#segmentStart, this.#at, this.#isEnded);
    if (opening === "waits") return false;
    const { values } = this.#findings.surroundings;
    if (opening !== undefined && values.wants(opening)) {
      this.#findings.catchUp(this.#text, this.#base);
      values.open(this.#base + this.#segmentStart, opening, {
        isStructural: false,
        isQuoted: false,
      });
    }
    return true;
  }

  #goOnAfterColon(): RunEnd {
    const next = readColonGap(this.#segmentStart, this.#at, this.#isEnded);
    if (next !== "goes_on") return next;
    this.#at += 1;
    this.#runStart = this.#at;
    return "goes_on";
  }

  #goOnAfterGap(): RunEnd {
    if ((this.#kinds & (digitBit | upperBit)) === 0) return "over";
    if (!this.#openNumber()) return "waits";
    const gap: NumberGap = {
      segmentStart: this.#segmentStart,
      runStart: this.#runStart,
      runEnd: this.#at,
      ibanMissing: this.#ibanMissing,
    };
    const next = readNumberGap(gap, this.#isEnded);
    if (next === "over" || next === "waits") return next;
    const length = this.#at - this.#segmentStart;
    if (length > chainUnitsMax) {
      this.#judgeWindow(length, length - chainTailUnits);
      return "goes_on";
    }
    this.#at = next.at;
    this.#runStart = next.at;
    this.#ibanMissing = next.ibanMissing;
    return "goes_on";
  }

  #closeSegment(to: number, knownTo: number): void {
    const text = this.#text;
    const base = this.#base;
    const from = this.#segmentStart;
    const kinds = this.#kinds;
    const unitsMin = (kinds & (digitBit | atBit)) === 0 ? secretUnitsMin : segmentUnitsMin;
    this.#segmentStart = unset;
    if (to - from < unitsMin) this.#findings.pass(text, base, from, to);
    else {
      const stretch = { text, base, from, to, knownTo, isWindow: false };
      this.#findings.reportSegment(stretch);
    }
  }

  // The first units of a segment too long to wait for: what begins before the stride is reported, the
  // rest is read again.
  #judgeWindow(length: number, stride: number): void {
    const from = this.#segmentStart;
    const to = from + length;
    const { next, secret } = this.#findings.reportWindow(
      {
        text: this.#text,
        base: this.#base,
        from,
        to,
        knownTo: to,
        isWindow: unitKindAt(to) !== 0,
      },
      stride,
    );
    this.#secret = secret;
    this.#segmentStart = unset;
    this.#at = next;
  }

  #openBlock(start: number): RunEnd {
    const opened = markerEnd(this.#text, this.#at);
    if (opened === needsMore && !this.#isEnded) return "waits";
    if (opened === needsMore || opened === isAbsent) return "over";
    this.#closeSegment(start, start);
    this.#findings.catchUp(this.#text, this.#base);
    this.#secret = OpenSecret.key(start, opened);
    return "opens_block";
  }

  #readSecret(secret: OpenSecret): boolean {
    const isOver = secret.read(this.#text, this.#isEnded);
    let piece = secret.nextPiece();
    while (piece !== undefined) {
      // What is reported may be dropped, so words and marks in it are read first.
      this.#findings.lookAround(this.#text, this.#base, piece.end, piece.end);
      this.#findings.report(piece, this.#base);
      piece = secret.nextPiece();
    }
    if (!isOver) return false;
    const last = secret.lastPiece();
    if (last !== undefined) this.#findings.report(last, this.#base);
    this.#secret = undefined;
    this.#at = secret.end;
    return true;
  }
}

function findingsOf(judge: Judge): ScanFindings {
  return new ScanFindings(judge, new Surroundings(new LabelledValues(judge.wanted)));
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
