import type { QualityResult } from "./detection-quality.ts";
import type { Score } from "./detection-score.ts";

/** Something that shall hold, and what was measured. */
export interface Goal {
  readonly name: string;
  readonly measured: number;
  readonly bound: number;
  readonly direction: "at least" | "at most";
  readonly unit: string;
}

export const holds = ({ measured, bound, direction }: Goal): boolean =>
  direction === "at least" ? measured >= bound : measured <= bound;

/** What the first corpus shall give. */
export function corpusGoals(score: Score): Goal[] {
  return [
    atLeast("any-type F1", score.anyType.f1 * 100, 95),
    atLeast("typed F1", score.typed.f1 * 100, 93),
    atLeast("macro-type F1", score.macroTypeF1 * 100, 88),
    atMost("leaked characters", score.leaked * 100, 4, "%"),
    atMost("false positives", score.falsePositivesPerThousand, 40, "per 1,000 clean"),
    atMost("altered clean characters", score.altered * 100, 0.1, "%"),
  ];
}

/** What the wilder corpus shall give. */
export function wilderGoals(score: Score): Goal[] {
  return [
    atLeast("typed F1", score.typed.f1 * 100, 86),
    atMost("leaked characters", score.leaked * 100, 10, "%"),
    atMost("false positives", score.falsePositivesPerThousand, 80, "per 1,000 clean"),
  ];
}

export function atLeast(name: string, measured: number, bound: number, unit = ""): Goal {
  return { name, measured, bound, direction: "at least", unit };
}

export function atMost(name: string, measured: number, bound: number, unit = ""): Goal {
  return { name, measured, bound, direction: "at most", unit };
}

export function printGoals(goals: readonly Goal[]): void {
  for (const goal of goals) {
    const { name, measured, bound, direction, unit } = goal;
    const mark = holds(goal) ? "holds " : "misses";
    const figure = measured.toFixed(2).padStart(9);
    console.log(`  ${mark} ${name.padEnd(28)} ${figure}  ${direction} ${bound} ${unit}`.trimEnd());
  }
}

/** Contestants side by side. */
export function printComparison(results: readonly QualityResult[]): void {
  const head = ["any F1", "typed F1", "macro F1", "exact", "leaked", "FP/1000", "altered"];
  console.log(`  ${"".padEnd(28)}${head.map((each) => each.padStart(10)).join("")}`);
  for (const { name, score } of results) {
    const figures = [
      percent(score.anyType.f1),
      percent(score.typed.f1),
      percent(score.macroTypeF1),
      percent(score.exact),
      percent(score.leaked),
      score.falsePositivesPerThousand.toFixed(0),
      percent(score.altered, 2),
    ];
    console.log(`  ${name.padEnd(28)}${figures.map((each) => each.padStart(10)).join("")}`);
  }
}

/** Every type with how many of its values were found, the weakest first. */
export function printTypes({ recallByType }: Score): void {
  const entries = Object.entries(recallByType).sort(
    ([, a], [, b]) => a.typed / a.values - b.typed / b.values,
  );
  const cells = entries.map(
    ([type, { values, typed }]) =>
      `${type.padEnd(18)}${String(Math.round((100 * typed) / values)).padStart(4)} % of ${String(values).padEnd(5)}`,
  );
  for (let first = 0; first < cells.length; first += 3) {
    console.log(`  ${cells.slice(first, first + 3).join("  ")}`);
  }
}

/** Mistakes of a type or a kind (`fp`, `missed`), at most some of them. */
export function printMistakes({ mistakes }: QualityResult, wanted: string, most: number): void {
  const chosen = mistakes.filter(({ kind, type }) => kind === wanted || type === wanted);
  console.log(`  ${chosen.length} mistakes for "${wanted}"`);
  for (const { kind, type, document, snippet } of chosen.slice(0, most)) {
    console.log(`  ${kind.padEnd(7)}${type.padEnd(18)}${document.padEnd(18)}${snippet}`);
  }
}

const percent = (share: number, digits = 1): string => (share * 100).toFixed(digits);
