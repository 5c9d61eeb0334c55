import assert from "node:assert/strict";
import test from "node:test";
import { scanInPieces } from "../../../test/support/scan-in-pieces.ts";
import { createRuleDetector, holdBackUnitsMax } from "../index.ts";

const detector = createRuleDetector();

/** What `settled` is after each piece. */
function settledAfter(...pieces: readonly string[]): readonly number[] {
  const scan = detector.open();
  return pieces.map((piece) => {
    scan.push(piece);
    return scan.settled;
  });
}

test("prose settles at each word", () => {
  const prose = "It isn't much, but (as they say) well-kept: do come again…\nSoon\tor later";
  const scan = detector.open();
  for (let at = 0; at < prose.length; at += 1) {
    scan.push(prose.charAt(at));
    const held = prose.slice(scan.settled, at + 1);
    assert.doesNotMatch(held, /\s/, `held ${JSON.stringify(held)}`);
  }
});

test("scripts without spaces settle at each character", () => {
  assert.deepEqual(settledAfter("今", "日は", "いい"), [1, 3, 5]);
});

test("a figure in prose is held until the next word shows that it stands alone", () => {
  assert.deepEqual(settledAfter("In 2024", " ", "h", "e "), [3, 3, 8, 11]);
  assert.deepEqual(settledAfter("at 17 ", "1 2 3 ", "so "), [3, 3, 15]);
});

test("digit groups are held only while a number could still be completed", () => {
  assert.deepEqual(settledAfter("219 ", "19 ", "12345 ", "so "), [0, 0, 0, 16]);
  assert.deepEqual(settledAfter("219 ", "17", "01 ", "so "), [0, 0, 0, 12]);
  assert.deepEqual(settledAfter("4111 1111 1111 ", "not"), [0, 15]);
});

test("an account number is held group by group while it can still be completed", () => {
  assert.deepEqual(settledAfter("GB82 ", "WEST ", "1234 ", "so "), [0, 0, 0, 18]);
  assert.deepEqual(settledAfter("GB82 WEST so ", "AB12X ", "so "), [13, 19, 22]);
});

test("an address is held until it has ended", () => {
  const scan = detector.open();
  scan.push("to jane@example");
  assert.deepEqual([scan.settled, scan.take()], [3, []]);
  scan.push(".org");
  assert.deepEqual([scan.settled, scan.take()], [3, []]);
  scan.push(",");
  assert.equal(scan.settled, 20);
  assert.deepEqual(
    scan.take().map(({ start, end }) => [start, end]),
    [[3, 19]],
  );
  assert.deepEqual(scan.take(), []);
});

test("the colon after an address waits for the path of a remote", () => {
  assert.deepEqual(settledAfter("git@example.org:", "p"), [0, 16]);
  assert.deepEqual(settledAfter("Note:", " so "), [5, 9]);
});

test("the end settles what was held", () => {
  const scan = detector.open();
  scan.push("4111 1111 1111 1111");
  assert.equal(scan.settled, 0);
  scan.end();
  assert.equal(scan.settled, 19);
  assert.equal(scan.take().length, 1);
});

test("a pair of surrogates and an escape are not parted", () => {
  assert.deepEqual(settledAfter("so \ud83d", "\ude00"), [3, 5]);
  assert.deepEqual(settledAfter("so \\", "n", "so "), [3, 3, 8]);
});

test("a marker that opens no private key is let go", () => {
  assert.deepEqual(settledAfter("-----BEGIN ", "CERT", "IFICATE-----", " "), [0, 0, 11, 28]);
});

test("a private key is held to its end, a mention of one is let go", () => {
  assert.deepEqual(settledAfter("-----BEGIN PRIVATE KEY-----\n", "...", " "), [0, 28, 32]);
});

test("a list of figures that could each begin a number is let go but for its end", () => {
  const scan = detector.open();
  for (let count = 0; count < 500; count += 1) {
    scan.push("4111 ");
    assert.ok((count + 1) * 5 - scan.settled <= 200);
  }
});

test("an endless word, list, key or token holds no more than promised and lets most go", () => {
  const head = Buffer.from('{"alg":"none"}').toString("base64url");
  const endless = ["a", "1 ", "4111 ", "a@b.", "aB3/", "\n"].map((unit) => unit.repeat(8000));
  const opened = endless.flatMap((rest) => [
    rest,
    `-----BEGIN PRIVATE KEY-----\n${rest}`,
    `-----BEGIN PRIVATE KEY-----\nabcdefghijklmnopqrstuvwxyz0123456789\n${rest}`,
    `${head}.eyJ${rest}`,
  ]);
  for (const text of opened) {
    const scan = detector.open();
    for (let at = 0; at < text.length; at += 50) {
      scan.push(text.slice(at, at + 50));
      assert.ok(Math.min(at + 50, text.length) - scan.settled <= holdBackUnitsMax);
    }
  }
});

test("context words count although they were settled long before the value came", () => {
  const scan = detector.open();
  scan.push(`${"so ".repeat(3000)}phone `);
  scan.push("20255");
  scan.push("50143 so");
  assert.deepEqual(
    scan.take().map(({ type, start }) => [type, start]),
    [["PHONE", 9006]],
  );
});

test("scans of one detector do not disturb each other", () => {
  const first = detector.open();
  const second = detector.open();
  first.push("4111 1111 ");
  second.push("jane@exam");
  first.push("1111 1111.");
  second.push("ple.org ");
  first.end();
  second.end();
  assert.deepEqual(
    first.take().map(({ type }) => type),
    ["CREDIT_CARD"],
  );
  assert.deepEqual(
    second.take().map(({ type }) => type),
    ["EMAIL"],
  );
});

test("a scan takes nothing after its end", () => {
  const scan = detector.open();
  scan.end();
  assert.throws(() => scan.push("x"), { name: "Bug" });
});

test("a secret of letters alone is seen behind plain words", () => {
  const words = "and so on and on, as people say ";
  const secrets = [
    ...["AKIA", "ASIA", "ABIA", "ACCA"].map((prefix) => `${prefix}QWERTZUIOPLKJHGF`),
    `eyJhbGciOiJub${"GxvdmVs"}.eyJzdWIiOiJh${"bm90aGVy"}.aGVsbG${"8gdGhlcmUgZnJpZW5k"}`.replaceAll(
      /\d/g,
      "x",
    ),
  ];
  for (const secret of secrets) {
    const scan = detector.open();
    scan.push(`${words.repeat(3)}${secret} ${words}`);
    scan.end();
    const found = scan.take().map(({ start, end }) => [start, end]);
    assert.deepEqual(found, [[words.length * 3, words.length * 3 + secret.length]], secret);
  }
});

test("what stands around a value behind a long key does not depend on the pieces it comes in", () => {
  const key = `-----BEGIN PRIVATE KEY-----\n${"Qm9c".repeat(1000)}`;
  const whole = `He wrote "${key} "ssn":"219091234" `;
  assert.deepEqual(scanInPieces(detector, whole.split(""), holdBackUnitsMax), detector.scan(whole));
});
