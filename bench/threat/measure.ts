import type { EvidenceShares } from "../../src/detect/threat/odds.ts";
import { createThreatDetector } from "../../src/detect/threat/threat-detector.ts";
import { areaUnderCurve, recallAtFalseAlarms, type ScoredCase } from "../injection-score.ts";
import { familyNames, type Sample } from "./data-maker.ts";
import { fitModel } from "./fit-model.ts";

/** Families are held out so many at a time. */
const folds = 10;

/** A sample and what a detector that never saw its family makes of it. */
export interface HeldOut extends ScoredCase {
  readonly sample: Sample;
}

/** What is held out together: all templates of a family, or one by one. */
export type HeldOutBy = "family" | "template";

/** Scores each sample by a detector whose model never saw what it was made from. */
export function scoreHeldOut(
  samples: readonly Sample[],
  by: HeldOutBy,
  trained: Fitted,
): readonly HeldOut[] {
  const groups = [...new Set(samples.map((sample) => sample[by]))].sort();
  const foldOf = new Map(groups.map((group, index) => [group, index % folds]));
  const scored: HeldOut[] = [];
  for (let fold = 0; fold < folds; fold += 1) {
    const isOut = (sample: Sample) => foldOf.get(sample[by]) === fold;
    const model = fitModel(
      samples.filter((sample) => !isOut(sample)),
      trained.seed,
    );
    const detector = createThreatDetector({ model, shares: trained.shares });
    for (const sample of samples.filter(isOut)) {
      const threats = detector.score(sample.text, sample.isData ? "tool_result" : "prompt");
      const score = Math.max(0, ...threats.map(({ scorePct }) => scorePct));
      scored.push({ sample, isAttack: sample.isAttack, score });
    }
  }
  return scored;
}

/** What all folds have in common. */
interface Fitted {
  readonly shares: EvidenceShares;
  readonly seed: number;
}

/** The figures of held-out samples, in percent, and of each family. */
export function report(scored: readonly HeldOut[]): readonly string[] {
  const harmless = scored
    .filter(({ isAttack }) => !isAttack)
    .map(({ score }) => score)
    .sort((a, b) => b - a);
  const threshold = harmless[Math.floor(harmless.length / 100)] ?? 0;
  const lines = [
    `area under the curve ${areaUnderCurve(scored).toFixed(4)}`,
    `recall at 1 % false alarms ${(100 * recallAtFalseAlarms(scored, 0.01)).toFixed(1)} % (above ${threshold})`,
  ];
  for (const family of familyNames) {
    const own = scored.filter(({ sample }) => sample.family === family);
    const [first] = own;
    if (first === undefined) continue;
    const share = (least: number) =>
      `${((100 * own.filter(({ score }) => score >= least).length) / own.length).toFixed(1)} %`;
    lines.push(
      `  ${first.isAttack ? "attack  " : "harmless"} ${family.padEnd(28)} ${own.length} texts, ${share(threshold + 1)} above, ${share(40)} at 40, ${share(60)} at 60`,
    );
  }
  return lines;
}
