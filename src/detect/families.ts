import { anthropicKeys } from "./anthropic-key.ts";
import { awsKeys } from "./aws-key.ts";
import { creditCards } from "./credit-card.ts";
import { emails } from "./email.ts";
import type { Family } from "./family.ts";
import { githubTokens } from "./github-token.ts";
import { ibans } from "./iban.ts";
import { jsonWebTokens } from "./json-web-token.ts";
import { openaiKeys } from "./openai-key.ts";
import { phones } from "./phone.ts";
import { usSocialSecurityNumbers } from "./us-ssn.ts";

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
