import { Fault } from "../base/index.ts";
import { type Detector, holdBackUnitsMax, type TextScan } from "../detect/index.ts";
import type { Edit, Finding, RedactionMethod } from "../domain/index.ts";
import { findingsApart } from "../effects/index.ts";
import type { StreamEvent, StreamPiece } from "../formats/index.ts";
import type { OpenCall } from "./open-calls.ts";

/** Texts of one stream that are open at a time; more is not a stream of any format we know. */
const keysMax = 4096;

/** One logical text, joined over the events that carry it. */
interface JoinedText {
  readonly scan: TextScan;
  /** UTF-16 units pushed so far. */
  length: number;
  /** At least the last `holdBackUnitsMax` of them. */
  recent: string;
  /** Where the last finding in it ends. */
  foundEnd: number;
  /** Units at the beginning that are the end of a text that has left. */
  readonly left: number;
  /** Settled findings that may still overlap a held event, sorted. */
  findings: FoundValue[];
  isOver: boolean;
}

/** Where one piece of an event lies in its joined text. */
interface Part {
  readonly text: JoinedText;
  readonly start: number;
  readonly end: number;
  readonly isFixed: boolean;
  /** Of which it is an argument. */
  readonly call: OpenCall | undefined;
}

interface HeldEvent {
  readonly event: StreamEvent;
  readonly parts: readonly Part[];
  readonly calls: readonly OpenCall[];
}

/** A finding with its text; of a long value in several parts, the text of the part. */
interface FoundValue {
  readonly finding: Finding;
  readonly value: string;
}

/** What stands in for a finding, in the arguments of a call or elsewhere; undefined where it stays. */
export type Replace = (
  finding: Finding,
  value: string,
  call: OpenCall | undefined,
) => string | undefined;

/** How a finding is edited, in the arguments of a call or elsewhere; undefined where it stays. */
export type MethodOf = (
  finding: Finding,
  call: OpenCall | undefined,
) => RedactionMethod | undefined;

const noCalls: readonly OpenCall[] = [];

/**
 * Events of a running answer whose text is not yet judged. An event leaves when every text it
 * carries is settled beyond it, and only after all events before it, so order is kept and a value
 * spread over many events is seen whole.
 */
export class HoldBack {
  readonly #detector: Detector;
  readonly #heldBytesMax: number;
  readonly #texts = new Map<string, JoinedText>();
  #held: HeldEvent[] = [];
  #heldBytes = 0;
  #found: Finding[] = [];

  constructor(detector: Detector, heldBytesMax: number) {
    this.#detector = detector;
    this.#heldBytesMax = heldBytesMax;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /**
   * Takes the next event and returns what it made certain: findings not returned before. It waits
   * for its `calls` as well as for its texts.
   */
  push(event: StreamEvent, calls: readonly OpenCall[] = noCalls): readonly Finding[] {
    this.#heldBytes += event.bytes.length;
    if (this.#heldBytes > this.#heldBytesMax) {
      throw new Fault("body_too_large", `expected at most ${this.#heldBytesMax} bytes held back`);
    }
    const parts: Part[] = [];
    event.pieces.forEach((piece, index) => {
      parts.push(this.#join(piece, callAt(event, calls, index)));
    });
    this.#held.push({ event, parts, calls });
    for (const prefix of event.ends) this.#finish(prefix);
    return this.#takeFound();
  }

  /** No more events come: every text is over. */
  end(): readonly Finding[] {
    this.#finish("");
    return this.#takeFound();
  }

  /**
   * Adds the bytes of the events that may leave, edited, in order; none where all must wait. Where
   * findings overlap, `methodOf` says whose edit has its way.
   * @throws Fault redaction_impossible where a value would be replaced that must stay as it is; the
   * events before it were added
   */
  release(replace: Replace, released: Buffer[], methodOf?: MethodOf): void {
    let count = 0;
    for (const held of this.#held) {
      if (!held.parts.every((part) => part.text.scan.settled >= part.end)) break;
      if (!held.calls.every(({ isJudged }) => isJudged)) break;
      released.push(held.event.applyEdits(editsOf(held.parts, replace, methodOf)));
      this.#heldBytes -= held.event.bytes.length;
      for (const part of held.parts) forgetBefore(part.text, part.end);
      for (const call of held.calls) call.hasLeft = true;
      count += 1;
    }
    if (count > 0) this.#held = this.#held.slice(count);
  }

  #join({ after, key, text, isFixed }: StreamPiece, call: OpenCall | undefined): Part {
    const joined = key === null ? begin(this.#detector, "") : this.#textOf(key, after);
    const start = joined.length;
    joined.length += text.length;
    joined.scan.push(text);
    if (key === null) {
      joined.scan.end();
      joined.recent = text;
    } else remember(joined, text);
    this.#collect(joined);
    return { text: joined, start, end: joined.length, isFixed: isFixed === true, call };
  }

  #textOf(key: string, after: string | undefined): JoinedText {
    const known = this.#texts.get(key);
    if (known !== undefined) {
      // Text after its end could continue a value whose beginning has already left.
      if (known.isOver) throw new Fault("format_unrecognised", "expected no text after its end");
      return known;
    }
    if (this.#texts.size >= keysMax) {
      throw new Fault("json_too_many_keys", `expected at most ${keysMax} texts in one stream`);
    }
    const before = after === undefined ? undefined : this.#texts.get(after);
    const fresh = begin(this.#detector, before === undefined ? "" : openEndOf(before));
    this.#texts.set(key, fresh);
    return fresh;
  }

  #finish(prefix: string): void {
    for (const [key, text] of this.#texts) {
      if (text.isOver || !key.startsWith(prefix)) continue;
      text.isOver = true;
      text.scan.end();
      this.#collect(text);
    }
  }

  #collect(text: JoinedText): void {
    for (const finding of text.scan.take()) {
      if (finding.end <= text.left) continue;
      text.foundEnd = finding.end;
      const gone = text.length - text.recent.length;
      const value = text.recent.slice(Math.max(0, finding.start - gone), finding.end - gone);
      text.findings.push({ finding, value });
      this.#found.push(finding);
    }
  }

  #takeFound(): readonly Finding[] {
    const found = this.#found;
    if (found.length > 0) this.#found = [];
    return found;
  }
}

/** The call of which a piece of an event is an argument; `calls` are those the event adds to. */
function callAt(
  event: StreamEvent,
  calls: readonly OpenCall[],
  index: number,
): OpenCall | undefined {
  return calls.find((_, position) => {
    const texts = event.calls[position]?.texts;
    return texts !== undefined && texts.first <= index && index < texts.after;
  });
}

/** A text of its own, or one that goes on behind another of which this is the end. */
function begin(detector: Detector, before: string): JoinedText {
  const text = { scan: detector.open(), findings: [], isOver: false };
  if (before !== "") text.scan.push(before);
  return { ...text, length: before.length, recent: before, foundEnd: 0, left: before.length };
}

/** What of a text that is over could be the beginning of a value: all behind the last one found. */
function openEndOf({ foundEnd, length, recent }: JoinedText): string {
  return recent.slice(Math.max(0, recent.length - (length - foundEnd)));
}

function remember(text: JoinedText, piece: string): void {
  text.recent += piece;
  if (text.recent.length > 2 * holdBackUnitsMax) {
    text.recent = text.recent.slice(-holdBackUnitsMax);
  }
}

function editsOf(
  parts: readonly Part[],
  replace: Replace,
  methodOf: MethodOf | undefined,
): readonly Edit[] {
  return parts.flatMap((part, span) => editsOfPart(part, span, { replace, methodOf }));
}

/** A value that spans pieces is replaced where it begins and cut elsewhere. */
function editsOfPart(
  part: Part,
  span: number,
  { methodOf, replace }: { readonly replace: Replace; readonly methodOf: MethodOf | undefined },
): readonly Edit[] {
  const edits: Edit[] = [];
  let previous: Finding | undefined;
  const { findings } = part.text;
  const apart = methodOf === undefined ? findings : valuesApart(findings, methodOf, part.call);
  for (const { finding, value } of apart) {
    if (finding.start >= part.end) break;
    // Parts of one long value touch and are of one type: it gets one replacement.
    const continues = previous?.type === finding.type && previous.end === finding.start;
    previous = finding;
    const replacement = finding.end > part.start ? replace(finding, value, part.call) : undefined;
    if (replacement === undefined) continue;
    // Of a value that began before its text went on under another key, a part has left already.
    if (part.isFixed || finding.start < part.text.left) {
      throw new Fault("redaction_impossible", "expected values only where they can be masked");
    }
    edits.push({
      span,
      start: Math.max(finding.start, part.start) - part.start,
      end: Math.min(finding.end, part.end) - part.start,
      replacement: continues || finding.start < part.start ? "" : replacement,
    });
  }
  return edits;
}

/** No two of these overlap, and each part of a value still knows the whole of it. */
function valuesApart(
  found: readonly FoundValue[],
  methodOf: MethodOf,
  call: OpenCall | undefined,
): readonly FoundValue[] {
  if (found.length < 2) return found;
  const findings = found.map(({ finding }) => finding);
  const parts = findingsApart(findings, (finding) => methodOf(finding, call));
  if (parts === findings) return found;
  return parts.map((finding) => ({ finding, value: wholeOf(finding, found) }));
}

function wholeOf({ dataClass, detector, end, start }: Finding, found: readonly FoundValue[]) {
  const whole = found.find(
    ({ finding }) =>
      finding.dataClass === dataClass &&
      finding.detector === detector &&
      finding.start <= start &&
      end <= finding.end,
  );
  return whole?.value ?? "";
}

/** Drops findings that no held event can overlap; one that touches the next text is kept. */
function forgetBefore(text: JoinedText, offset: number): void {
  let count = 0;
  for (const { finding } of text.findings) {
    if (finding.end >= offset) break;
    count += 1;
  }
  if (count > 0) text.findings = text.findings.slice(count);
}
