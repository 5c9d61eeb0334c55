import type { Place } from "./traffic.ts";

/** One detected value in one text. Offsets are UTF-16 code units into that text, end exclusive. */
export interface Finding {
  /** Data class, such as `pii.email`. */
  readonly dataClass: string;
  /** Type in capitals, such as `EMAIL`; its mask is `[EMAIL]`. */
  readonly type: string;
  /** Who found it, with its version: `email@1`. */
  readonly detector: string;
  /** Whole percent, 0 to 100. */
  readonly confidencePct: number;
  readonly start: number;
  readonly end: number;
}

/** Findings of one class, detector, place and confidence, as `evaluate` and records take them. */
export interface FindingGroup {
  readonly class: string;
  readonly detector?: string;
  readonly in: Place;
  readonly count: number;
  /** 0 to 1 in hundredths. */
  readonly confidence: number;
}
