import {
  createCachedDetector,
  createTextKey,
  createThreatFinder,
  type Detector,
  detectorVersion,
  joinFindings,
  knownText,
  threatPlaces,
  threatVersion,
} from "../detect/index.ts";
import type { Finding, Place, Span } from "../domain/index.ts";
import type { Classify } from "../exchange/index.ts";
import type { FindingsMemory } from "./findings-memory.ts";

const nothing: readonly Finding[] = [];

/** What two detectors find in a text: the rules, and who looks for threats. */
interface Found {
  readonly rules: readonly Finding[];
  readonly threats: readonly Finding[];
}

/**
 * Finds what is in whole texts, and the threats in those of requests, and remembers both as far as the
 * configuration gives room for. Threats overlap the other findings and are none of theirs: a rule that
 * redacts a class takes out what is of this class alone.
 */
export function cachedDetection(detector: Detector, memory: FindingsMemory | undefined): Classify {
  const find = memory === undefined ? finderOf(detector) : rememberingFinderOf(detector, memory);
  return (spans, tenant) =>
    spans.map((span) => {
      const { rules, threats } = find(span, tenant);
      return threats.length === 0 ? rules : joinFindings([rules, threats]);
    });
}

function finderOf(detector: Detector): (span: Span) => Found {
  const threats = createThreatFinder();
  return ({ place, text }) => ({ rules: detector.scan(text), threats: threats.find(text, place) });
}

// A text is digested once for both.
function rememberingFinderOf(
  detector: Detector,
  { cache, digestKey }: FindingsMemory,
): (span: Span, tenant: string | undefined) => Found {
  const keyOf = createTextKey(digestKey, "texts");
  const rules = createCachedDetector(detector, { cache, version: detectorVersion });
  const finder = createThreatFinder();
  const threats = new Map(
    threatPlaces.map((place: Place) => {
      const scan = (text: string) => finder.find(text, place);
      const version = `threats ${threatVersion} ${place}`;
      return [place, createCachedDetector({ scan }, { cache, version })];
    }),
  );
  return ({ place, text }, tenant) => {
    const known = knownText(text, tenant, keyOf);
    return { rules: rules.scan(known), threats: threats.get(place)?.scan(known) ?? nothing };
  };
}
