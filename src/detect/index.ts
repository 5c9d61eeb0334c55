/**
 * Finds personal data, financial identifiers and secrets in text, whole or as it streams: rules with
 * validators, one file per family, one pass over the text. A text is read both as it is written and as
 * what it says (`revealed-scan.ts`): JSON escapes, bytes of URLs and references of HTML in three layers
 * and more, base 64 and hexadecimal digits that say a text in two, unseen characters, digits of all
 * scripts, and letters of other scripts in Latin words. A finding covers what stands for the value; of
 * an encoded run that is the run, once, as the gravest of what it holds. What is encoded in more layers
 * is itself a finding, `UNDECODED`. Decides nothing and edits nothing. Start with `createRuleDetector`
 * and `Detector`.
 */
import type { Detector } from "./detector.ts";
import { families, labelledFamilies } from "./families.ts";
import { createFamilyDetector } from "./rule-detector.ts";

export { createCachedClassifier } from "./cached-classifier.ts";
export {
  type CachedDetector,
  type CachedDetectorOptions,
  createCachedDetector,
  knownText,
} from "./cached-detector.ts";
export { catalogue, detectorVersion } from "./catalogue.ts";
export {
  type Classifier,
  type ClassifierFault,
  type ClassifierLabel,
  type ClassifierQuestion,
  type ClassifierReading,
  type ClassifierReply,
  toFindings,
} from "./classifier.ts";
export { joinFindings } from "./classifier-join.ts";
export type { Detector, TextScan } from "./detector.ts";
export type { FindingsCache, PackedFindings } from "./findings-cache.ts";
export { holdBackUnitsMax } from "./scan/bounds.ts";
export type { CatalogueEntry } from "./scan/family.ts";
export { IgnoredValues } from "./tenant/ignored-values.ts";
export { createJoinedDetector, type DetectorPart } from "./tenant/joined-detector.ts";
export type { TenantPattern } from "./tenant/pattern-book.ts";
export { type TenantSource, tenantDetectorSteps } from "./tenant/tenant-detector.ts";
export { digestOfValue } from "./tenant/value-follower.ts";
export { createTextKey } from "./text-key.ts";
export type { Threat, ThreatClass, ThreatDetector, ThreatReason } from "./threat/threat.ts";
export { createThreatDetector } from "./threat/threat-detector.ts";
export {
  createThreatFinder,
  type ThreatFinder,
  threatPlaces,
  threatVersion,
} from "./threat/threat-findings.ts";

/**
 * A detector with all built-in families. Scans opened by one detector share its scratch memory, so
 * they belong to one thread; within it they may be interleaved freely.
 */
export function createRuleDetector(): Detector {
  return createFamilyDetector(families, labelledFamilies);
}
