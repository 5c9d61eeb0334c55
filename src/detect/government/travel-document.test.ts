import assert from "node:assert/strict";
import test from "node:test";
import { createRuleDetector } from "../index.ts";

const detector = createRuleDetector();
/** ICAO Doc 9303-4, appendix: the specimen of Utopia. */
const specimen = "L898902C36UTO7408122F1204159ZE184226B<<<<<10";

test("the machine-readable line of a passport is found by its check digits", () => {
  const text = `P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n${specimen}\n`;
  const [finding, ...others] = detector.scan(text);
  assert.deepEqual(others, []);
  assert.equal(finding?.type, "PASSPORT");
  assert.equal(text.slice(finding?.start, finding?.end), "L898902C36UTO7408122F1204159ZE184226B");
});

test("a line with a wrong check digit, or without a sex, is none of a passport", () => {
  for (const place of [9, 19, 27]) {
    const digit = specimen.charAt(place) === "0" ? "1" : "0";
    assert.deepEqual(
      detector.scan(specimen.slice(0, place) + digit + specimen.slice(place + 1)),
      [],
    );
  }
  assert.deepEqual(detector.scan(specimen.replace("F", "X")), []);
  assert.deepEqual(detector.scan(`A${specimen}`), []);
});
