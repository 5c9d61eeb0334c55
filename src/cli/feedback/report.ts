import type { Mark, MarkKind } from "./mark.ts";

/** What reviewers said about one class. */
export interface ClassFeedback {
  readonly class: string;
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
  /** Share of what was found that is right; null where nothing found was looked at. */
  readonly precision: number | null;
}

/** Marks without a class: nothing was found, and that is right. */
const anyClass = "(any)";

/**
 * Counts marks by class. Of several marks about the same class at the same place of a decision the last
 * one counts: a reviewer may think again.
 */
export function summarise(marks: readonly Mark[]): readonly ClassFeedback[] {
  const last = new Map(marks.map((mark) => [keyOf(mark), mark]));
  const byClass = Map.groupBy(last.values(), (mark) => mark.class ?? anyClass);
  return [...byClass]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, all]) => {
      const countOf = (kind: MarkKind) => all.filter((mark) => mark.kind === kind).length;
      const truePositives = countOf("true_positive");
      const falsePositives = countOf("false_positive");
      const found = truePositives + falsePositives;
      return {
        class: name,
        truePositives,
        falsePositives,
        falseNegatives: countOf("false_negative"),
        trueNegatives: countOf("true_negative"),
        precision: found === 0 ? null : Math.round((1000 * truePositives) / found) / 1000,
      };
    });
}

/** The same as a table for people. */
export function renderReport(report: readonly ClassFeedback[]): string {
  if (report.length === 0) return "No marks.\n";
  const rows = [
    ["CLASS", "RIGHT", "WRONG", "MISSED", "PRECISION"],
    ...report.map((each) => [
      each.class,
      String(each.truePositives + each.trueNegatives),
      String(each.falsePositives),
      String(each.falseNegatives),
      each.precision === null ? "-" : `${(each.precision * 100).toFixed(1)} %`,
    ]),
  ];
  const width = Math.max(...rows.map(([name = ""]) => name.length));
  return rows
    .map(([name = "", ...cells]) => {
      const numbers = cells.map((cell) => cell.padStart(9));
      return `${name.padEnd(width)}  ${numbers.join("  ")}\n`;
    })
    .join("");
}

function keyOf(mark: Mark): string {
  return `${mark.decision} ${mark.class ?? ""} ${mark.in ?? ""}`;
}
