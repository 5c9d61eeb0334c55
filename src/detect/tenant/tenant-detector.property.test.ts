import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Finding } from "../../domain/index.ts";
import {
  createJoinedDetector,
  createRuleDetector,
  type Detector,
  digestOfValue,
  holdBackUnitsMax,
  IgnoredValues,
  type TenantSource,
  tenantDetectorSteps,
} from "../index.ts";

function detectorOf(source: TenantSource, ignored?: IgnoredValues): Detector {
  const steps = tenantDetectorSteps(source, { detector: "acme/own@1", confidencePctMin: 40 });
  for (;;) {
    const { done, value } = steps.next();
    if (done === true)
      return createJoinedDetector(value.map((detector) => ({ detector, ignored })));
  }
}

const of = (...patterns: readonly string[]): TenantSource => ({
  kind: "patterns",
  patterns: patterns.map((pattern, index) => ({
    ...{ id: `p${index}`, dataClass: `pii.p${index % 2}`, pattern, confidencePct: 80 },
    words: index === 2 ? ["badge"] : [],
  })),
});
const ignored = new IgnoredValues([{ classes: ["pii"], values: ["B-12345", "jane@example.org"] }]);
const bounded = of("\\bB-\\d{5}\\b", "(?i)k[a-z0-9]{2,9}", "\\d{4}", "(?m)^x.$", "👋.", "[^👋a]2");
const open = of("\\bB-\\d+", "a[^b]*b", "(?s)k.*k");
const terms: TenantSource = {
  ...{ kind: "terms", dataClass: "confidential.project" },
  lines: "Falcon\nfalcon heavy\nB 12345\n北京计划\nk",
};
const key = Buffer.alloc(32, 7);
const values: TenantSource = {
  ...{ kind: "values", dataClass: "pii.customer", key: key.toString("base64url") },
  digests: ["B-12345", "45 2024", "jane@example.org", "4111111111111111"]
    .map((value) => digestOfValue(value, key) ?? "")
    .join(""),
};
const detectors: readonly (readonly [string, Detector])[] = [
  ["bounded patterns", detectorOf(bounded)],
  ["patterns without a bound", detectorOf(open)],
  ["a dictionary", detectorOf(terms)],
  ["a list of values", detectorOf(values)],
  [
    "the rules and all of these together, with values to ignore",
    createJoinedDetector([
      { detector: createRuleDetector(), ignored },
      { detector: detectorOf(bounded) },
      { detector: detectorOf(terms), ignored },
    ]),
  ],
];

const bits = [
  ...["B-12345", "B-123", "45", "falcon", "Falcon", " heavy", "heav", "y", "k", "kk", "badge "],
  ...[
    "2024",
    "x",
    "\n",
    " ",
    ", ",
    "北京",
    "计划",
    "a",
    "b",
    "👋",
    "e\u0301",
    "\u200b",
    "\\u004",
    "2-",
  ],
  ...["jane@example.org", "4111 1111 1111 1111", "a".repeat(300), "k".repeat(90), "\\n", "-"],
];
const texts = fc
  .array(fc.constantFrom(...bits), { minLength: 1, maxLength: 60 })
  .map((parts) => parts.join(""));

function pieced(detector: Detector, text: string, cuts: readonly number[]): readonly Finding[] {
  const scan = detector.open();
  const found: Finding[] = [];
  let settled = 0;
  let pushed = 0;
  const take = () => {
    assert.ok(scan.settled >= settled, "settled never decreases");
    assert.ok(scan.settled <= pushed, "nothing is settled that is not there");
    for (const finding of scan.take()) {
      assert.ok(finding.end <= scan.settled, "what is taken is settled");
      assert.ok(finding.start >= settled || finding.end <= settled, "no finding straddles settled");
      found.push(finding);
    }
    settled = scan.settled;
  };
  const bounds = [...new Set([...cuts.map((cut) => cut % (text.length + 1)), text.length])];
  for (const bound of bounds.sort((a, b) => a - b)) {
    scan.push(text.slice(pushed, bound));
    pushed = bound;
    take();
    assert.ok(pushed - settled <= holdBackUnitsMax, "what is held back is bounded");
  }
  scan.end();
  take();
  assert.equal(settled, text.length, "in the end all is settled");
  return found;
}

describe("however a text is cut, the same is found by", () => {
  for (const [name, detector] of detectors) {
    test(name, () => {
      fc.assert(
        fc.property(texts, fc.array(fc.nat(5000), { maxLength: 40 }), (text, cuts) => {
          assert.deepEqual(pieced(detector, text, cuts), detector.scan(text));
        }),
        { numRuns: 150 },
      );
    });

    test(`${name}, unit by unit`, () => {
      fc.assert(
        fc.property(texts, (text) => {
          const cuts = Array.from({ length: text.length }, (_, index) => index);
          assert.deepEqual(pieced(detector, text, cuts), detector.scan(text));
        }),
        { numRuns: 25 },
      );
    });
  }
});
