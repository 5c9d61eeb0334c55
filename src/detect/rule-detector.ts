import type { Detector, TextScan } from "./detector.ts";
import { windowUnitsMax } from "./scan/bounds.ts";
import type { Family, LabelledFamily } from "./scan/family.ts";
import { createJudge } from "./scan/judge.ts";
import { RevealedScan } from "./scan/revealed-scan.ts";
import { RuleScan } from "./scan/rule-scan.ts";

/** A detector made of rule families. */
export function createFamilyDetector(
  families: readonly Family[],
  labelledFamilies: readonly LabelledFamily[] = [],
): Detector {
  const judge = createJudge(families, windowUnitsMax, labelledFamilies);
  return {
    scan(text) {
      const scan = new RevealedScan(new RuleScan(judge));
      scan.finish(text);
      return scan.take();
    },
    open(): TextScan {
      return new RevealedScan(new RuleScan(judge));
    },
  };
}
