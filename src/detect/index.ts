/**
 * Finds personal data, financial identifiers and secrets in text, whole or as it streams: rules with
 * validators, one file per family, one pass over the text. JSON escapes up to three layers deep and
 * characters that only look different are read both as they are written and as what they stand for
 * (`revealed-scan.ts`); base 64, other percent escapes and look-alike letters of other scripts are not
 * undone. Decides nothing and edits nothing. Start with `createRuleDetector` and `Detector`.
 */
import type { Detector } from "./detector.ts";
import { families } from "./families.ts";
import { createFamilyDetector } from "./rule-detector.ts";

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
export { holdBackUnitsMax } from "./scan/bounds.ts";

/**
 * A detector with all built-in families. Scans opened by one detector share its scratch memory, so
 * they belong to one thread; within it they may be interleaved freely.
 */
export function createRuleDetector(): Detector {
  return createFamilyDetector(families);
}
