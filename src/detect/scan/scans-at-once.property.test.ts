import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { cutText, pieceSizes } from "../../../test/support/scan-in-pieces.ts";
import { createRuleDetector } from "../index.ts";

const detector = createRuleDetector();

const parts = [
  "My social security number is 219091234, ",
  "is 219091234 so\n",
  "Phone number\n2025550143\n",
  "credit card number 4111111111111111 and ",
  '{"ssn": "219091234", "phone": ["2025550143"]}',
  "name,ssn,phone\nJane,219091234,2025550143\n",
  "my name is Jane Roe, ",
  "order 219091234 of the committee\n",
  "\\u0032025550143 ",
  "security number 219091234 ",
];

const texts = fc.array(fc.constantFrom(...parts), { maxLength: 6 }).map((some) => some.join(""));

/** Texts that come at once, each in pieces; some of them stop before their end. */
const arrivals = fc.array(fc.record({ text: texts, sizes: pieceSizes, ends: fc.boolean() }), {
  minLength: 2,
  maxLength: 12,
});

test("texts that are scanned at once are found what each has alone, whether or not others end", () => {
  fc.assert(
    fc.property(arrivals, (all) => {
      const running = all.map(({ text, sizes, ends }) => ({
        scan: detector.open(),
        pieces: [...cutText(text, sizes)],
        text,
        ends,
      }));
      const turns = Math.max(...running.map(({ pieces }) => pieces.length));
      for (let turn = 0; turn <= turns; turn += 1) {
        for (const { scan, pieces, text, ends } of running) {
          const piece = pieces[turn];
          if (piece !== undefined) scan.push(piece);
          else if (turn === pieces.length && ends) {
            scan.end();
            // Another text is scanned from its beginning to its end in between.
            assert.deepEqual(scan.take(), detector.scan(text), text);
          }
        }
      }
    }),
    { numRuns: 400 },
  );
});
