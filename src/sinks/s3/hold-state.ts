import { dirname, join } from "node:path";
import type { LegalHold } from "../../evidence/index.ts";
import { readWhole, replaceWhole, syncFolder } from "../whole-file.ts";

/** A legal hold by its id. */
export type KnownHold = LegalHold & { readonly hold: string };

/**
 * Of the objects of a segment: `set`, the store has said that they are held; `unsure`, it was asked to
 * hold them or to let them go, and what it said is not known.
 */
export type Standing = "set" | "unsure";

/** A segment in a bucket, by its log and the `seq` of its first record. */
export interface SegmentName {
  readonly origin: string;
  readonly first: number;
}

/**
 * Which holds were last known, and what a bucket was asked for their sake: `sinks/NAME.holds` below a
 * state directory. It has no `.json` in its name, since those are cursors.
 */
export class HoldState {
  readonly #path: string;
  #holds: readonly KnownHold[] = [];
  readonly #segments = new Map<string, Map<number, Standing>>();
  #isRead = false;
  #isDirty = false;

  constructor(stateDir: string, sink: string) {
    this.#path = join(stateDir, "sinks", `${sink}.holds`);
  }

  /** False until the disk has said what there is. */
  get isRead(): boolean {
    return this.#isRead;
  }

  /**
   * Reads the file, once. Rejects where the disk does not say, and may be tried again then; rejects
   * where it is not what was ever written: then nothing is known of what was asked, so that what is
   * held and need not be stays held.
   */
  async open(): Promise<void> {
    if (this.#isRead) return;
    const text = await readWhole(this.#path);
    this.#isRead = true;
    if (text === undefined) return;
    const { format, holds, segments } = JSON.parse(text) as Record<string, unknown>;
    if (format !== 1 || !isHolds(holds) || !isSegments(segments)) {
      throw new Error(`expected holds of format 1 in ${this.#path}`);
    }
    this.#holds = holds;
    for (const [origin, { set, unsure }] of Object.entries(segments)) {
      for (const first of set) this.mark({ origin, first }, "set");
      for (const first of unsure) this.mark({ origin, first }, "unsure");
    }
    this.#isDirty = false;
  }

  /** In force when they could last be read. */
  get holds(): readonly KnownHold[] {
    return this.#holds;
  }

  set holds(holds: readonly KnownHold[]) {
    this.#holds = holds;
    this.#isDirty = true;
  }

  /** Undefined for a segment that is not held. */
  of({ first, origin }: SegmentName): Standing | undefined {
    return this.#segments.get(origin)?.get(first);
  }

  /** Undefined: it is not held, for certain. */
  mark({ first, origin }: SegmentName, standing: Standing | undefined): void {
    const segments = this.#segments.get(origin) ?? new Map<number, Standing>();
    this.#segments.set(origin, segments);
    if (segments.get(first) === standing) return;
    if (standing === undefined) segments.delete(first);
    else segments.set(first, standing);
    this.#isDirty = true;
  }

  /** All that are or may be held. */
  *segments(): Generator<SegmentName & { readonly standing: Standing }> {
    for (const [origin, segments] of this.#segments) {
      for (const [first, standing] of segments) yield { origin, first, standing };
    }
  }

  /** Brings what changed to the disk. Rejects with what that says; then it is still to be saved. */
  async save(): Promise<void> {
    if (!this.#isDirty) return;
    const segments: Record<string, Record<Standing, number[]>> = {};
    for (const { first, origin, standing } of this.segments()) {
      segments[origin] ??= { set: [], unsure: [] };
      segments[origin][standing].push(first);
    }
    const holds = this.#holds.map(({ from, hold, tenant, to }) => ({ hold, tenant, from, to }));
    await replaceWhole(this.#path, `${JSON.stringify({ format: 1, holds, segments })}\n`);
    // A standing that a power cut took back would be believed.
    await syncFolder(dirname(this.#path));
    this.#isDirty = false;
  }
}

function isHolds(value: unknown): value is readonly KnownHold[] {
  return (
    Array.isArray(value) &&
    value.every((it) => isObject(it) && isText(it["hold"]) && isText(it["tenant"]))
  );
}

function isSegments(value: unknown): value is Record<string, Record<Standing, number[]>> {
  return (
    isObject(value) &&
    Object.values(value).every((it) => isObject(it) && isSeqs(it["set"]) && isSeqs(it["unsure"]))
  );
}

function isSeqs(value: unknown): boolean {
  return Array.isArray(value) && value.every((it) => Number.isSafeInteger(it) && it >= 0);
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
