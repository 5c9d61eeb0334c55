import type { Detector } from "../detect/index.ts";

/**
 * Percent from which a finding counts. Policies act from 60, with what stands around a value; here each
 * text is looked at by itself and a finding wakes somebody, so the value has to speak for itself.
 */
const surePctMin = 85;
/** Addresses of machines are not among them: the operator log tells those of the configuration. */
const families: ReadonlySet<string> = new Set(["financial", "pci", "phi", "pii", "secret"]);
/** Without a check digit: versions, tickets and names that operators give look the same. */
const unchecked: ReadonlySet<string> = new Set(["pii.in_pan", "pii.uk_nino", "pii.vin"]);
/** No value of these families is shorter. */
const unitsMin = 6;
/** What output holds by design: digests, UUIDs, times, workloads, pseudonyms and ids of traces. */
const design =
  /^(?:sha256:[0-9a-f]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,15}Z|spiffe:\/\/\S*|(?:p[0-9]+|s):[\w-]{22}|[0-9a-f]{16}|[0-9a-f]{32})$/;
/** Names and codes come again all the time. */
const cleanTextsMax = 8_192;
const cleanUnitsMax = 128;

/** Says of single texts whether they hold a value that none of our output may hold. */
export class LeakFinder {
  readonly #detector: Pick<Detector, "scan">;
  readonly #clean = new Set<string>();

  constructor(detector: Pick<Detector, "scan">) {
    this.#detector = detector;
  }

  /** The data class of the surest such value; undefined where there is none. */
  classIn(text: string): string | undefined {
    if (text.length < unitsMin || this.#clean.has(text) || design.test(text)) return undefined;
    let dataClass: string | undefined;
    let pct = surePctMin - 1;
    for (const finding of this.#detector.scan(text)) {
      if (finding.confidencePct <= pct || !isSought(finding.dataClass)) continue;
      ({ confidencePct: pct, dataClass } = finding);
    }
    if (dataClass === undefined) this.#keep(text);
    return dataClass;
  }

  #keep(text: string): void {
    if (text.length > cleanUnitsMax) return;
    if (this.#clean.size >= cleanTextsMax) this.#clean.clear();
    // A copy, since a part of a longer text would keep all of that in memory.
    this.#clean.add(Buffer.from(text).toString());
  }
}

function isSought(dataClass: string): boolean {
  return families.has(familyOf(dataClass)) && !unchecked.has(dataClass);
}

/** The first part of a data class, such as `pii`. */
export function familyOf(dataClass: string): string {
  const dot = dataClass.indexOf(".");
  return dot < 0 ? dataClass : dataClass.slice(0, dot);
}
