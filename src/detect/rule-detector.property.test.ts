import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { cutText, pieceSizes, scanInPieces } from "../../test/support/scan-in-pieces.ts";
import { createRuleDetector, holdBackUnitsMax } from "./index.ts";

const detector = createRuleDetector();

const base62 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Characters that look random and are the same each time. */
function noise(units: number, seed: number): string {
  let state = seed + 1;
  let text = "";
  for (let count = 0; count < units; count += 1) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    text += base62.charAt((state >> 8) % base62.length);
  }
  return text;
}

function encode(text: string): string {
  return Buffer.from(text).toString("base64url");
}

function token(payloadUnits: number, seed: number): string {
  return `${encode('{"alg":"ES256","kid":"k1"}')}.eyJ${noise(payloadUnits, seed)}.${noise(86, seed)}`;
}

function pem(lines: number, lineBreak: string): string {
  const body = Array.from({ length: lines }, (_, index) => noise(64, index));
  const marker = "EC PRIVATE KEY-----";
  return [`-----BEGIN ${marker}`, ...body, `${noise(10, 3)}==`, `-----END ${marker}`].join(
    lineBreak,
  );
}

const values = [
  "jane.roe@example.org",
  "o'neil+tag@mail.example.co.uk",
  "jane@bücher.example",
  "+1 202-555-0143",
  "(202) 555-0143",
  "+44 (0)20 7946 0000",
  "07700 900123",
  "06 39 98 12 34",
  "phone: 2025550143",
  "4111 1111 1111 1111",
  "4111 - 1111 - 1111 - 1111",
  "378282246310005",
  "6304 0000 0000 0000",
  "219-09-1234",
  "219 09 1234",
  '"ssn":"219091234"',
  "GB82 WEST 1234 5698 7654 32",
  "de89370400440532013000",
  "AKIAQ3ERTZ2J4UIOPAS5",
  `aws_secret_access_key = ${noise(40, 11)}`,
  `ghp_${noise(36, 5)}`,
  `sk-proj-${noise(74, 6)}T3BlbkFJ${noise(74, 7)}`,
  `sk-ant-api03-${noise(93, 8)}AA`,
  token(60, 1),
  pem(3, "\n"),
  pem(2, "\\n"),
  pem(3, "\n  "),
  "4111111111111111@example.org",
  "Patient: Jane Roe",
  "my name is Jane Roe",
  "Dear Jane Roe,",
  "Best regards,\nJane Roe",
  "姓名：王小明",
  "DOB: 31 January 1970",
  "born on 1970-01-31",
  "Address: 12 Example Street, Springfield, IL 62701",
  "12 Example Street, Springfield, IL 62701",
  "12 rue de Rivoli, 75001 Paris",
  "93 years old",
  "2001:db8::1",
  "192.0.2.10",
  "00:00:5e:00:53:0a",
  "lat: 48.85841",
  "license plate AB12 CDE",
  "username: jroe",
  "https://www.linkedin.com/in/jane-roe",
  "1M8GDM9AXKP042788",
];

const longValues = [
  token(2500, 2),
  token(9000, 3),
  pem(70, "\n"),
  pem(60, "\\n"),
  `-----BEGIN PRIVATE KEY-----\n${noise(9000, 4)}`,
  noise(5000, 9),
  `${noise(2030, 9)}/jane.roe@example.org`,
  `${noise(1020, 9)}/jane.roe@example.org/${noise(1500, 8)}`,
  "4111 1111 1111 1111 ".repeat(120),
  "01 02 03 04 05 ".repeat(200),
  "2222 3333 4444 ".repeat(160),
  "a@b.".repeat(700),
  "sk-ant-".repeat(400),
  "eyJ.".repeat(700),
  "-----BEGIN ".repeat(300),
  `-----BEGIN PRIVATE KEY-----${" \n".repeat(3000)}`,
  `-----BEGIN PRIVATE KEY-----\nVersion: ${"x ".repeat(900)}`,
  "\\".repeat(600),
];

const lookAlikes = [
  "react@19.1.0",
  "git@github.com:org/repo.git",
  "https://user:pass@example.org/x",
  "550e8400-e29b-41d4-a716-446655440000",
  "978-3-16-148410-0",
  "2024-01-31T10:00:00+01:00",
  "1 2 3 4 5 6 7 8 9",
  "1,234 and 5 678",
  "AKIAIOSFODNN7EXAMPLE",
  "-----BEGIN CERTIFICATE-----",
  "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
  "-----BEGIN PRIVATE KEY",
  "-----END PRIVATE KEY-----",
  "eyJhbGciOiJIUzI1NiJ9",
  "GB82 WEST 1234",
  "jane@example",
  "call",
  "order",
  "(202)",
  "+49",
  "-",
  "\\n",
  "\\",
  "\ud83d\ude00",
  "\ud83d",
  "\udc00",
  "电话",
  "привет",
  "name: string",
  "5 Apples",
  "12 ru",
  "95 yards",
  "10:30:45",
  "a::b",
  "fe80::",
];

const filler = ["the", "quick", "brown,", "fox.", "In", "2024", "we", "shipped", "(twice)", "a_b"];
const breaks = [
  " ",
  " ",
  " ",
  "",
  "\n",
  ", ",
  ": ",
  ":",
  "  ",
  " - ",
  "=",
  "/",
  ".",
  "-",
  "'",
  '"',
];

const part = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...values) },
  { weight: 3, arbitrary: fc.constantFrom(...lookAlikes) },
  { weight: 4, arbitrary: fc.constantFrom(...filler) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 6 }) },
  {
    weight: 2,
    arbitrary: fc.string({ unit: fc.constantFrom(..."019+ -.()@a\\nE4"), maxLength: 24 }),
  },
);

const text = fc
  .array(fc.tuple(part, fc.constantFrom(...breaks)), { maxLength: 14 })
  .map((parts) => parts.flat().join(""));

const longText = fc
  .tuple(text, fc.constantFrom(...longValues), fc.constantFrom(...breaks), text)
  .map((parts) => parts.join(""));

test("any splitting of a text gives the findings of the whole", () => {
  fc.assert(
    fc.property(text, pieceSizes, (whole, sizes) => {
      const pieces = cutText(whole, sizes);
      assert.deepEqual(scanInPieces(detector, pieces, holdBackUnitsMax), detector.scan(whole));
    }),
    { numRuns: 2000 },
  );
});

test("a text that comes unit by unit gives the findings of the whole", () => {
  fc.assert(
    fc.property(text, (whole) => {
      const pieces = whole.split("");
      assert.deepEqual(scanInPieces(detector, pieces, holdBackUnitsMax), detector.scan(whole));
    }),
    { numRuns: 400 },
  );
});

test("values and stretches beyond all bounds give the same findings in pieces and hold no more", () => {
  fc.assert(
    fc.property(longText, pieceSizes, (whole, sizes) => {
      const pieces = cutText(whole, [...sizes, 37]);
      assert.deepEqual(scanInPieces(detector, pieces, holdBackUnitsMax), detector.scan(whole));
    }),
    { numRuns: 200 },
  );
});

test("each long text gives the same findings unit by unit", () => {
  for (const whole of longValues) {
    const padded = `It is ${whole}, he said`;
    const pieces = padded.split("");
    assert.deepEqual(scanInPieces(detector, pieces, holdBackUnitsMax), detector.scan(padded));
  }
});

test("findings are sorted, apart from each other, and within the text, whatever the text", () => {
  const anything = fc.oneof(text, fc.string({ unit: "binary", maxLength: 200 }));
  fc.assert(
    fc.property(anything, (whole) => {
      let end = 0;
      for (const finding of detector.scan(whole)) {
        assert.ok(finding.start >= end && finding.end > finding.start);
        assert.ok(finding.confidencePct >= 40 && finding.confidencePct <= 99);
        end = finding.end;
      }
      assert.ok(end <= whole.length);
    }),
    { numRuns: 500 },
  );
});

test("a value between words is found whatever stands around it", () => {
  const word = fc.constantFrom("so", "the", "we", "Yes,", "ok.", "(see", "then", "\n", "它");
  const value = fc.constantFrom(
    "jane.roe@example.org",
    "+1 202-555-0143",
    "4111 1111 1111 1111",
    "219-09-1234",
    "GB82 WEST 1234 5698 7654 32",
    `ghp_${noise(36, 5)}`,
    token(60, 1),
    pem(3, "\n"),
  );
  fc.assert(
    fc.property(fc.array(word), value, fc.array(word), (before, held, after) => {
      const lead = before.map((each) => `${each} `).join("");
      const found = detector.scan(`${lead}${held} ${after.join(" ")}`);
      const spans = found.map(({ start, end }) => [start, end]);
      assert.deepEqual(spans, [[lead.length, lead.length + held.length]]);
    }),
    { numRuns: 500 },
  );
});
