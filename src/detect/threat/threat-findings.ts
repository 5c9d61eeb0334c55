import type { Finding, Place } from "../../domain/index.ts";
import type { Threat, ThreatDetector } from "./threat.ts";
import { createThreatDetector } from "./threat-detector.ts";

/** Version of what the scores of a text depend on beside it: signals, weights, places. */
export const threatVersion = 2;
/** What scores less is reported to nobody. */
const reportedPct = 40;

const nothing: readonly Finding[] = [];
/** Where a model reads what others wrote; what it writes itself is not read for threats. */
export const threatPlaces: readonly Place[] = ["system", "prompt", "attachment", "tool_result"];

/** Finds threats in whole texts of requests. */
export interface ThreatFinder {
  /** One finding for each class of threat, sorted by start; they may overlap. Pure. */
  find(text: string, place: Place): readonly Finding[];
}

/**
 * Threats as findings, for policies that ask for `threat.*`. A finding reaches from the first of its
 * reasons to the last, widened to whole lines or sentences: that is what `redact` takes out, and the rest
 * of an attack may stand beside it.
 */
export function createThreatFinder(
  detector: ThreatDetector = createThreatDetector(),
): ThreatFinder {
  return {
    find(text, place) {
      if (!threatPlaces.includes(place)) return nothing;
      const threats = detector.score(text, place);
      if (threats.every(({ scorePct }) => scorePct < reportedPct)) return nothing;
      return threats
        .filter(({ scorePct }) => scorePct >= reportedPct)
        .map((threat) => toFinding(threat, text))
        .sort((a, b) => a.start - b.start || b.end - a.end);
    },
  };
}

function toFinding({ dataClass, reasons, scorePct }: Threat, text: string): Finding {
  const name = dataClass.slice("threat.".length);
  const start = reasons.reduce((least, reason) => Math.min(least, reason.start), text.length);
  const end = reasons.reduce((most, reason) => Math.max(most, reason.end), 0);
  return {
    dataClass,
    type: name.toUpperCase(),
    detector: `${name}@${threatVersion}`,
    confidencePct: scorePct,
    start: sentenceStart(text, start),
    end: sentenceEnd(text, end),
  };
}

function sentenceStart(text: string, from: number): number {
  let at = from;
  while (at > 0 && !endsSentence(text, at - 1)) at -= 1;
  while (at < from && text.charCodeAt(at) <= 0x20) at += 1;
  return at;
}

function sentenceEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !endsSentence(text, at)) at += 1;
  return at < text.length && text.charCodeAt(at) !== 0x0a ? at + 1 : at;
}

/** Whether the unit at an index ends a line or a sentence. */
function endsSentence(text: string, at: number): boolean {
  switch (text.charCodeAt(at)) {
    case 0x0a:
    case 0x3002:
    case 0xff01:
    case 0xff1f:
    case 0x0964:
      return true;
    case 0x2e:
    case 0x21:
    case 0x3f:
      return at + 1 === text.length || text.charCodeAt(at + 1) <= 0x20;
    default:
      return false;
  }
}
