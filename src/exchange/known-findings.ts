import type { Detector, TextScan } from "../detect/index.ts";
import type { Finding } from "../domain/index.ts";

const nothing: readonly Finding[] = [];

/** Finds nothing, and notes the texts that it is given in pieces, in the order they begin. */
export class TextReader implements Detector {
  readonly texts: string[] = [];

  scan(): readonly Finding[] {
    return nothing;
  }

  open(): TextScan {
    const { texts } = this;
    const index = texts.push("") - 1;
    return {
      settled: 0,
      push: (piece) => {
        texts[index] += piece;
      },
      end: () => undefined,
      take: () => nothing,
    };
  }
}

/** A text that was read before, and what was found in it: sorted, not overlapping. */
export interface KnownText {
  readonly text: string;
  readonly findings: readonly Finding[];
}

/** A finding, and the text it is about. */
export interface KnownValue {
  readonly finding: Finding;
  readonly value: string;
}

/** Finds what is known already, in texts that begin in the order in which they were read. */
export class KnownFindings implements Detector {
  readonly #known: readonly KnownText[];
  readonly #origins = new Map<Finding, KnownValue>();
  #opened = 0;

  constructor(known: readonly KnownText[]) {
    this.#known = known;
  }

  /** What a finding that was taken is among those that were given. */
  originOf(finding: Finding): KnownValue | undefined {
    return this.#origins.get(finding);
  }

  scan(): readonly Finding[] {
    return nothing;
  }

  open(): TextScan {
    const { findings, text } = this.#known[this.#opened] ?? { findings: nothing, text: "" };
    this.#opened += 1;
    let units = 0;
    let left: readonly Finding[] | undefined;
    return {
      get settled() {
        return left === undefined ? 0 : units;
      },
      push: (piece) => {
        units += piece.length;
      },
      end: () => {
        left = this.#placed(findings, text, units);
      },
      take: () => {
        const taken = left ?? nothing;
        if (taken.length > 0) left = nothing;
        return taken;
      },
    };
  }

  /**
   * A text that goes on behind another begins with as much of that as may still matter, which is less
   * once something was found there: offsets count from the end that both have.
   */
  #placed(findings: readonly Finding[], text: string, units: number): readonly Finding[] {
    const gone = text.length - units;
    return findings.flatMap((finding) => {
      if (finding.end <= gone) return [];
      const start = Math.max(0, finding.start - gone);
      const placed = { ...finding, start, end: finding.end - gone };
      this.#origins.set(placed, { finding, value: text.slice(finding.start, finding.end) });
      return placed;
    });
  }
}
