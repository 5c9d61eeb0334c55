import type { Finding } from "../../domain/index.ts";
import { joinFindings } from "../classifier-join.ts";
import type { Detector, TextScan } from "../detector.ts";
import type { IgnoredValues } from "./ignored-values.ts";

/** A detector among several, and which of its findings are none. */
export interface DetectorPart {
  readonly detector: Detector;
  readonly ignored?: IgnoredValues | undefined;
}

/**
 * What several detectors find, as `joinFindings` joins it: findings of different classes may overlap.
 * What is ignored is so for the detector it comes with and for no other.
 */
export function createJoinedDetector(parts: readonly DetectorPart[]): Detector {
  return {
    scan: (text) =>
      joinFindings(
        parts.map(({ detector, ignored }) => {
          const found = detector.scan(text);
          return ignored === undefined ? found : ignored.without(found, text);
        }),
      ),
    open: () => new JoinedScan(parts),
  };
}

interface Course {
  readonly scan: TextScan;
  readonly ignored: IgnoredValues | undefined;
  /** Settled by this detector, but not yet by all. */
  waiting: readonly Finding[];
}

/** A text that several detectors read: settled is what all of them have settled. */
class JoinedScan implements TextScan {
  readonly #courses: readonly Course[];
  readonly #remembers: boolean;
  /** From `#settled` on, where values are asked for. */
  #text = "";
  #textStart = 0;
  #settled = 0;
  #found: Finding[] = [];

  constructor(parts: readonly DetectorPart[]) {
    this.#courses = parts.map(({ detector, ignored }) => {
      return { scan: detector.open(), ignored, waiting: [] };
    });
    this.#remembers = parts.some(({ ignored }) => ignored !== undefined);
  }

  get settled(): number {
    return this.#settled;
  }

  push(piece: string): void {
    if (this.#remembers) this.#text += piece;
    for (const { scan } of this.#courses) scan.push(piece);
    this.#settle();
  }

  end(): void {
    for (const { scan } of this.#courses) scan.end();
    this.#settle();
  }

  take(): readonly Finding[] {
    const taken = this.#found;
    if (taken.length > 0) this.#found = [];
    return taken;
  }

  #settle(): void {
    let known = Number.POSITIVE_INFINITY;
    for (const course of this.#courses) {
      this.#collect(course);
      known = Math.min(known, course.scan.settled);
    }
    known = this.#beforeOverlaps(known);
    const lists = this.#courses.map((course) => takeBefore(course, known));
    this.#found.push(...joinFindings(lists));
    this.#settled = known;
    if (!this.#remembers) return;
    this.#text = this.#text.slice(known - this.#textStart);
    this.#textStart = known;
  }

  #collect(course: Course): void {
    const taken = course.scan.take();
    if (taken.length === 0) return;
    const { ignored } = course;
    const fresh =
      ignored === undefined
        ? taken
        : taken.filter((one) => !ignored.has(one, this.#slice(one.start, one.end)));
    course.waiting = [...course.waiting, ...fresh];
  }

  #slice(start: number, end: number): string {
    return this.#text.slice(start - this.#textStart, end - this.#textStart);
  }

  /** What one detector has found across the place others have come to is joined with theirs later. */
  #beforeOverlaps(known: number): number {
    let settled = known;
    for (;;) {
      const before = settled;
      for (const { waiting } of this.#courses) {
        for (const { end, start } of waiting) if (start < settled && settled < end) settled = start;
      }
      if (settled === before) return settled;
    }
  }
}

function takeBefore(course: Course, known: number): readonly Finding[] {
  const { waiting } = course;
  if (waiting.length === 0) return waiting;
  const count = waiting.findIndex(({ end }) => end > known);
  if (count < 0) {
    course.waiting = [];
    return waiting;
  }
  course.waiting = waiting.slice(count);
  return waiting.slice(0, count);
}
