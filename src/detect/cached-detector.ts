import type { Finding } from "../domain/index.ts";
import type { Detector } from "./detector.ts";
import type { FindingsCache, PackedFindings } from "./findings-cache.ts";
import { createTextKey } from "./text-key.ts";

/**
 * Texts shorter than this are scanned each time: a digest and a lookup take half a microsecond, which
 * is what they save, and what is kept for one takes more room than its text.
 */
export const cachedUnitsMin = 128;

export interface CachedDetectorOptions {
  readonly cache: FindingsCache;
  /** As `createTextKey` takes it. */
  readonly digestKey: Uint8Array;
  /** Names everything that findings depend on beside the text; another version finds nothing kept. */
  readonly version: string;
}

/** Scans whole texts, and those of a tenant that it knows already not again. */
export interface CachedDetector {
  /** As `Detector.scan`. Without a tenant nothing is looked up and nothing kept. */
  scan(text: string, tenant: string | undefined): readonly Finding[];
}

/**
 * A detector that remembers what it found. Conversations repeat their history on every call, so most of
 * the text of a request was scanned before.
 */
export function createCachedDetector(
  detector: Pick<Detector, "scan">,
  { cache, digestKey, version }: CachedDetectorOptions,
): CachedDetector {
  const keyOf = createTextKey(digestKey, version);
  const kinds = new FindingKinds();
  return {
    scan(text, tenant) {
      if (tenant === undefined || text.length < cachedUnitsMin) return detector.scan(text);
      const key = keyOf(text);
      if (key === undefined) return detector.scan(text);
      const known = cache.get(tenant, key);
      if (known !== undefined) return kinds.unpack(known);
      const findings = detector.scan(text);
      cache.keep(tenant, key, kinds.pack(findings));
      return findings;
    },
  };
}

type Kind = Pick<Finding, "dataClass" | "detector" | "type">;

const numbersPerFinding = 4;
const nothing: readonly Finding[] = [];
const packedNothing: PackedFindings = [];

/** The kinds of finding met so far, by number: there are as many as the detector has. */
class FindingKinds {
  readonly #kinds: Kind[] = [];
  readonly #numbers = new Map<string, number>();

  pack(findings: readonly Finding[]): PackedFindings {
    if (findings.length === 0) return packedNothing;
    const numbers = findings.flatMap((finding) => [
      this.#numberOf(finding),
      finding.confidencePct,
      finding.start,
      finding.end,
    ]);
    // A list that grew has room left over; a copy has none.
    return numbers.slice();
  }

  /** New objects each time: what one exchange is given is no other's. */
  unpack(packed: PackedFindings): readonly Finding[] {
    if (packed.length === 0) return nothing;
    const findings: Finding[] = [];
    for (let at = 0; at < packed.length; at += numbersPerFinding) {
      const kind = this.#kinds[packed[at] ?? -1];
      const [confidencePct = 0, start = 0, end = 0] = packed.slice(at + 1, at + numbersPerFinding);
      if (kind !== undefined) findings.push({ ...kind, confidencePct, start, end });
    }
    return findings;
  }

  #numberOf({ dataClass, detector, type }: Finding): number {
    const name = `${type} ${dataClass} ${detector}`;
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#kinds.push({ dataClass, type, detector }) - 1;
    this.#numbers.set(name, number);
    return number;
  }
}
