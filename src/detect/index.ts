/**
 * Finds personal data, financial identifiers and secrets in text, whole or as it streams: rules with
 * validators, one file per family, one pass over the text. JSON escapes up to three layers deep and
 * characters that only look different are read as what they stand for (`revealed-scan.ts`); base 64,
 * other percent escapes and look-alike letters of other scripts are not. Decides nothing and edits
 * nothing. Start with `createRuleDetector` and `Detector`.
 */
import { anthropicKeys } from "./anthropic-key.ts";
import { awsKeys } from "./aws-key.ts";
import { creditCards } from "./credit-card.ts";
import type { Detector } from "./detector.ts";
import { emails } from "./email.ts";
import { githubTokens } from "./github-token.ts";
import { ibans } from "./iban.ts";
import { jsonWebTokens } from "./json-web-token.ts";
import { openaiKeys } from "./openai-key.ts";
import { phones } from "./phone.ts";
import { createFamilyDetector } from "./rule-detector.ts";
import { usSocialSecurityNumbers } from "./us-ssn.ts";

export { holdBackUnitsMax } from "./bounds.ts";
export type { Detector, TextScan } from "./detector.ts";

const families = [
  emails,
  phones,
  creditCards,
  usSocialSecurityNumbers,
  ibans,
  awsKeys,
  githubTokens,
  openaiKeys,
  anthropicKeys,
  jsonWebTokens,
] as const;

/**
 * A detector with all built-in families. Scans opened by one detector share its scratch memory, so
 * they belong to one thread; within it they may be interleaved freely.
 */
export function createRuleDetector(): Detector {
  return createFamilyDetector(families);
}
