import { windowUnitsMax } from "./bounds.ts";
import type { Detector, TextScan } from "./detector.ts";
import type { Family } from "./family.ts";
import { createJudge } from "./judge.ts";
import { RevealedScan } from "./revealed-scan.ts";
import { RuleScan } from "./rule-scan.ts";

/** A detector made of rule families. */
export function createFamilyDetector(families: readonly Family[]): Detector {
  const judge = createJudge(families, windowUnitsMax);
  return {
    scan(text) {
      const scan = new RevealedScan(new RuleScan(judge));
      scan.push(text);
      scan.end();
      return scan.take();
    },
    open(): TextScan {
      return new RevealedScan(new RuleScan(judge));
    },
  };
}
