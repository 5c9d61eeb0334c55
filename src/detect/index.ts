/**
 * Finds personal data, financial identifiers and secrets in text, whole or as it streams: rules with
 * validators, one file per family, one pass over the text. Decides nothing and edits nothing; does
 * not undo encodings or look-alike characters. Start with `createRuleDetector` and `Detector`.
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

export type { Detector, TextScan } from "./detector.ts";
export { holdBackUnitsMax } from "./bounds.ts";

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
