import type { Finding } from "../domain/index.ts";

/** Finds values in text; pure. */
export interface Detector {
  /**
   * Findings of a whole text, sorted by start, never overlapping. Where a value is written with
   * escapes, a finding covers each of them whole.
   */
  scan(text: string): readonly Finding[];
  /** Opens a text that comes in pieces. */
  open(): TextScan;
}

/**
 * One text that comes in pieces. However it is cut, the findings taken are those of `scan` over the
 * whole. Owned by one caller.
 */
export interface TextScan {
  push(piece: string): void;
  /** No more text comes; everything is settled. */
  end(): void;
  /**
   * UTF-16 offset from the start of the whole text up to which all findings are final and known. No
   * finding straddles it. Never decreases.
   */
  readonly settled: number;
  /**
   * Findings that end at or before `settled` and were not taken yet, sorted; offsets into the whole
   * text.
   */
  take(): readonly Finding[];
}
