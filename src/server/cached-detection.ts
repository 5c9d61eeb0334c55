import {
  createCachedDetector,
  createThreatFinder,
  type Detector,
  detectorVersion,
  threatPlaces,
  threatVersion,
} from "../detect/index.ts";
import type { Finding } from "../domain/index.ts";
import { type Classify, withThreats } from "../exchange/index.ts";
import type { FindingsMemory } from "./findings-memory.ts";

const nothing: readonly Finding[] = [];

/**
 * Finds what is in whole texts, and the threats in those of requests, and remembers both as far as the
 * configuration gives room for.
 */
export function cachedDetection(detector: Detector, memory: FindingsMemory | undefined): Classify {
  const threats = createThreatFinder();
  if (memory === undefined) {
    return withThreats(
      (spans) => spans.map(({ text }) => detector.scan(text)),
      (text, place) => threats.find(text, place),
    );
  }
  const cached = createCachedDetector(detector, { ...memory, version: detectorVersion });
  const cachedThreats = new Map(
    threatPlaces.map((place) => {
      const scan = (text: string) => threats.find(text, place);
      const version = `threats ${threatVersion} ${place}`;
      return [place, createCachedDetector({ scan }, { ...memory, version })];
    }),
  );
  return withThreats(
    (spans, tenant) => spans.map(({ text }) => cached.scan(text, tenant)),
    (text, place, tenant) => cachedThreats.get(place)?.scan(text, tenant) ?? nothing,
  );
}
