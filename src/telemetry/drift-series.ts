import { populationStability } from "./population-stability.ts";

/** How long windows are and when they count. */
export interface DriftSettings {
  /** A window lasts at least as long; what is compared is a whole one. */
  readonly windowSeconds: number;
  /** What a window is compared with: those before it that began no longer ago, at least. */
  readonly referenceSeconds: number;
  /** A window lasts until it has seen so many: of fewer, shares say little. */
  readonly exchangesMin: number;
  /** From this index on a window is an alert. */
  readonly alertScore: number;
}

export const defaultDriftSettings: DriftSettings = {
  // Short enough to be told within the hour.
  windowSeconds: 3600,
  // A whole day, so that night is not compared with noon alone.
  referenceSeconds: 86_400,
  // Twenty outcomes make an index of 0.04 by chance then, far below an alert.
  exchangesMin: 500,
  // By convention of those who use the index: below 0.1 chance, from here on another population.
  alertScore: 0.25,
};

/** What is compared between windows. */
export const driftSignals = ["class_mix", "confidence"] as const;
export type DriftSignal = (typeof driftSignals)[number];

/** Population stability index of the last whole window; undefined where too little was seen. */
export type DriftScores = Readonly<Record<DriftSignal, number | undefined>>;

/** What one side of an exchange was found to hold. */
export interface DriftSample {
  /** Requests and answers differ in what they hold, so they are told apart. */
  readonly side: "request" | "response";
  readonly findings: readonly { readonly class: string; readonly confidencePct: number }[];
}

/** Findings below which confidences are not compared. */
const findingsMin = 100;

/** Classes told apart in one window; they come from detectors and policies, never from traffic. */
const classesMax = 256;
const otherClass = "other";

interface Window {
  readonly startedAt: number;
  readonly classes: Map<string, number>;
  readonly confidences: Map<string, number>;
  exchanges: number;
  findings: number;
}

/** The windows of one tenant, or of all traffic. */
export class DriftSeries {
  readonly #settings: DriftSettings;
  readonly #onAlert: (signal: DriftSignal, score: number) => void;
  /** Whole windows before the current one, oldest first. */
  #reference: readonly Window[] = [];
  #current: Window;
  #scores: DriftScores = { class_mix: undefined, confidence: undefined };

  constructor(
    settings: DriftSettings,
    now: number,
    onAlert: (signal: DriftSignal, score: number) => void,
  ) {
    this.#settings = settings;
    this.#onAlert = onAlert;
    this.#current = openWindow(now);
  }

  get scores(): DriftScores {
    return this.#scores;
  }

  /** `now` in seconds of a clock that only goes forward. */
  observed({ findings, side }: DriftSample, now: number): void {
    const { exchangesMin, windowSeconds } = this.#settings;
    if (this.#current.exchanges >= exchangesMin && now - this.#current.startedAt >= windowSeconds) {
      this.#close(now);
    }
    const window = this.#current;
    window.exchanges += 1;
    if (findings.length === 0) count(window.classes, side === "request" ? "request" : "response");
    for (const { class: name, confidencePct } of findings) {
      window.findings += 1;
      count(window.classes, side === "request" ? name : `response ${name}`);
      count(window.confidences, String(Math.floor(confidencePct / 10)));
    }
  }

  #close(now: number): void {
    const closed = this.#current;
    this.#current = openWindow(now);
    const { referenceSeconds, alertScore } = this.#settings;
    this.#scores = scoresOf(this.#reference, closed);
    const [oldest] = this.#reference;
    // Before it has seen a whole reference, a change may only be the time of day.
    if (oldest !== undefined && closed.startedAt - oldest.startedAt >= referenceSeconds) {
      for (const signal of driftSignals) {
        const score = this.#scores[signal];
        if (score !== undefined && score >= alertScore) this.#onAlert(signal, score);
      }
    }
    const all = [...this.#reference, closed];
    const firstNeeded = all.findLastIndex(({ startedAt }) => now - startedAt >= referenceSeconds);
    this.#reference = all.slice(Math.max(0, firstNeeded));
  }
}

function openWindow(now: number): Window {
  return { startedAt: now, classes: new Map(), confidences: new Map(), exchanges: 0, findings: 0 };
}

function count(tally: Map<string, number>, name: string): void {
  const place = tally.size < classesMax || tally.has(name) ? name : otherClass;
  tally.set(place, (tally.get(place) ?? 0) + 1);
}

function scoresOf(reference: readonly Window[], window: Window): DriftScores {
  if (reference.length === 0) return { class_mix: undefined, confidence: undefined };
  const findings = reference.reduce((sum, each) => sum + each.findings, 0);
  return {
    class_mix: populationStability(merged(reference, "classes"), window.classes),
    confidence:
      Math.min(findings, window.findings) < findingsMin
        ? undefined
        : populationStability(merged(reference, "confidences"), window.confidences),
  };
}

function merged(windows: readonly Window[], part: "classes" | "confidences"): Map<string, number> {
  const all = new Map<string, number>();
  for (const window of windows) {
    for (const [name, amount] of window[part]) all.set(name, (all.get(name) ?? 0) + amount);
  }
  return all;
}
