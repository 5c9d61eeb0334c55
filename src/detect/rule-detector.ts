import type { Detector, TextScan } from "./detector.ts";
import { windowUnitsMax } from "./scan/bounds.ts";
import type { Family } from "./scan/family.ts";
import { createJudge } from "./scan/judge.ts";
import { RevealedScan } from "./scan/revealed-scan.ts";
import { RuleScan } from "./scan/rule-scan.ts";

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
