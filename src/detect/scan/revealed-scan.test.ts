import assert from "node:assert/strict";
import test from "node:test";
import { scanInPieces } from "../../../test/support/scan-in-pieces.ts";
import { createRuleDetector, holdBackUnitsMax } from "../index.ts";
import { stepUnitsMax } from "../text/units.ts";

const detector = createRuleDetector();

/** Expects each ‹marked› stretch, and nothing else, to be found. */
function expectMarked(marked: string): void {
  const text = marked.replace(/[‹›]/g, "");
  const expected = [...marked.matchAll(/‹([^›]*)›/gs)].map((match) => match[1]);
  const found = detector.scan(text).map(({ start, end }) => text.slice(start, end));
  assert.deepEqual(found, expected, marked);
}

function tags(text: string): string {
  return [...text].map((each) => String.fromCodePoint(0xe0000 + each.charCodeAt(0))).join("");
}

test("values behind the escapes of JSON in a string are found, escapes included", () => {
  for (const marked of [
    String.raw`{"to":"‹jane\u0040example.org›"}`,
    String.raw`{\"to\":\"‹jane\\u0040example.org›\",\"n\":1}`,
    String.raw`{\\\"to\\\":\\\"‹jane\\\\u0040example.org›\\\"}`,
    String.raw`{"to":"‹\u006aane\u0040example\u002eor\u0067›"}`,
    String.raw`{"to":"‹\u006Aane\u0040Example\u002Eorg›"}`,
    String.raw`‹\u005c\u0075006aane@example.org›`,
    String.raw`{"card":"‹4111\u00201111\u00201111\u00201111›"}`,
    String.raw`{"ssn":"‹219\u002d09\u002d1234›"}`,
    String.raw`{"text":"It is\n‹jane@example.org›\tand\r\n‹219-09-1234›\b\f‹joe@example.org›"}`,
    String.raw`{"url":"https:\/\/example.org\/?to=‹jane@example.org›\/x"}`,
    String.raw`{"face":"\uD83d\uDe00‹jane@example.org›\ud83d\ude00"}`,
  ]) {
    expectMarked(marked);
  }
});

test("a finding does not cross the end of an inner string", () => {
  expectMarked(String.raw`[\"4111 1111 \",\" 1111 1111\"]`);
  expectMarked(String.raw`[\"‹jane@example.org›\",\"‹joe@example.org›\"]`);
  expectMarked(String.raw`[\"219-09\"-1234]`);
  expectMarked(
    String.raw`\"key\":\"‹-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nQ3ERTZ2J4U›\",\"x\"`,
  );
});

test("a column counts for as long as either reading of the text has one", () => {
  const rows = Array.from({ length: 40 }, (_, row) => `so it is,‹2190912${10 + row}›,new`);
  const quoted = String.raw`"5\" pipe",‹219091234›,new`;
  expectMarked(["note,ssn,state", quoted, quoted, ...rows].join("\n"));
});

test("line breaks of deeper layers still end a value", () => {
  for (const layers of [4, 5, 6]) {
    const backslashes = "\\".repeat(2 ** (layers - 1));
    expectMarked(`line${backslashes}n‹jane@example.org›${backslashes}nline`);
  }
});

test("backslashes of paths, patterns and formulas make no values", () => {
  for (const text of [
    String.raw`C:\new\table\219 C:\Users\jane\notes.txt C:\\Users\\u0041\\x`,
    String.raw`\\server\share\202-555\0143 \\\\server\\share`,
    String.raw`/^\d{3}-\d{2}-\d{4}$/ and \b[\w.]+@[\w-]+\.com\b`,
    String.raw`\frac{1}{2} \alpha \beta \nu_{12} \rho @ \u \u12 \x41 \user@host`,
    String.raw`"\u0035\u0035\u0030e8400-e29b-41d4-a716-446655440000"`,
    String.raw`react\u004019.1.0 and actions\/checkout\u0040v4`,
    String.raw`12\/12\/2012 17\u002e02\u002e2024`,
    String.raw`https:\/\/user:pass@example.org\/x and ssh:\\/\\/git@example.org\\/x`,
    String.raw`printf("%d\n%40s\n", 4111)`,
    String.raw`jane\n@example.org`,
  ]) {
    assert.deepEqual(detector.scan(text), [], text);
  }
});

test("characters that are not seen, or are seen as others, hide no value", () => {
  for (const marked of [
    "‹4111\u200b1111\u200b1111\u200b1111›",
    "‹4\u00ad1\u2060\ufeff1\u200d1 1111 1111 1111›\u200b",
    "‹4\ufe0f\u20e31\ufe0f\u20e31\ufe0f\u20e31\ufe0f\u20e3 1111 1111 1111›",
    "‹ja\u200bne@exam\u{e0100}ple.org›",
    "‹jane\uff20example\uff0eorg›, ‹jane\ufe6bexample.org›",
    "‹\uff14\uff11\uff11\uff11\u3000\uff11\uff11\uff11\uff11\u3000\uff11\uff11\uff11\uff11\u30001111›",
    "‹\u0664\u0661\u0661\u0661 1111 1111 1111›, ‹\u06f2\u06f1\u06f9-\u06f0\u06f9-1234›",
    "‹\u{1d7d2}\u{1d7cf}11 1111 1111 1111› ‹\u{1d423}ane@example.org›",
    "‹4111\u205f1111\u205f1111\u205f1111›, ‹219\ufe6309\uff0d1234›",
    "‹jane%40example.org› ‹jane&#64;example.org› ‹jane&#X40;example.org› ‹jane&commat;example.org›",
    String.raw`{"a":"‹jane\uff20example.org›","b":"‹jane\u200b@example.org›","c":"‹joe\u0026#64;example.org›"}`,
  ]) {
    expectMarked(marked);
  }
});

test("undoing what joins a value to its neighbours does not hide it", () => {
  for (const marked of [
    "‹jane@example.org›\u200b‹219-09-1234›",
    "‹4111111111111111›\u200b7 and 3\u2060‹4111111111111111›",
    "so ‹AKIAQ3ERTZ2J4UIOPAS5›\u00adX and ‹jane@example.org›\uff17",
    "‹219-09-1234›\u{1d7d3} and https://user:\u200b‹pass@example.org›",
    "‹4111111111111111›\u{e0031} and ‹jane@example.org›\u{e0061}2",
    "‹x%40jane@example.org›, ‹%40jane@example.org›",
    String.raw`{"a":"‹jane@example.org›\u200b‹219-09-1234›"}`,
    String.raw`{\"a\":\"‹jane@example.org›\\u200b‹219-09-1234›\"}`,
    String.raw`{"a":"‹219-09-1234›\u0035, ‹4111111111111111›\u0037"}`,
  ]) {
    expectMarked(marked);
  }
});

test("what one reading finds does not hide what another finds of a graver kind", () => {
  const found = detector.scan("4111 1111 1111 1111 219\ufe6309\uff0d1234");
  assert.deepEqual(
    found.map(({ type, start, end }) => [type, start, end]),
    [
      ["CREDIT_CARD", 0, 23],
      ["US_SSN", 23, 31],
    ],
  );
});

test("tags that spell a value are read, tags within one are passed over", () => {
  expectMarked(`so ‹${tags("jane@example.org")}› it is`);
  expectMarked(`so ‹jane${tags("x")}@exam${tags("yes")}ple.org› it is`);
  expectMarked(`so ‹4111${tags("12345")} 1111 1111 1111› it is`);
  expectMarked(`so ‹${tags("a@b.co")}›, then ‹jane${tags("@b")}@example.org› it is`);
  expectMarked(`a flag \u{1f3f4}${tags("gbeng")}\u{e007f} and ‹jane@example.org›`);
});

test("an escape that is not whole is held until it is, or the text ends", () => {
  const scan = detector.open();
  const settled = ["so \\", "u0", "04", "0 an", "d \ud835", "\udfd2 h\\u00"].map((piece) => {
    scan.push(piece);
    return scan.settled;
  });
  assert.deepEqual(settled, [3, 3, 3, 10, 14, 17]);
  scan.end();
  assert.equal(scan.settled, 22);
});

test("findings before and after the first escape of a stream keep their places", () => {
  const scan = detector.open();
  for (const piece of ["to jane@example", ".org and ", "joe\\u00", "40example.org", " so"]) {
    scan.push(piece);
  }
  scan.end();
  assert.deepEqual(
    scan.take().map(({ start, end }) => [start, end]),
    [
      [3, 19],
      [24, 44],
    ],
  );
});

test("an endless word in escapes holds no more characters than a plain one", () => {
  for (const [unit, writtenUnits] of [
    ["\\u0061", 6],
    ["\\\\u0061", 7],
    ["a\u200b", 2],
    ["\\", 1],
    ["\\u005c", 6],
  ] as const) {
    const scan = detector.open();
    for (let count = 1; count <= 8000; count += 1) {
      scan.push(unit);
      assert.ok(count * unit.length - scan.settled <= holdBackUnitsMax * writtenUnits, unit);
    }
  }
});

test("unseen characters between words are not held", () => {
  const scan = detector.open();
  scan.push("so ");
  for (let count = 0; count < 5000; count += 1) scan.push("\u200b");
  assert.equal(scan.settled, 5003);
});

test("places are right however much came before", () => {
  const scan = detector.open();
  const line = "it is\\n\\u0073o\u200b, ";
  let units = 0;
  for (let count = 0; count < 3000; count += 1) {
    scan.push(line);
    units += line.length;
  }
  scan.push("jane\\u0040example.org ");
  scan.end();
  assert.deepEqual(
    scan.take().map(({ start, end }) => [start, end]),
    [[units, units + 21]],
  );
});

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

test("values in base 64 are found as the run they stand in, by the label outside or within", () => {
  const record = '{"user":{"ssn":"219091234","note":"x"}}';
  for (const marked of [
    `{"payload":"‹${base64(record)}›"}`,
    `payload=‹${base64(record).replace(/=+$/, "")}›`,
    `https://example.org/?d=‹${encodeURIComponent(base64(record))}›`,
    `{"payload":"‹${base64("what??? mail jane@example.org").replace("/", "\\/")}›"}`,
    `data:text/plain;base64,‹${base64("mail me at jane@example.org, thanks")}›`,
    `kind: Secret\ndata:\n  email: ‹${base64("jane.roe@example.org")}›\n`,
    `kind: Secret\ndata:\n  ssn: ‹${base64("219091234 \n\n\n")}›\n`,
    `‹${base64(JSON.stringify({ text: "so\njane@example.org\n" }))}›`,
  ]) {
    expectMarked(marked);
  }
});

test("what is settled stays so when another layer opens, though signs of a deeper one reach across", () => {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const twice = base64(base64("jane.roe@example.org, jane.roe@example.org"));
  assert.match(twice, /=$/);
  const run = base64("GB82 WEST 1234 5698 7654 32, 联系, 联系, ".repeat(40));
  const text = `${twice}${run}jаne.roe@exаmple.orgjan%25%32%35`;
  const found = scanInPieces(detector, text.split(""), 2 * holdBackUnitsMax);
  assert.deepEqual(found, detector.scan(text));
});

test("a run is read whatever step of a long text it begins or ends in", () => {
  const run = Buffer.from("write to jane@example.org today").toString("base64");
  for (const before of [stepUnitsMax, stepUnitsMax - 1, stepUnitsMax - 20, stepUnitsMax * 3]) {
    expectMarked(`${"so it is. ".repeat(7000).slice(0, before - 1)} ‹${run}›, then`);
  }
});

test("several values in one run are one finding, the gravest of them", () => {
  const run = base64("mail jane@example.org or call +1 202-555-0143, card 4111 1111 1111 1111");
  const found = detector.scan(run).map(({ type, start, end }) => [type, start, end]);
  assert.deepEqual(found, [["CREDIT_CARD", 0, run.length]]);
});

test("labels are seen in bytes of a URL, in references, and in escapes three layers deep", () => {
  const record = JSON.stringify({ ssn: "219091234" });
  const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
  for (const written of [
    record,
    inJson(record),
    inJson(inJson(record)),
    inJson(inJson(inJson(record))),
    encodeURIComponent(record),
    encodeURIComponent(encodeURIComponent(record)),
    record.replaceAll('"', "&quot;"),
    "&lt;ssn&gt;219091234&lt;/ssn&gt;",
  ]) {
    expectMarked(written.replace("219091234", "‹219091234›"));
  }
});

test("letters of other scripts, spaces and dashes of typography hide no value", () => {
  for (const marked of [
    "‹jаne@exаmple.org› and ‹АKIAQ3ERTZ2J4UIOPAS5›",
    "‹GВ82 WEST 1234 5698 7654 32›",
    "‹GB82\u00a0WEST\u00a01234\u00a05698\u00a07654\u00a032›",
    "‹4111\u20091111\u20091111\u20091111› ‹4111\u20111111\u20101111\u20121111›",
    "phone ‹202\u2011555\u20110143›, ‹202\u202f555\u202f0143›, ‹202\u00b7555\u00b70143›",
    "‹219\u221209\u22121234›, ‹219\u30fc09\u30fc1234›",
    "phone ‹\u09e8\u09e6\u09e8-\u09eb\u09eb\u09eb-\u09e6\u09e7\u09ea\u09e9›",
  ]) {
    expectMarked(marked);
  }
});
