import type { Place } from "../../domain/index.ts";
import { type Evidence, EvidenceReader } from "./evidence.ts";
import { type EvidenceShares, isDataPlace, oddsPct, signalOdds, weigh } from "./odds.ts";
import { type Signal, signalTerms } from "./signals/signal.ts";
import type { Threat, ThreatClass, ThreatDetector, ThreatReason } from "./threat.ts";
import type { TrainedThreats } from "./trained.ts";
import { trained } from "./weights.ts";

/** Longer texts are read in parts of so many units, so that scratch memory stays small. */
const partUnits = 65_536;
/** What parts have in common. */
const overlapUnits = 2048;
/** A signal of a class worth less than this does not make the text a threat of the class. */
const tellingOdds = 0.5;

/** A detector of threats to models. Its scratch memory belongs to one thread. */
export function createThreatDetector({ model, shares }: TrainedThreats = trained): ThreatDetector {
  const reader = new EvidenceReader(model);
  return {
    score(text, place) {
      const best = new Map<ThreatClass, Threat>();
      for (
        let from = 0;
        from === 0 || from < text.length - overlapUnits;
        from += partUnits - overlapUnits
      ) {
        const part = text.length <= partUnits ? text : text.slice(from, from + partUnits);
        for (const evidence of reader.read(part)) {
          keepBest(best, shifted(evidence, from), place, shares);
        }
      }
      return [...best.values()].sort((a, b) => (a.dataClass < b.dataClass ? -1 : 1));
    },
  };
}

/** Evidence in a part that begins at an offset, as evidence in the whole text. */
function shifted(evidence: Evidence, units: number): Evidence {
  if (units === 0) return evidence;
  const move = <T extends { readonly start: number; readonly end: number }>(one: T): T => ({
    ...one,
    start: one.start + units,
    end: one.end + units,
  });
  return { ...move(evidence), signals: evidence.signals.map(move) };
}

function keepBest(
  best: Map<ThreatClass, Threat>,
  evidence: Evidence,
  place: Place,
  shares: EvidenceShares,
): void {
  const scorePct = oddsPct(weigh(evidence, place, shares));
  if (evidence.signals.length === 0 && !isMore(best.get("threat.prompt_injection"), scorePct))
    return;
  for (const [dataClass, reasons] of reasonsByClass(evidence, isDataPlace(place), shares)) {
    if (isMore(best.get(dataClass), scorePct))
      best.set(dataClass, { dataClass, scorePct, reasons });
  }
}

function isMore(known: Threat | undefined, scorePct: number): boolean {
  return known === undefined || known.scorePct < scorePct;
}

/** Signals by what they point at; where they point at nothing, the wording alone speaks for injection. */
function reasonsByClass(
  evidence: Evidence,
  isData: boolean,
  shares: EvidenceShares,
): Map<ThreatClass, readonly ThreatReason[]> {
  const { end, signals, start } = evidence;
  const byClass = new Map<ThreatClass, readonly ThreatReason[]>();
  for (const [dataClass, own] of Map.groupBy(signals, ({ name }) => signalTerms[name].dataClass)) {
    if (signalOdds(own, isData, shares) >= tellingOdds) byClass.set(dataClass, own.map(toReason));
  }
  if (byClass.size === 0) {
    byClass.set("threat.prompt_injection", [
      { reason: "wording", start, end },
      ...signals.map(toReason),
    ]);
  }
  return byClass;
}

function toReason({ end, name, start }: Signal): ThreatReason {
  return { reason: name, start, end };
}
