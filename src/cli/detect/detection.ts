import { createRuleDetector, createThreatDetector, type Threat } from "../../detect/index.ts";
import type { Finding, Place } from "../../domain/index.ts";

/** A finding as programs are told of it: never with the value. */
export interface FindingRow {
  readonly class: string;
  readonly type: string;
  /** UTF-16 code units into the text. */
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** 0 to 1 in hundredths. */
  readonly confidence: number;
}

/** A threat as programs are told of it. */
export interface ThreatRow {
  readonly class: string;
  /** 0 to 1 in hundredths. */
  readonly score: number;
  readonly reasons: readonly {
    readonly reason: string;
    readonly start: number;
    readonly end: number;
  }[];
}

/** What was found in one text. */
export interface Detection {
  readonly findings: readonly Finding[];
  /** Scored by class, the faint ones included. */
  readonly threats: readonly Threat[];
}

/** Finds what the server finds in a text. */
export type Detect = (text: string) => Detection;

/** Threats that score less, in percent, are not worth telling people of. */
const tellPctMin = 40;

/**
 * The detectors of the server, without those that policies and tenants bring along. `place`: where the
 * texts stand, for threats weigh more in what a tool fetched than in what a user writes.
 */
export function createDetect(place: Place): Detect {
  const rules = createRuleDetector();
  const threats = createThreatDetector();
  return (text) => ({ findings: rules.scan(text), threats: threats.score(text, place) });
}

/** Threats that are likely enough to tell people of. */
export function likelyThreats({ threats }: Detection): readonly Threat[] {
  return threats.filter(({ scorePct }) => scorePct >= tellPctMin);
}

/** Whether anything was found that people are told of. */
export function hasAny(detection: Detection): boolean {
  return detection.findings.length > 0 || likelyThreats(detection).length > 0;
}

/** What was found, for programs. */
export function toRows({ findings, threats }: Detection): {
  readonly findings: readonly FindingRow[];
  readonly threats: readonly ThreatRow[];
} {
  return {
    findings: findings.map(({ confidencePct, dataClass, end, start, type }) => ({
      class: dataClass,
      type,
      start,
      end,
      confidence: confidencePct / 100,
    })),
    threats: threats.map(({ dataClass, reasons, scorePct }) => ({
      class: dataClass,
      score: scorePct / 100,
      reasons: reasons.map(({ end, reason, start }) => ({ reason, start, end })),
    })),
  };
}
