import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { describe, test } from "node:test";
import fc from "fast-check";
import { lookAlikeTexts } from "../../test/support/look-alikes.ts";
import { valuesOfEveryType } from "../../test/support/planted-values.ts";
import { load } from "../../test/support/policy-laws.ts";
import { input, world } from "../../test/support/policy-worlds.ts";
import { recordWorld } from "../../test/support/recorded-worlds.ts";
import { createRuleDetector } from "../detect/index.ts";
import { LeakFinder } from "./leak-finder.ts";
import { leaksIn } from "./piece.ts";

const finder = new LeakFinder(createRuleDetector());

function inRecord(json: object) {
  return leaksIn({ surface: "record", line: Buffer.from(JSON.stringify(json)), seq: 0 }, finder);
}

const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((drawn) => Buffer.from(drawn));
const hex = (bytesMax: number) => bytes.map((drawn) => drawn.toString("hex").slice(0, bytesMax));

/** What stands in records and is drawn at random, or comes of a hash. */
const drawn = fc.record({
  id: fc.uuid(),
  exchange: fc.uuid({ version: 7 }),
  requestId: fc.uuid({ version: 4 }),
  log: hex(8).map((id) => `gov-${id}.acme.example/0/${id}`),
  obligationsDigest: bytes.map((of) => `sha256:${createHash("sha256").update(of).digest("hex")}`),
  input: fc.record({ bytes: fc.nat(), digest: hex(64).map((of) => `hmac-sha256:2026-11:${of}`) }),
  trace: fc.record({ traceId: hex(32), spanId: hex(16) }),
  principal: fc.record({
    ref: bytes.map((key) => {
      const mac = createHmac("sha256", key).update("ann").digest();
      return `p202611:${mac.subarray(0, 16).toString("base64url")}`;
    }),
  }),
  previous: fc.record({
    size: fc.maxSafeNat(),
    root: bytes.map((root) => root.toString("base64")),
  }),
  verifier: bytes.map((key) => `gov.acme.example/0/5f0c2a91+0a1b2c3d+${key.toString("base64")}`),
  at: fc
    .date({ min: new Date("2020-01-01"), max: new Date("2040-01-01"), noInvalidDate: true })
    .map((date) => date.toISOString().replace("Z", "123Z")),
  timeUs: fc.record({ total: fc.maxSafeNat(), queue: fc.maxSafeNat() }),
  facts: fc.dictionary(
    fc.constantFrom("request.maxTokens", "request.params.seed"),
    fc.oneof(fc.maxSafeInteger(), fc.record({ decimal: fc.double().map(String) })),
  ),
});

describe("our own output", () => {
  test("of random worlds holds nothing that is found", () => {
    fc.assert(
      fc.property(world(), fc.array(input, { minLength: 4, maxLength: 4 }), (given, inputs) => {
        const snapshot = load(given);
        for (const one of inputs) {
          for (const { json } of recordWorld(snapshot, one)) assert.deepEqual(inRecord(json), []);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("has ids, digests, times and numbers that look like nothing", () => {
    fc.assert(
      fc.property(drawn, (json) => {
        assert.deepEqual(inRecord(json), []);
      }),
      { numRuns: 2_000 },
    );
  });

  test("may have names of ours, of code and of versions", () => {
    for (const name of lookAlikeTexts)
      assert.deepEqual(inRecord({ rules: [{ id: name }] }), [], name);
  });
});

/** Types that a value shows by itself, with a check or a mark of its own. */
const sure: readonly string[] = [
  ...["EMAIL", "IBAN", "US_SSN", "BTC_ADDRESS", "ETH_ADDRESS", "IT_FISCAL_CODE", "CN_RESIDENT_ID"],
  ...["AWS_ACCESS_KEY", "GITHUB_TOKEN", "OPENAI_KEY", "ANTHROPIC_KEY", "JWT", "PRIVATE_KEY"],
  ...["GITLAB_TOKEN", "SLACK_TOKEN", "STRIPE_KEY", "GOOGLE_API_KEY", "HF_TOKEN", "AZURE_SECRET"],
];

test("a value that speaks for itself is found wherever it stands, also within other text", () => {
  const place = fc.constantFrom(
    (text: string) => ({ reason: text }),
    (text: string) => ({ model: { requested: text } }),
    (text: string) => ({ tools: [{ server: "crm", name: text }] }),
    (text: string) => ({ facts: { "request.toolNames": ["a", text] } }),
    (text: string) => ({ quotas: { [text]: "ok" } }),
  );
  const around = fc.constantFrom(
    (text: string) => text,
    (text: string) => `key ${text} given`,
    (text: string) => `"${text}"`,
  );
  fc.assert(
    fc.property(fc.nat({ max: 10_000 }), place, around, (seed, put, say) => {
      for (const { type, value } of valuesOfEveryType(seed)) {
        if (!sure.includes(type)) continue;
        const leaks = inRecord(put(say(value)));
        assert.equal(leaks.length, 1, `${type}: ${JSON.stringify(put(say(value)))}`);
      }
    }),
    { numRuns: 40 },
  );
});

/** Types whose values are numbers and words like others, but for what stands around them. */
const unsure: readonly string[] = [
  ...["UK_NHS", "CA_SIN", "IN_AADHAAR", "US_ROUTING", "BANK_ACCOUNT", "IMEI", "DATE_OF_BIRTH"],
  ...["PERSON", "UK_NINO", "IN_PAN", "VIN", "IP_ADDRESS", "MAC_ADDRESS", "CVV", "ICD10"],
];

test("a value that may as well be a number or a name of ours wakes nobody", () => {
  fc.assert(
    fc.property(fc.nat({ max: 10_000 }), (seed) => {
      for (const { type, value } of valuesOfEveryType(seed)) {
        if (unsure.includes(type)) assert.deepEqual(inRecord({ reason: value }), [], type);
      }
    }),
    { numRuns: 40 },
  );
});
