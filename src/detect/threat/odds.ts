import type { Place } from "../../domain/index.ts";
import type { Evidence } from "./evidence.ts";
import { type Signal, type SignalName, signalTerms } from "./signals/signal.ts";

/** How much each part of the evidence counts, in log odds. */
export interface EvidenceShares {
  /** Where there is no evidence. */
  readonly rest: number;
  /** Of one unit of the model's own log odds. */
  readonly model: number;
  /** Of each word that talks about attacks or examples. */
  readonly discussing: number;
  /** Of all signals standing in quotes, where attacks are talked about. */
  readonly quoted: number;
  /** Of each signal in a user's turn. */
  readonly signals: Readonly<Record<SignalName, number>>;
}

/** Beyond this the model is as sure as it can be. */
export const modelOddsMax = 8;

/** Beyond these log odds, what is added counts for a share only. */
const certainOdds = 1.5;
const temper = 0.35;

/** What it takes off that nothing but the wording speaks for a threat. */
const wordingAlone = -1;

/** Log odds that a place adds. */
const placeOdds: Readonly<Record<Place, number>> = {
  system: -3,
  prompt: 0,
  attachment: 0.4,
  tool_args: 0,
  tool_result: 0.4,
  response: -0.5,
};

/** Whether nobody expects instructions in this place: it holds data. */
export function isDataPlace(place: Place): boolean {
  return place === "tool_result" || place === "attachment";
}

/** Log odds of a stretch of text being a threat. */
export function weigh(evidence: Evidence, place: Place, shares: EvidenceShares): number {
  const { discussing, quoted, signals } = evidence;
  return (
    shares.rest +
    (signals.length === 0 ? wordingAlone : 0) +
    shares.model * boundedModel(evidence) +
    signalOdds(signals, isDataPlace(place), shares) +
    shares.discussing * discussing +
    (discussing > 0 ? shares.quoted * quoted : 0) +
    placeOdds[place]
  );
}

/** What signals add up to, in log odds. */
export function signalOdds(
  signals: readonly Signal[],
  isData: boolean,
  shares: EvidenceShares,
): number {
  let odds = 0;
  for (const { name } of signals)
    odds += shares.signals[name] + (isData ? signalTerms[name].moreInData : 0);
  return odds;
}

/** The model's log odds, bounded. */
export function boundedModel({ model }: Evidence): number {
  return Math.max(-modelOddsMax, Math.min(modelOddsMax, model));
}

/**
 * Log odds as whole percent, 1 to 99. Far from the middle they count for less: training saw made texts,
 * and what looks certain among those is less so elsewhere.
 */
export function oddsPct(odds: number): number {
  const far = Math.abs(odds) - certainOdds;
  const tempered = far <= 0 ? odds : Math.sign(odds) * (certainOdds + far * temper);
  return Math.max(1, Math.min(99, Math.round(100 * sigmoid(tempered))));
}

/**
 * 1 / (1 + e^-x) by multiplication and division alone, which every machine rounds alike, so that
 * scores and trained weights are the same everywhere; off by less than 0.004.
 */
export function sigmoid(odds: number): number {
  const bounded = Math.max(-30, Math.min(30, odds));
  let power = 1 - bounded / 4096;
  for (let doubling = 0; doubling < 12; doubling += 1) power *= power;
  return 1 / (1 + power);
}
