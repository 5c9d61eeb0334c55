import { randomBytes } from "node:crypto";
import { performance } from "node:perf_hooks";
import type { Detector } from "../src/detect/index.ts";
import { MemoryFindingsCache } from "../src/stores/index.ts";
import type { BuiltDetection } from "./built.ts";
import { speedTexts } from "./detection-speed.ts";
import { median } from "./statistics.ts";

/** Time for one call of a conversation, in microseconds. */
export interface HistoryResult {
  readonly kibibytes: number;
  /** All of it scanned, as on its first call. */
  readonly scannedMicros: number;
  /** All but the last turn known. */
  readonly cachedMicros: number;
  /** The last turn alone. */
  readonly lastTurnMicros: number;
}

const turns = 16;
const unitsPerTurn = 2048;
const conversations = 64;
const rounds = 9;

/**
 * Measures a call that repeats a conversation of 32 KB and adds one turn, with and without a cache of
 * findings. Every turn is a text of its own; every call adds one that nobody has seen.
 */
export function measureHistory(detection: BuiltDetection, detector: Detector): HistoryResult {
  const { createCachedDetector, createTextKey, detectorVersion, knownText } = detection;
  const cached = createCachedDetector(detector, {
    cache: new MemoryFindingsCache({ bytesMax: 1 << 26, tenantBytesMax: 1 << 26 }),
    version: detectorVersion,
  });
  const keyOf = createTextKey(randomBytes(32), "");
  const scan = (text: string) => cached.scan(knownText(text, "tenant", keyOf));
  const parts = speedTexts("mixed", 4).flatMap((text) => [
    text.slice(0, unitsPerTurn),
    text.slice(unitsPerTurn),
  ]);
  const times = { scanned: [] as number[], cached: [] as number[], lastTurn: [] as number[] };
  let calls = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (let conversation = 0; conversation < conversations; conversation += 1) {
      const known = Array.from(
        { length: turns - 1 },
        (_, turn) => parts[(conversation * 3 + turn) % parts.length] ?? "",
      );
      calls += 1;
      const last = `${calls} ${parts[calls % parts.length]}`;
      for (const text of known) scan(text);
      times.lastTurn.push(timeOf(() => detector.scan(last)));
      times.cached.push(timeOf(() => [...known, last].map(scan)));
      times.scanned.push(timeOf(() => [...known, last].map((text) => detector.scan(text))));
    }
  }
  return {
    kibibytes: (turns * unitsPerTurn) / 1024,
    scannedMicros: median(times.scanned),
    cachedMicros: median(times.cached),
    lastTurnMicros: median(times.lastTurn),
  };
}

function timeOf(run: () => unknown): number {
  const start = performance.now();
  run();
  return (performance.now() - start) * 1000;
}
