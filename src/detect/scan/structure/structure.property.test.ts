import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { cutText, pieceSizes, scanInPieces } from "../../../../test/support/scan-in-pieces.ts";
import { families, labelledFamilies } from "../../families.ts";
import { holdBackUnitsMax } from "../../index.ts";
import { createFamilyDetector } from "../../rule-detector.ts";
import { addCandidate, type Family, type FindingKind, type LabelledFamily } from "../family.ts";
import { type Topic, topics } from "../topics.ts";

const kind: FindingKind = { type: "ALL", dataClass: "pii.all", detector: "all@1", rank: 0 };

/** Takes all that stands behind any label, so that each value's bounds show. */
const everything: LabelledFamily = {
  kinds: [],
  topics: Object.values(topics) as readonly Topic[],
  find({ from, to, isStructural, isQuoted }, found) {
    const pct = 60 + (isStructural ? 20 : 0) + (isQuoted === true ? 10 : 0);
    addCandidate(found, kind, { start: from, end: to, pct });
  },
};

const detector = createFamilyDetector(families, [...labelledFamilies, everything]);
/** Without the one that wants all words: values said in a sentence may be over sooner. */
const shipped = createFamilyDetector(families, labelledFamilies);

const documents = [
  '{"ssn": "219091234", "cards": [4111111111111111, {"pan": "4111 1111 1111 1111"}], "cvv": 123}',
  '{\n  "patient": {\n    "phone": ["2025550143",\n "2025550199"],\n "mrn": 123456\n  }\n}',
  "patient:\n  ssn: 219091234\n  phones:\n    - 2025550143\n    - 2025550199\n  note: my name is Jane Roe\n",
  "SSN=219091234\nexport PHONE='2025550143'\nSECRET=\"aB3dE5fG7hI9\" # so\n",
  'name,ssn,phone\nJane,219091234,2025550143\n"Roe, Joe",219091235,2025550199\n\nso',
  "| Phone | SSN |\n|---|---|\n| 2025550143 | 219091234 |\n| 2025550199 | 219091235 |\nso",
  "phone\tssn\r\n2025550143\t219091234\r\n2025550199\t219091235\r\n",
  "INSERT INTO t (id, ssn, phone) VALUES (1, '219091234', '2025550143'), (2, NULL, 'x');\n",
  "UPDATE t SET phone='2025550143' WHERE ssn = '219091234';",
  "mysql --password hunter22 --ssn 219091234 -u x\ncurl -H 'Authorization: Bearer abc'",
  '<patient><ssn>219091234</ssn><phone type="home">2025550143</phone></patient>',
  "Social Security Number:\n219091234\nPhone\n2025550143\n",
  "Agent: What is your SSN?\nCaller: it's 219091234 (SSN), and\nAgent: CVV 123 please",
  "Born on 31 January 1970, 219091234 (social security) and 2025550143 (cell)",
  "--- a\n+++ b\n@@ -1 +1 @@\n-ssn: 219091234\n+  ssn: 219091235\n",
  "身份证号码：11010519491231002X，电话 2025550143，カード 4111111111111111",
  'private_key: "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nQ3ERTZ2J4U==\n-----END PRIVATE KEY-----"\nssn: 219091234',
  "Hello Jane Roe, thank you for it. My name is Ludwig van Bern and I am Joe Bloggs, so dear me.\nBest regards,\nJoe",
  "secret: {{ ssn }} phone = process.env.PHONE; // 2025550143",
] as const;

const marks = "{}[]\"':=,;|\t\n\r<>()?&-` #$*+\\é身a";
const noise = fc.oneof(
  fc.string({ unit: fc.constantFrom(...marks), maxLength: 12 }),
  fc.constantFrom(
    "ssn",
    "phone: ",
    "cvv ",
    " is ",
    "219091234",
    "2025550143",
    "so ",
    "INTO t (",
    "order",
    "Dear ",
    "I am ",
    "Jane Roe",
  ),
);

/** Documents cut off and stuck together, with marks of structure between. */
const mixed = fc
  .array(
    fc.oneof(
      fc
        .tuple(fc.constantFrom(...documents), fc.nat({ max: 200 }), fc.nat({ max: 200 }))
        .map(([text, from, units]) => text.slice(from % text.length, (from % text.length) + units)),
      fc.constantFrom(...documents),
      noise,
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join(""));

test("any splitting of structured text gives the findings of the whole", () => {
  fc.assert(
    fc.property(mixed, pieceSizes, (whole, sizes) => {
      for (const each of [detector, shipped]) {
        const found = each.scan(whole);
        assert.deepEqual(scanInPieces(each, cutText(whole, sizes), holdBackUnitsMax), found);
      }
    }),
    { numRuns: 1500 },
  );
});

test("labels hold for each reading of a text, wherever the first escape or disguise comes", () => {
  const signs = fc.constantFrom("\u200b", "\\n", '\\"', "\\u0031", "\uff11", "&#64;");
  fc.assert(
    fc.property(
      fc.constantFrom(...documents),
      fc.nat(),
      signs,
      pieceSizes,
      (text, at, sign, sizes) => {
        const place = at % text.length;
        const whole = `${text.slice(0, place)}${sign}${text.slice(place)}`;
        const found = detector.scan(whole);
        const pieces = [whole.slice(0, place), ...cutText(whole.slice(place), sizes)];
        assert.deepEqual(scanInPieces(detector, pieces, 2 * holdBackUnitsMax), found);
      },
    ),
    { numRuns: 800 },
  );
});

test("each document gives the same findings cut in two anywhere, and unit by unit", () => {
  for (const whole of documents) {
    const found = detector.scan(whole);
    assert.ok(found.length > 0, whole);
    assert.deepEqual(scanInPieces(detector, whole.split(""), holdBackUnitsMax), found, whole);
    for (let at = 1; at < whole.length; at += 1) {
      const pieces = [whole.slice(0, at), whole.slice(at)];
      assert.deepEqual(scanInPieces(detector, pieces, holdBackUnitsMax), found, whole);
    }
  }
});

/** Holds of each segment that what counts for it is near it. */
const nearness: Family = {
  needs: 0,
  unitsMin: 1,
  digitsMin: 0,
  find({ from, to, context }) {
    for (const topic of Object.values(topics)) {
      if (context.pct(topic, from, to) <= 0) continue;
      assert.ok(context.near(from, to).has(topic), `${topic}`);
    }
  },
};

test("whatever counts for a value is among what is near it", () => {
  const watched = createFamilyDetector([nearness], [everything]);
  for (const whole of documents) watched.scan(whole);
  fc.assert(
    fc.property(mixed, (whole) => {
      watched.scan(whole);
    }),
    { numRuns: 500 },
  );
});

test("how far structured text is settled depends on the text alone", () => {
  fc.assert(
    fc.property(mixed, pieceSizes, (whole, sizes) => {
      const one = detector.open();
      one.push(whole);
      const many = detector.open();
      for (const piece of cutText(whole, sizes)) many.push(piece);
      assert.equal(many.settled, one.settled, JSON.stringify(whole));
    }),
    { numRuns: 800 },
  );
});

test("hostile structure holds no more than promised", () => {
  const key = "-----BEGIN PRIVATE KEY-----\n";
  const token = `${Buffer.from('{"alg":"none"}').toString("base64url")}.eyJ`;
  const opened = ['{"ssn":"', "ssn: ", "ssn\n", "a,ssn\n", "INSERT INTO t (ssn) VALUES ('", '["'];
  const endless = ["1", '"', "{", "[", "ssn:", "ssn=", ",", "|", "\n", "(", "my ssn is ", "<ssn>"];
  const secrets = [key, `${key}${"aB3dE5fG7hI9".repeat(40)}`, token];
  for (const start of opened) {
    for (const unit of [...endless, "a", "1 ", "ssn,", "x: "]) {
      for (const middle of ["", ...secrets]) {
        const whole = `${start}${middle}${unit.repeat(Math.ceil(6000 / unit.length))}`;
        scanInPieces(detector, cutText(whole, [97]), holdBackUnitsMax);
      }
    }
  }
});
