import { emails } from "./contact/email.ts";
import { phones } from "./contact/phone.ts";
import { creditCards } from "./financial/credit-card.ts";
import { ibans } from "./financial/iban.ts";
import { usSocialSecurityNumbers } from "./government/us-ssn.ts";
import type { Family } from "./scan/family.ts";
import { anthropicKeys } from "./secret/anthropic-key.ts";
import { awsKeys } from "./secret/aws-key.ts";
import { githubTokens } from "./secret/github-token.ts";
import { jsonWebTokens } from "./secret/json-web-token.ts";
import { openaiKeys } from "./secret/openai-key.ts";

/** All built-in families. Private keys are not among them: the scan reads those itself. */
export const families: readonly Family[] = [
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
];
