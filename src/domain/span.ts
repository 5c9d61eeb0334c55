import type { Place } from "./traffic.ts";

/** One text inside a body, found by a format and judged by the stages after it. */
export interface Span {
  readonly place: Place;
  /** The decoded text, escapes undone. */
  readonly text: string;
  /**
   * This text is judged but must reach the other side as it is: it is bound to a signature, or
   * steers its reader. Where a redaction covers a finding in it, the exchange cannot go on.
   */
  readonly isFixed?: true;
}

/** One replacement in one span. Offsets are UTF-16 code units into the span's text. */
export interface Edit {
  /** Index of the span in the list its decoder gave. */
  readonly span: number;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}
