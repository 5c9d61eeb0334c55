import assert from "node:assert/strict";
import test from "node:test";
import { createFamilyDetector } from "../../rule-detector.ts";
import { digitBit } from "../../text/character-kind.ts";
import { addCandidate, type Family, type FindingKind, type LabelledFamily } from "../family.ts";
import { topics } from "../topics.ts";

const kind: FindingKind = { type: "PROBE", dataClass: "pii.probe", detector: "probe@1", rank: 1 };

/** Reports each number of nine digits or more with what stands around it, 50 being nothing. */
const numbers: Family = {
  needs: digitBit,
  unitsMin: 9,
  digitsMin: 9,
  find({ text, from, to, context }, found) {
    for (const match of text.slice(from, to).matchAll(/\d{9,}/g)) {
      const start = from + match.index;
      const end = start + match[0].length;
      addCandidate(found, kind, { start, end, pct: 41 + context.pct(topics.usSsn, start, end) });
      // What speaks against it is reported too: below the least confidence nothing else would be.
      if (context.pct(topics.usSsn, start, end) < 0)
        addCandidate(found, kind, { start, end, pct: 40 });
    }
  },
};

/** Takes all that stands behind a label of a diagnosis, or the first word of it. */
const diagnoses: LabelledFamily = {
  kinds: [],
  topics: [topics.diagnosis],
  find({ from, to, isStructural, isQuoted }, found) {
    const pct = isStructural ? (isQuoted === true ? 90 : 80) : 70;
    addCandidate(found, { ...kind, type: "LABELLED" }, { start: from, end: to, pct });
  },
};

const detector = createFamilyDetector([numbers], [diagnoses]);

/** Points for what stands around the one number of a text. */
function points(text: string): number | undefined {
  const found = detector.scan(text).filter(({ type }) => type === "PROBE");
  const [pct] = found.map(({ confidencePct }) => confidencePct - 41);
  return pct;
}

/** Expects these points for each number in a text. */
function expectEach(text: string, expected: readonly number[]): void {
  const found = detector.scan(text).filter(({ type }) => type === "PROBE");
  const pcts = found.map(({ confidencePct }) => confidencePct - 41);
  assert.equal(pcts.join(" "), expected.join(" "), text.slice(0, 200));
}

/** Expects the ‹marked› values to be handed to the labelled family, and nothing else. */
function expectLabelled(marked: string): void {
  const text = marked.replace(/[‹›]/g, "");
  const expected = [...marked.matchAll(/‹([^›]*)›/gs)].map((match) => match[1]);
  const found = detector.scan(text).filter(({ type }) => type === "LABELLED");
  assert.deepEqual(
    found.map(({ start, end }) => text.slice(start, end)),
    expected,
    marked,
  );
}

const label = 45;
const word = 35;
const behind = 20;
const nothing = 0;
const against = -1;

test("keys, variables, headers, tags and attributes are labels", () => {
  for (const text of [
    '{"ssn": "219091234"}',
    '{"patientSsn":219091234}',
    "{'ssn': '219091234'}",
    "ssn: 219091234",
    "SSN=219091234",
    "USER_SSN=219091234",
    "export USER_SSN='219091234'",
    "X-Tax-Id: 219091234",
    "<ssn>219091234</ssn>",
    '<person ssn="219091234">',
    "https://example.org/?ssn=219091234&x=1",
    "**SSN:** 219091234",
    "Social Security Number: 219091234",
    "Número: 1, Social-Security: 219091234",
    "WHERE ssn = '219091234'",
    "UPDATE t SET name = 'x', ssn = '219091234'",
    "--ssn 219091234",
    "tool --verbose --user-ssn '219091234'",
    "+  ssn: 219091234",
    "> ssn: 219091234",
  ]) {
    assert.equal(points(text), label, text);
  }
});

test("a key labels its own value only", () => {
  expectEach('{"ssn": "219091234", "count": 300000000}', [label, nothing]);
  expectEach("ssn: 219091234\ncount: 300000000", [label, nothing]);
  expectEach("<ssn>219091234</ssn><n>300000000</n>", [label, nothing]);
  expectEach("?ssn=219091234&x=300000000", [label, nothing]);
});

test("an array under a key is labelled however long it is", () => {
  const numbers = Array.from({ length: 400 }, (_, index) => 219_090_000 + index);
  expectEach(`{"ssn": [${numbers.join(", ")}], "n": 300000000}`, [
    ...numbers.map(() => label),
    nothing,
  ]);
  expectEach(JSON.stringify({ a: { ssn: numbers, n: 300000000 } }, null, 2), [
    ...numbers.map(() => label),
    nothing,
  ]);
  expectEach(`ssns:\n${numbers.map((each) => `  - ${each}\n`).join("")}n: 300000000`, [
    ...numbers.map(() => label),
    nothing,
  ]);
  expectEach(`ssns:\n${numbers.map((each) => `- ${each}\n`).join("")}n: 300000000`, [
    ...numbers.map(() => label),
    nothing,
  ]);
});

test("a neutral key passes on what the key around it says, another key a little of it", () => {
  expectEach('{"ssn": {"value": 219091234, "created": 219091234}}', [label, behind]);
  expectEach("ssn:\n  number: 219091234\n  since: 219091234\nn: 219091234", [
    label,
    behind,
    nothing,
  ]);
});

test("a bracket left open in one paragraph is none around the next", () => {
  expectLabelled("so :{ it is\n\nDiagnosis: ‹so, it is›\n");
  expectLabelled('{"so": 1,\n\n  diagnosis: ‹so›, n: 1}');
});

test("columns are labelled by their headers, however long the table is", () => {
  const rows = Array.from({ length: 300 }, (_, index) => 219_090_000 + index);
  const pairs = rows.flatMap(() => [nothing, label]);
  for (const [head, row] of [
    ["count,ssn,note", (n: number) => `300000000,${n},ok`],
    ['"count","ssn","note"', (n: number) => `"300000000","${n}","so, it is"`],
    ["count;ssn;note", (n: number) => `300000000;${n};ok, fine`],
    ["count\tssn\tnote", (n: number) => `300000000\t${n}\tok`],
    ["| count | ssn |\n|---|---|", (n: number) => `| 300000000 | ${n} |`],
    [" count | ssn \n-------+-----", (n: number) => ` 300000000 | ${n} `],
  ] as const) {
    expectEach(`${head}\n${rows.map((n) => `${row(n)}\n`).join("")}`, pairs);
    expectEach(`${head}\r\n${rows.map((n) => `${row(n)}\r\n`).join("")}`, pairs);
  }
});

test("a column of something else speaks against its numbers", () => {
  expectEach("order_id,ssn\n219091234,219091234", [against, label]);
  assert.equal(points('{"order_id": 219091234}'), against);
});

test("a table ends where lines stop fitting", () => {
  expectEach("ssn,n\n219091234,1\n\n219091234,1", [label, nothing]);
  expectEach("ssn,n\n219091234,1\nso it is\nand on\n219091234,1", [label, nothing]);
});

test("prose with commas makes no table", () => {
  expectEach("If you have an ssn, then write it down somewhere safe, please.\n219091234, 17, 3", [
    nothing,
  ]);
});

test("values of a statement are labelled by the names of its columns", () => {
  expectEach(
    "INSERT INTO t (n, ssn, note) VALUES (300000000, '219091234', 'a, b'),\n" +
      "  (now(1, 2), 219091234, NULL);\n(300000000, 219091234)",
    [nothing, label, label, nothing, nothing],
  );
});

test("a label alone on its line speaks of the next one", () => {
  assert.equal(points("Social Security Number:\n219091234"), label);
  assert.equal(points("Social Security Number\n\n  219091234"), label);
  assert.equal(points("SSN:\nname: x\n219091234"), nothing);
  expectEach("SSN\n219091234\n300000000", [label, nothing]);
});

test("a line that has its value speaks of no other one", () => {
  expectEach("SSN ........ 219091234\nTotal ........ 219091235\n", [word, nothing]);
  expectEach("SSN 219091234\n219091235\n", [word, nothing]);
  assert.equal(points("SSN 2\n219091234\n"), label);
});

test("what a value's own line says counts against a label above", () => {
  expectEach("SSN\nTimestamp .... 219091234\n", [against]);
  assert.equal(points("SSN\nso it is 219091234\n"), label);
});

test("an answer is understood by its question", () => {
  assert.equal(points("What is your SSN?\n219091234"), word);
  assert.equal(points("Agent: What is your SSN?\nCaller: Sure, it's 219091234"), word);
  assert.equal(points("Agent: Please confirm your SSN.\nCaller: 219091234"), word);
  assert.equal(points("We keep your SSN safe.\n219091234"), nothing);
});

test("words count before a value, and in brackets behind it", () => {
  assert.equal(points("my SSN 219091234"), word);
  assert.equal(points("219091234 (SSN)"), behind);
  assert.equal(points("219091234 (her SSN), so"), behind);
  assert.equal(points("219091234 so (SSN)"), nothing);
  assert.equal(points(`219091234 (${"so ".repeat(9)} SSN)`), nothing);
  assert.equal(points("ticket 219091234"), against);
  assert.equal(points("paid $219091234"), against);
  assert.equal(points("see #219091234"), against);
  assert.equal(points("SSN #219091234"), word);
});

test("times, links and emphasis are no labels", () => {
  assert.equal(points("ssn at 10:30 219091234"), word);
  assert.equal(points("ssn://219091234"), word);
});

test("a labelled value reaches to the end of its string, cell, line or tag", () => {
  expectLabelled('{"diagnosis": "‹Type 2, acute›", "n": "so"}');
  expectLabelled("diagnosis: ‹Type 2, acute›\nn: so");
  expectLabelled("DIAGNOSIS=‹acute›;n=1");
  expectLabelled("<diagnosis>‹Type 2›</diagnosis>");
  expectLabelled('n,diagnosis\n1,‹acute›\n2,"‹so, it is›"\n');
  expectLabelled("| n | diagnosis |\n|---|---|\n| 1 | ‹acute pain› |\n");
  expectLabelled("INSERT INTO t (n, diagnosis) VALUES (1, '‹a, b›'), (2, '‹c›');");
  expectLabelled("--diagnosis ‹acute› --n 1");
  expectLabelled("Diagnosis:\n‹Type 2, acute›\nso");
  expectLabelled('{"diagnosis": ["‹one›", "‹two›"], "n": "so"}');
  expectLabelled("diagnosis:\n  - ‹one›\n  - ‹two›\nn: so");
  expectLabelled("Diagnosis: ‹acute›");
  expectLabelled("the diagnosis is ‹acute pain›");
  expectLabelled("diagnosis ‹17.3 as I said›");
  expectLabelled("the diagnosis that was made is over so");
});

test("a labelled value without end is cut", () => {
  const [one] = detector.scan(`{"diagnosis": "${"so ".repeat(200)}`);
  assert.deepEqual([one?.start, one?.end], [15, 15 + 256]);
});
