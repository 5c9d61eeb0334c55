import { hash } from "node:crypto";
import type { Finding } from "../domain/index.ts";
import type { Detector } from "./detector.ts";
import type { FindingsCache, PackedFindings } from "./findings-cache.ts";
import type { TextKey } from "./text-key.ts";

/**
 * Texts shorter than this are scanned each time: a digest and a lookup take half a microsecond, which
 * is what they save, and what is kept for one takes more room than its text.
 */
export const cachedUnitsMin = 128;

export interface CachedDetectorOptions {
  readonly cache: FindingsCache;
  /** Names everything that findings depend on beside the text; another version finds nothing kept. */
  readonly version: string;
}

/** A text, and what it is known by where it is worth remembering. */
export interface KnownText {
  readonly text: string;
  readonly tenant: string | undefined;
  /** Its key as `createTextKey` gives it; undefined: it is scanned each time, and nothing is kept. */
  readonly key: string | undefined;
}

/** Scans whole texts, and those of a tenant that it knows already not again. */
export interface CachedDetector {
  /** As `Detector.scan`. */
  scan(known: KnownText): readonly Finding[];
}

/** A text of a tenant with its key: one for all who scan it. Without a tenant it has none. */
export function knownText(text: string, tenant: string | undefined, keyOf: TextKey): KnownText {
  const isKept = tenant !== undefined && text.length >= cachedUnitsMin;
  return { text, tenant, key: isKept ? keyOf(text) : undefined };
}

/**
 * A detector that remembers what it found. Conversations repeat their history on every call, so most of
 * the text of a request was scanned before.
 */
export function createCachedDetector(
  detector: Pick<Detector, "scan">,
  { cache, version }: CachedDetectorOptions,
): CachedDetector {
  const kinds = new FindingKinds();
  const tag = hash("sha256", version, "base64url").slice(0, tagUnits);
  return {
    scan({ key, tenant, text }) {
      if (tenant === undefined || key === undefined) return detector.scan(text);
      const place = `${key} ${tag}`;
      const known = cache.get(tenant, place);
      if (known !== undefined) return kinds.unpack(known);
      const findings = detector.scan(text);
      cache.keep(tenant, place, kinds.pack(findings));
      return findings;
    },
  };
}

type Kind = Pick<Finding, "dataClass" | "detector" | "type">;

/** Of the digest of a version, which tells a few apart. */
const tagUnits = 16;
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
