import { addresses, freeAddresses } from "./contact/address.ts";
import { emails } from "./contact/email.ts";
import { phones } from "./contact/phone.ts";
import { accountNumbers } from "./financial/account-numbers.ts";
import { bankCodes, labelledBankCodes } from "./financial/bank-codes.ts";
import { cardCodes, cardExpiries } from "./financial/card-details.ts";
import { creditCards } from "./financial/credit-card.ts";
import { ibans } from "./financial/iban.ts";
import { wallets } from "./financial/wallets.ts";
import { americasIds } from "./government/americas-ids.ts";
import { asiaPacificIds } from "./government/asia-pacific-ids.ts";
import { documents } from "./government/documents.ts";
import { europeIds } from "./government/europe-ids.ts";
import { travelDocuments } from "./government/travel-document.ts";
import { usSocialSecurityNumbers } from "./government/us-ssn.ts";
import { diagnosisCodes } from "./health/diagnosis-codes.ts";
import { healthNumbers } from "./health/health-numbers.ts";
import { healthRecords } from "./health/health-records.ts";
import { ipV4Addresses, ipV6Addresses } from "./network/ip-address.ts";
import { bareMacAddresses, macAddresses } from "./network/mac-address.ts";
import { ages, labelledAges, spokenAges } from "./personal/age.ts";
import { birthDates, labelledBirthDates } from "./personal/birth-date.ts";
import { deviceNumbers } from "./personal/device-numbers.ts";
import { geoCoordinates } from "./personal/geo-coordinate.ts";
import { licensePlates, plateNumbers } from "./personal/license-plate.ts";
import { people } from "./personal/person.ts";
import { profileUrls } from "./personal/profile-url.ts";
import { usernames } from "./personal/username.ts";
import type { Family, LabelledFamily } from "./scan/family.ts";
import { aiKeys } from "./secret/ai-keys.ts";
import { anthropicKey } from "./secret/anthropic-key.ts";
import { credentials } from "./secret/authorization.ts";
import { awsAccessKey } from "./secret/aws-access-key.ts";
import { awsSecretKeys } from "./secret/aws-secret-key.ts";
import {
  azureClientSecrets,
  azureStorageKeys,
  labelledStorageKeys,
} from "./secret/azure-secret.ts";
import { genericSecrets } from "./secret/generic-secret.ts";
import { githubToken } from "./secret/github-token.ts";
import { randomRuns } from "./secret/high-entropy.ts";
import { jsonWebTokens } from "./secret/json-web-token.ts";
import { namedKeys } from "./secret/named-keys.ts";
import { openaiKey } from "./secret/openai-key.ts";
import { createTokenFamily } from "./secret/prefixed-tokens.ts";
import { providerTokens } from "./secret/provider-tokens.ts";
import { urlCredentials } from "./secret/url-credentials.ts";
import { createShapeFamily } from "./shapes/shape-family.ts";

/** Identifiers that are data: a shape and a check each. */
const identifiers = createShapeFamily([
  ...americasIds,
  ...europeIds,
  ...asiaPacificIds,
  ...documents,
  ...healthNumbers,
  ...healthRecords,
  ...accountNumbers,
  bankCodes,
  ...deviceNumbers,
  plateNumbers,
]);

/** Tokens that their prefix tells. */
const tokens = createTokenFamily([
  awsAccessKey,
  githubToken,
  openaiKey,
  anthropicKey,
  ...aiKeys,
  ...providerTokens,
]);

/** All built-in families. Private keys are not among them: the scan reads those itself. */
export const families: readonly Family[] = [
  emails,
  phones,
  birthDates,
  ages,
  ipV4Addresses,
  ipV6Addresses,
  macAddresses,
  bareMacAddresses,
  profileUrls,
  creditCards,
  usSocialSecurityNumbers,
  ibans,
  identifiers,
  travelDocuments,
  wallets,
  tokens,
  awsSecretKeys,
  namedKeys,
  azureClientSecrets,
  azureStorageKeys,
  jsonWebTokens,
  urlCredentials,
  credentials,
  randomRuns,
];

/** Built-in families of values that only a label tells. */
export const labelledFamilies: readonly LabelledFamily[] = [
  people,
  addresses,
  freeAddresses,
  labelledBirthDates,
  labelledAges,
  spokenAges,
  licensePlates,
  geoCoordinates,
  usernames,
  cardCodes,
  cardExpiries,
  labelledBankCodes,
  diagnosisCodes,
  labelledStorageKeys,
  genericSecrets,
];
