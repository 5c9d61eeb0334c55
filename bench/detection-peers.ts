import { Redactor } from "@redactpii/node";
import { lintSource } from "@secretlint/core";
import { creator } from "@secretlint/secretlint-rule-preset-recommend";
import { OpenRedaction } from "openredaction";
import { rowOf } from "./corpus/index.ts";
import type { Prediction } from "./detection-score.ts";

/** Something that finds values in text, measured beside others. */
export interface Contestant {
  readonly name: string;
  /** Reports more than the value on purpose, and is judged by what it covers of it. */
  readonly isGenerous: boolean;
  find(text: string): readonly Prediction[] | Promise<readonly Prediction[]>;
  /** What its users call on a text; where `find` does more to learn the places. */
  run?(text: string): unknown;
}

/** The redactors and scanners of npm, each with the settings its documentation recommends. */
export function createPeers(): readonly Contestant[] {
  const [secretlint, openredaction] = [createSecretlint(), createOpenRedaction()];
  return [secretlint, openredaction, createRedactPii(), createPair(secretlint, openredaction)];
}

const secretlintTypes: readonly (readonly [RegExp, string])[] = [
  [/AWSAccess/, "AWS_ACCESS_KEY"],
  [/AWSSecret/, "AWS_SECRET_KEY"],
  [/rule-github/, "GITHUB_TOKEN"],
  [/rule-gitlab/, "GITLAB_TOKEN"],
  [/rule-slack/, "SLACK_TOKEN"],
  [/rule-stripe/, "STRIPE_KEY"],
  [/rule-openai/, "OPENAI_KEY"],
  [/rule-anthropic/, "ANTHROPIC_KEY"],
  [/rule-gcp/, "GOOGLE_API_KEY"],
  [/rule-huggingface/, "HF_TOKEN"],
  [/rule-groq/, "AI_KEY_OTHER"],
  [/rule-privatekey/, "PRIVATE_KEY"],
  [/rule-(basicauth|database)/, "URL_CREDENTIALS"],
];

function createSecretlint(): Contestant {
  const id = "@secretlint/secretlint-rule-preset-recommend";
  const config = { rules: [{ id, rule: creator }] };
  return {
    name: "secretlint",
    isGenerous: true,
    async find(content) {
      const { messages } = await lintSource({
        source: { filePath: "/text.txt", ext: ".txt", contentType: "text", content },
        options: { config, noPhysicFilePath: true },
      });
      return messages.map(({ ruleId, messageId, range: [start, end] }) => {
        const known = secretlintTypes.find(([name]) => name.test(`${ruleId} ${messageId}`));
        return { type: known?.[1] ?? "PROVIDER_TOKEN", start, end };
      });
    },
  };
}

const openRedactionTypes: readonly (readonly [RegExp, string])[] = [
  [/^EMAIL/, "EMAIL"],
  [/^PHONE|EMERGENCY_CONTACT$/, "PHONE"],
  [/^NAME$/, "PERSON"],
  [/^ADDRESS|POSTCODE|ZIP_CODE/, "ADDRESS"],
  [/^DATE_OF_BIRTH/, "DATE_OF_BIRTH"],
  [/^IPV/, "IP_ADDRESS"],
  [/^MAC_/, "MAC_ADDRESS"],
  [/^IMEI/, "IMEI"],
  [/^VIN/, "VIN"],
  [/LICENSE_PLATE/, "LICENSE_PLATE"],
  [/USERNAME|SOCIAL_MEDIA/, "USERNAME"],
  [/LINKEDIN/, "URL_PERSONAL"],
  [/^SSN/, "US_SSN"],
  [/^ITIN/, "US_ITIN"],
  [/^US_EIN/, "US_EIN"],
  [/PASSPORT|TRAVEL_DOCUMENT/, "PASSPORT"],
  [/DRIVING_LICENSE|DRIVER/, "DRIVER_LICENSE"],
  [/^NATIONAL_INSURANCE/, "UK_NINO"],
  [/^UTR/, "UK_UTR"],
  [/^SIN_CA|CANADIAN_SIN/, "CA_SIN"],
  [/AUSTRALIAN_TFN/, "AU_TFN"],
  [/AADHAAR/, "IN_AADHAAR"],
  [/BRAZILIAN_CPF/, "BR_CPF"],
  [/BRAZILIAN_CNPJ/, "BR_CNPJ"],
  [/MEXICAN_CURP/, "MX_CURP"],
  [/SPANISH_DNI/, "ES_NIF"],
  [/ITALIAN_FISCAL/, "IT_FISCAL_CODE"],
  [/POLISH_PESEL/, "PL_PESEL"],
  [/DUTCH_BSN/, "NL_BSN"],
  [/GERMAN_TAX|^TAX_ID/, "DE_TAX_ID"],
  [/FRENCH_SOCIAL/, "FR_NIR"],
  [/SOUTH_KOREAN/, "KR_RRN"],
  [/JAPANESE_MY/, "JP_MY_NUMBER"],
  [/SINGAPORE/, "SG_NRIC"],
  [/SOUTH_AFRICA/, "ZA_ID"],
  [/^TURKEY/, "TR_NATIONAL_ID"],
  [/^NHS/, "UK_NHS"],
  [/^NPI/, "US_NPI"],
  [/^DEA/, "US_DEA"],
  [/AUSTRALIAN_MEDICARE/, "AU_MEDICARE"],
  [/^MEDICAL_RECORD|^PATIENT_ID/, "MEDICAL_RECORD"],
  [/^HEALTH_PLAN|BENEFICIARY|POLICY_HOLDER/, "HEALTH_PLAN_ID"],
  [/^ICD10/, "ICD10"],
  [/^CREDIT_CARD/, "CREDIT_CARD"],
  [/^CVV/, "CVV"],
  [/^CARD_EXPIRY/, "CARD_EXPIRY"],
  [/^IBAN|ACCOUNT_IBAN/, "IBAN"],
  [/^SWIFT/, "SWIFT_BIC"],
  [/^ROUTING_NUMBER/, "US_ROUTING"],
  [/^SORT_CODE|^UK_SORT/, "UK_SORT_CODE"],
  [/BANK_ACCOUNT|_ACCOUNT$/, "BANK_ACCOUNT"],
  [/^BITCOIN/, "BTC_ADDRESS"],
  [/^ETHEREUM|POLYGON|AVALANCHE|BINANCE/, "ETH_ADDRESS"],
  [/^ISIN|^CUSIP/, "ISIN"],
  [/^AWS_ACCESS/, "AWS_ACCESS_KEY"],
  [/^AWS_SECRET/, "AWS_SECRET_KEY"],
  [/^GITHUB/, "GITHUB_TOKEN"],
  [/^SLACK/, "SLACK_TOKEN"],
  [/^STRIPE/, "STRIPE_KEY"],
  [/^OPENAI/, "OPENAI_KEY"],
  [/^GOOGLE_API|^FIREBASE/, "GOOGLE_API_KEY"],
  [/^(NPM|PYPI|SENDGRID|TWILIO|MAILGUN|HEROKU)/, "PROVIDER_TOKEN"],
  [/^JWT/, "JWT"],
  [/PRIVATE_KEY$/, "PRIVATE_KEY"],
  [/^URL_WITH_AUTH|^DATABASE_CONN/, "URL_CREDENTIALS"],
  [/^BEARER|^OAUTH_TOKEN|^DOCKER_AUTH/, "BEARER_TOKEN"],
  [/^AZURE_STORAGE/, "AZURE_STORAGE_KEY"],
  [/^GENERIC_|OAUTH_CLIENT|KUBERNETES_SECRET|COOKIE_SESSION/, "GENERIC_SECRET"],
];

/** Its hundreds of kinds of order and ticket numbers have no row of ours and do not count at all. */
function createOpenRedaction(): Contestant {
  const detector = new OpenRedaction();
  return {
    name: "openredaction",
    isGenerous: true,
    async find(text) {
      const { detections } = await detector.detect(text);
      return detections.flatMap(({ type, position: [start, end] }) => {
        const known = openRedactionTypes.find(([name]) => name.test(type));
        return known === undefined ? [] : [{ type: known[1], start, end }];
      });
    },
  };
}

const redactPiiRules = {
  EMAIL: "EMAIL",
  NAME: "PERSON",
  PHONE: "PHONE",
  SSN: "US_SSN",
  CREDIT_CARD: "CREDIT_CARD",
} as const;

/** It gives redacted text without positions: each rule alone, with a mark that no text holds. */
function createRedactPii(): Contestant {
  const mark = "\ue0f1";
  const all = Object.fromEntries(Object.keys(redactPiiRules).map((rule) => [rule, true]));
  const whole = new Redactor({ rules: all });
  const single = Object.entries(redactPiiRules).map(
    ([rule, type]) =>
      [type, new Redactor({ rules: { [rule]: true }, globalReplaceWith: mark })] as const,
  );
  return {
    name: "redactpii",
    isGenerous: true,
    find: (text) =>
      single.flatMap(([type, redactor]) =>
        replacedIn(text, redactor.redact(text).split(mark)).map((place) => ({ type, ...place })),
      ),
    run: (text) => whole.redact(text),
  };
}

/** Places of what stood between the parts that stayed. */
function replacedIn(text: string, parts: readonly string[]): { start: number; end: number }[] {
  const places: { start: number; end: number }[] = [];
  let at = parts[0]?.length ?? 0;
  for (const [index, part] of parts.slice(1).entries()) {
    const isLast = index === parts.length - 2;
    const end = isLast ? text.length - part.length : text.indexOf(part, at + 1);
    places.push({ start: at, end: part === "" && !isLast ? at + 1 : end });
    at = end + part.length;
  }
  return places.filter(({ start, end }) => end > start);
}

/** Two together, as one would run them: both answers, the second only where the first has none. */
function createPair(first: Contestant, second: Contestant): Contestant {
  return {
    name: `${first.name} + ${second.name}`,
    isGenerous: true,
    async find(text) {
      const found = await first.find(text);
      const others = (await second.find(text)).filter(
        (each) => !found.some(({ start, end }) => start < each.end && each.start < end),
      );
      return [...found, ...others].filter(({ type }) => rowOf(type) !== type);
    },
  };
}
